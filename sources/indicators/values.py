"""Values as the sources write them, and the rows they become.

Belongs here: one value with its status, the day it was reported, and the table of a delivery's values. Not here: the
formats (``kolada_page``, ``jsonstat``, ``result_file``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa

from sources.indicators.schema import INDICATOR_VALUES
from sources.reading import Problem, Reading, Rejected
from sources.table_checks import repeated_keys
from sources.tabular.values import folded, is_missing, parse_date, parse_number, plain

TABLE = "indicator__values"
KEY = ("source_name", "external_code", "municipality_code", "year", "group_code", "reported_on")
PRELIMINARY, FINAL, MISSING, WITHDRAWN = "preliminary", "final", "missing", "withdrawn"

_DAY_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d{2}-\d{2}-\d{2}|(?:19|20)\d{6})(?!\d)")
_YEAR_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
# ``72 (73)`` in a follow-up: the target, and in parentheses an outcome that is not final.
_TARGET_AND_OUTCOME = re.compile(r"([^()]*)\(([^()]*)\)")
_PERCENT = re.compile(r"\s*(?:%|procent)$", re.IGNORECASE)
_NOTHING = frozenset(
    folded(word) for word in ("saknas", "uppgift saknas", "för få svar", "ej mätt", "ej redovisat", "n/a", "na", "e.t.")
)
_SIGNS_OF_NOTHING = frozenset({"..", "...", "…", "*", "**", "."})
_LIMIT = Decimal(10) ** 14
_SCALE = Decimal("0.0001")
_LARGEST_COUNT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a cell says: ``value`` is None where there is none. A target beside an outcome is not kept."""

    value: Decimal | None
    is_preliminary: bool = False
    has_target: bool = False


def parse_outcome(text: str) -> Outcome:
    """Return what a cell of a result file says; raises ``ValueError`` with a Swedish reason.

    Reads ``85``, ``85,3``, ``85 %``, ``(73)`` and ``72 (73)`` (a target, and an outcome that is preliminary), and the
    usual ways to say that there is no value: nothing, ``-``, ``..``, ``*``, ``för få svar``.
    """
    match = _TARGET_AND_OUTCOME.fullmatch(plain(text))
    if match is None:
        return Outcome(_number(text))
    target, outcome = match.groups()
    _number(target)
    value = _number(outcome)
    return Outcome(value, is_preliminary=value is not None, has_target=bool(target.strip()))


def _number(text: str) -> Decimal | None:
    if is_missing(text) or plain(text) in _SIGNS_OF_NOTHING or folded(text) in _NOTHING:
        return None
    value = parse_number(_PERCENT.sub("", plain(text)))
    return None if value is None else in_scale(value)


def in_scale(value: Decimal) -> Decimal:
    """Return a value with the four decimals that are kept; raises ``ValueError`` where it is too large to be one."""
    if abs(value) >= _LIMIT:
        raise ValueError("värdet är för stort; rätta det i källan")
    return value.quantize(_SCALE, rounding=ROUND_HALF_UP)


def parse_count(value: Decimal | None) -> int | None:
    """Return a number of answers; raises ``ValueError`` for what is no count."""
    if value is None:
        return None
    if value != value.to_integral_value() or not 0 <= value <= _LARGEST_COUNT:
        raise ValueError("är inte ett antal; skriv ett heltal")
    return int(value)


def day_in_name(file_name: str) -> date | None:
    """Return the day that a file name holds (``_2024-01-15``), None where it holds none or one that does not exist."""
    for text in _DAY_IN_NAME.findall(file_name):
        try:
            return parse_date(text)
        except ValueError:
            continue
    return None


def year_in_name(file_name: str) -> int | None:
    """Return the one year that a file name holds beside its day, None where there is none or several."""
    years = set(_YEAR_IN_NAME.findall(_DAY_IN_NAME.sub("", file_name)))
    return int(years.pop()) if len(years) == 1 else None


def no_day() -> Rejected:
    """Return the reason to refuse a file that does not say when its values were reported."""
    return Rejected(
        "Filen säger inte när värdena rapporterades; lägg till kolumnen Rapporterad, eller skriv dagen i filnamnet "
        "(…_2024-01-15.csv)."
    )


def values_reading(
    rows: Sequence[Mapping[str, Any]], problems: Sequence[Problem], facts: Mapping[str, str], *, page: str = ""
) -> Reading:
    """Return a delivery's values; columns that a row lacks are null.

    ``part`` is its vintages, ``Insikt 2024-01-15``, and what identifies the ``page`` of a longer answer, so that every
    vintage stands beside the others and only the same one replaces itself. Problems are those given and every row
    whose key another row has too.
    """
    columns = {name: [row.get(name) for row in rows] for name in INDICATOR_VALUES.names}
    named = zip(columns["source_name"], columns["reported_on"], strict=True)
    vintages = sorted({f"{source} {day}" for source, day in named if source is not None and day is not None})
    if not vintages:
        raise no_day()
    days = [day for day in columns["reported_on"] if day is not None]
    years = [year for year in columns["year"] if year is not None]
    advice = "ett värde får stå en gång per rapportdatum, så ta bort den som är fel"
    return Reading(
        tables={TABLE: pa.table(columns, schema=INDICATOR_VALUES)},
        rows_in=len(rows),
        period_from=min(years) * 100 + 1 if years else None,
        period_to=max(years) * 100 + 12 if years else None,
        generated_on=max(days),
        part=", ".join(vintages) + (f" {page}" if page else ""),
        problems=(*problems, *repeated_keys(TABLE, KEY, columns, problems, advice)),
        facts=facts,
    )
