"""Read the suites: YAML files in ``suites/`` become typed ``Suite`` objects.

Belongs here: the format of a suite file and every way it can be wrong. Not here: Great Expectations (``runner``), the
columns that rules look at (``controls``), what happens with a row that fails (``quarantine``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from sources.registry import SOURCES

SUITES = Path(__file__).parent / "suites"

#: What each type must be told. The library takes some of them without, and then passes everything.
_REQUIRED = {
    "expect_column_values_to_not_be_null": {"column"},
    "expect_column_values_to_be_null": {"column"},
    "expect_column_values_to_be_in_set": {"column", "value_set"},
    "expect_column_values_to_be_between": {"column"},
    "expect_column_values_to_match_regex": {"column", "regex"},
    "expect_column_pair_values_to_be_equal": {"column_A", "column_B", "ignore_row_if"},
    "expect_column_values_to_be_unique": {"column"},
    "expect_compound_columns_to_be_unique": {"column_list", "ignore_row_if"},
    "expect_table_row_count_to_be_between": set(),
}
_BOUNDS = {"min_value", "max_value"}
#: Rules about the table as one thing: no row can be blamed.
TABLE_TYPES = frozenset({"expect_table_row_count_to_be_between"})
#: Rules that judge each row by itself, so that a large table may be tried in batches; the others compare rows.
ROW_TYPES = (
    _REQUIRED.keys() - TABLE_TYPES - {"expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"}
)

SEVERITIES = ("critical", "warning")
SCOPES = ("row", "voucher", "file")
WHO_FIXES = ("redovisning", "controller", "registeransvarig", "kvalitet", "upphandling", "personal", "drift")
#: What people write in their own words, or may name a person: never in a message, never in quarantine.
FREE_TEXT_COLUMNS = frozenset(
    {
        *("text", "voucher_text", "account_name", "unit_name", "node_name"),
        *("dimension_name", "value_name", "other_dimensions", "motivation"),
        *("risk_name", "risk_description", "control_description", "result", "action", "assignment_text", "comment"),
        *("contract_name", "supplier_name", "requirement_text", "deficiency", "effect"),
        *("measure_name", "principle_text", "activity_text", "statement_text", "not_held"),
    }
)

_SUITE_KEYS = frozenset({"table", "keys", "use_when", "expectations"})
_CHECK_KEYS = frozenset({"name", "type", "kwargs", "severity", "meta"})
_META_KEYS = frozenset({"who_fixes", "description", "scope", "finding", "message"})
_META_MAY = frozenset({"fix_column"})


class SuiteError(ValueError):
    """A suite file that does not follow the format; the text names file, entry and what is wrong."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule.

    ``finding`` is a Swedish clause with ``{column}`` placeholders, filled from the failing row or from a parameter;
    ``message`` is what the data owner should do. ``scope`` is what goes when the rule fails: row, voucher or file.
    ``fix_column`` is the raw column to put right, where the rule looks at one derived from it.
    """

    name: str
    type: str
    kwargs: Mapping[str, Any]
    severity: str
    who_fixes: str
    description: str
    scope: str
    finding: str
    message: str
    fix_column: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the rule looks at; empty for rules about the table as a whole."""
        single = [self.kwargs[key] for key in ("column", "column_A", "column_B") if key in self.kwargs]
        return (*single, *self.kwargs.get("column_list", ()))

    @property
    def column(self) -> str:
        """The raw column to put right: amounts are tried as öre but stand in the file as kronor."""
        name = self.fix_column or (self.columns[0] if self.columns else "")
        return f"{name.removesuffix('_ore')}_sek" if name.endswith("_ore") else name

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names written as ``{$PARAMETER: name}``."""
        return tuple(v["$PARAMETER"] for v in self.kwargs.values() if isinstance(v, Mapping) and "$PARAMETER" in v)

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The columns or parameters that ``finding`` shows."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.finding) if name)


@dataclass(frozen=True, slots=True)
class Suite:
    """The rules for one table. ``keys`` are the columns that tell a failing row from the others."""

    table: str
    keys: tuple[str, ...]
    use_when: str
    checks: tuple[Check, ...] = field(default=())


@cache
def load_suites(kind: str) -> tuple[Suite, ...]:
    """Return every suite of ``arrival`` or ``published``, by file name.

    Raises ``SuiteError`` for a file out of format, and where two rules share a name: a name is what a check is known
    by in history and in the quality mart.
    """
    paths = sorted((SUITES / kind).glob("*.yml"))
    if not paths:
        raise SuiteError(f"no suites in {SUITES / kind}")
    suites = tuple(load_suite(path) for path in paths)
    _refuse_twice((check.name for suite in suites for check in suite.checks), f"suites/{kind}")
    return suites


def arrival_suites(source_code: str) -> dict[str, Suite]:
    """Return the suites a delivery of ``source_code`` meets, by table, with the one all deliveries meet.

    Raises ``SuiteError`` for a source without suites.
    """
    every = {suite.table: suite for suite in load_suites("arrival")}
    own = {name: suite for name, suite in every.items() if name.startswith(f"{source_code}__")}
    if not own:
        known = sorted({name.split("__")[0] for name in every if "__" in name})
        raise SuiteError(f"no arrival suites for source {source_code!r}; there are for {', '.join(known)}")
    return own | {"delivery_control": every["delivery_control"]}


def published_suite(mart: str) -> Suite:
    """Return the suite of one mart. Raises ``SuiteError`` for a mart without one."""
    suites = {suite.table: suite for suite in load_suites("published")}
    if mart not in suites:
        raise SuiteError(f"no published suite for mart {mart!r}; there are for {', '.join(suites)}")
    return suites[mart]


def load_suite(path: Path) -> Suite:
    """Return the suite in one file. Raises ``SuiteError`` naming the file, the entry and what is wrong."""
    # libyaml's own reader: the plain one takes half a second for all suites.
    raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    where = f"{path.parent.name}/{path.name}"
    _keys(raw, _SUITE_KEYS, where)
    if raw["table"] != path.stem:
        raise SuiteError(f"{where}: table is {raw['table']!r}, the file is named {path.stem!r}")
    if not isinstance(raw["expectations"], list) or not raw["expectations"]:
        raise SuiteError(f"{where}: expectations must be a list with at least one entry")
    checks = tuple(_check(entry, f"{where}, entry {number}") for number, entry in enumerate(raw["expectations"], 1))
    _refuse_twice((check.name for check in checks), where)
    told = sorted({name for check in checks for name in check.placeholders})
    if told and raw["table"] in _pseudonymous():
        raise SuiteError(f"{where}: findings on persons show {', '.join(told)}")
    return Suite(raw["table"], tuple(raw["keys"]), raw["use_when"], checks)


@cache
def _pseudonymous() -> frozenset[str]:
    """Return the raw tables whose rows are about persons under pseudonyms."""
    return frozenset(table for source in SOURCES if source.needs_key for table in source.tables)


def _check(raw: Any, where: str) -> Check:
    if isinstance(raw, Mapping) and "name" in raw:
        where = f"{where} ({raw['name']})"
    _keys(raw, _CHECK_KEYS, where)
    meta = raw["meta"]
    _keys(meta, _META_KEYS, f"{where}, meta", _META_MAY)
    if not (isinstance(raw["name"], str) and raw["name"].isidentifier() and raw["name"].islower()):
        raise SuiteError(f"{where}: name must be snake_case, is {raw['name']!r}")
    _one_of(raw["type"], sorted(_REQUIRED), f"{where}: type")
    _one_of(raw["severity"], SEVERITIES, f"{where}: severity")
    _one_of(meta["who_fixes"], WHO_FIXES, f"{where}: who_fixes")
    _one_of(meta["scope"], SCOPES, f"{where}: scope")
    bounds = _BOUNDS if raw["type"].endswith("_between") else set()
    _keys(raw["kwargs"], _REQUIRED[raw["type"]], f"{where}, kwargs", bounds)
    if bounds and not bounds & raw["kwargs"].keys():
        raise SuiteError(f"{where}, kwargs: missing min_value or max_value")
    check = Check(name=raw["name"], type=raw["type"], kwargs=raw["kwargs"], severity=raw["severity"], **meta)
    if told := FREE_TEXT_COLUMNS.intersection(check.placeholders):
        raise SuiteError(f"{where}: finding shows free text: {', '.join(sorted(told))}")
    return check


def _keys(raw: Any, wanted: Set[str], where: str, may: Set[str] = frozenset()) -> None:
    if not isinstance(raw, Mapping):
        raise SuiteError(f"{where}: must be a mapping, is {type(raw).__name__}")
    if missing := sorted(wanted - raw.keys()):
        raise SuiteError(f"{where}: missing {', '.join(missing)}")
    if unknown := sorted(str(key) for key in raw.keys() - wanted - may):
        raise SuiteError(f"{where}: unknown {', '.join(unknown)}; known are {', '.join(sorted(wanted | may))}")
    if empty := sorted(key for key in wanted if raw[key] is None or raw[key] == ""):
        raise SuiteError(f"{where}: empty {', '.join(empty)}")


def _one_of(value: Any, allowed: Iterable[str], where: str) -> None:
    if value not in (allowed := tuple(allowed)):
        raise SuiteError(f"{where} is {value!r}, must be one of {', '.join(allowed)}")


def _refuse_twice(names: Iterable[str], where: str) -> None:
    if twice := sorted(name for name, count in Counter(names).items() if count > 1):
        raise SuiteError(f"{where}: names used twice: {', '.join(twice)}")
