"""Run a suite over a table: the only module that knows Great Expectations.

    Suite + Arrow table + parameters  ->  one CheckOutcome per rule

Belongs here: the library, its traps and our own result type. Not here: the rules (``suites/``), the columns they look
at (``controls``), what a failure means (``arrival``, ``publication``). The library takes seconds to import, so it is
imported by the first run and never by importing this module. Its results are not kept: they hold values of rows.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa

from expectations.loader import ROW_TYPES, TABLE_TYPES, Check, Suite

BATCH_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What one rule said about one table.

    ``failing_keys`` holds the suite's key columns for each failing row, in the order of the table. A rule about the
    table as a whole counts it as one row. ``error`` says why a rule could not be tried, and then it has failed.
    ``observed`` is Swedish and holds counts, never values.
    """

    table: str
    name: str
    severity: str
    passed: bool
    failed_rows: int
    total_rows: int
    who_fixes: str
    description: str
    failing_keys: pa.Table
    observed: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _Verdict:
    """One rule over one frame: positions of failing rows, or whether the table passed, or why it could not be told."""

    passed: bool
    positions: tuple[int, ...] = ()
    error: str | None = None


def run_suite(
    suite: Suite,
    table: pa.Table,
    parameters: Mapping[str, Any] | None = None,
    *,
    batch_rows: int = BATCH_ROWS,
) -> list[CheckOutcome]:
    """Return one outcome per rule of ``suite``, in its order.

    A parameter that is None makes its rules not applicable: they pass, with no rows tried. A parameter that is not
    given, a missing column, a decimal column (money is tried as öre, in integers) and anything the library raises
    make the rule fail with the reason. Rules on single rows are tried ``batch_rows`` at a time.
    """
    parameters = parameters or {}
    outcomes: dict[str, CheckOutcome] = {}
    ready: list[Check] = []
    for check in suite.checks:
        if error := _obstacle(check, suite, table, parameters):
            outcomes[check.name] = _outcome(check, suite, table, _Verdict(passed=False, error=error))
        elif unknown := [name for name in check.parameters if parameters[name] is None]:
            outcomes[check.name] = _not_applicable(check, suite, table, unknown)
        else:
            ready.append(check)
    verdicts = _try_all(ready, table, parameters, batch_rows)
    for check in ready:
        outcomes[check.name] = _outcome(check, suite, table, verdicts[check.name])
    return [outcomes[check.name] for check in suite.checks]


def _obstacle(check: Check, suite: Suite, table: pa.Table, parameters: Mapping[str, Any]) -> str | None:
    """Return why ``check`` cannot be tried, in Swedish, or None."""
    wanted = dict.fromkeys((*check.columns, *suite.keys))
    if missing := [name for name in wanted if name not in table.column_names]:
        return f"kolumnen {', '.join(missing)} saknas i {suite.table}"
    if decimals := [name for name in check.columns if pa.types.is_decimal(table.schema.field(name).type)]:
        return f"kolumnen {', '.join(decimals)} är decimal: pröva öre som heltal"
    if absent := [name for name in check.parameters if name not in parameters]:
        return f"parametern {', '.join(absent)} är inte given"
    return None


def _try_all(
    checks: Sequence[Check], table: pa.Table, parameters: Mapping[str, Any], batch_rows: int
) -> dict[str, _Verdict]:
    """Try rules on single rows a batch at a time, the others on all rows, and put the batches' verdicts together."""
    if table.num_rows <= batch_rows:
        return _try(checks, table, parameters, 0)
    verdicts = _try([check for check in checks if check.type not in ROW_TYPES], table, parameters, 0)
    on_rows = [check for check in checks if check.type in ROW_TYPES]
    for start in range(0, table.num_rows, batch_rows):
        for name, verdict in _try(on_rows, table.slice(start, batch_rows), parameters, start).items():
            before = verdicts.get(name, _Verdict(passed=True))
            verdicts[name] = _Verdict(
                before.passed and verdict.passed,
                before.positions + verdict.positions,
                before.error or verdict.error,
            )
    return verdicts


def _try(checks: Sequence[Check], table: pa.Table, parameters: Mapping[str, Any], start: int) -> dict[str, _Verdict]:
    """Try ``checks`` on one frame whose first row is row ``start`` of the table."""
    if not checks:
        return {}
    try:
        return _validate(checks, _frame(checks, table, start), parameters)
    except Exception as error:  # the library raises many kinds: all are a rule that failed, none may stop the night
        reason = f"{type(error).__name__}: {error}"
        return {check.name: _Verdict(passed=False, error=reason) for check in checks}


def _frame(checks: Sequence[Check], table: pa.Table, start: int) -> Any:
    """Return a pandas frame with the columns the rules name, its index counting from ``start``."""
    import pandas as pd

    columns = list(dict.fromkeys(name for check in checks for name in check.columns))
    index = pd.RangeIndex(start, start + table.num_rows)
    if not columns:
        return pd.DataFrame(index=index)
    return table.select(columns).to_pandas(date_as_object=False).set_axis(index, axis="index")


def _validate(checks: Sequence[Check], frame: Any, parameters: Mapping[str, Any]) -> dict[str, _Verdict]:
    gx, tables = _library()
    expectations = [
        {"type": c.type, "kwargs": dict(c.kwargs), "severity": c.severity, "meta": {"name": c.name}} for c in checks
    ]
    # Without named index columns the failing rows come as index labels: 20 times faster, and no value in them.
    result = tables.get_batch({"dataframe": frame}).validate(
        gx.ExpectationSuite("suite", expectations=expectations),
        result_format={"result_format": "COMPLETE", "exclude_unexpected_values": True},
        expectation_parameters=dict(parameters),
    )
    types = {check.name: check.type for check in checks}
    found = [(each.expectation_config.meta["name"], each) for each in result.results]
    return {name: _verdict(types[name], each) for name, each in found}


def _verdict(kind: str, result: Any) -> _Verdict:
    """Return our verdict from the library's result, which says what went wrong only in ``exception_info``."""
    if not result.success and (error := _raised(result.exception_info)):
        return _Verdict(passed=False, error=error)
    if kind in TABLE_TYPES:
        return _Verdict(passed=bool(result.success))
    return _Verdict(bool(result.success), tuple(sorted(result.result["unexpected_index_list"])))


def _raised(info: Mapping[str, Any]) -> str | None:
    """Return the message of an exception: the library keeps one, or one for each metric that failed."""
    each = [info] if "raised_exception" in info else list(info.values())
    messages = [str(one.get("exception_message")) for one in each if one.get("raised_exception")]
    return "; ".join(dict.fromkeys(messages)) or None


@cache
def _library() -> tuple[Any, Any]:
    """Import Great Expectations, silent and offline; return it and the batch definition that takes any frame.

    One definition serves all frames: to add and delete one for each costs as much as to run a small suite.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("tables").add_dataframe_asset("table")
    return gx, asset.add_batch_definition_whole_dataframe("whole")


def _outcome(check: Check, suite: Suite, table: pa.Table, verdict: _Verdict) -> CheckOutcome:
    whole = check.type in TABLE_TYPES
    failed = int(not verdict.passed) if whole else len(verdict.positions)
    observed = f"{table.num_rows} rader" if whole else f"{failed} av {table.num_rows} rader"
    return CheckOutcome(
        table=suite.table,
        name=check.name,
        severity=check.severity,
        passed=verdict.passed,
        failed_rows=failed,
        total_rows=1 if whole else table.num_rows,
        who_fixes=check.who_fixes,
        description=check.description,
        failing_keys=_keys_at(suite, table, verdict.positions),
        observed=verdict.error or observed,
        error=verdict.error,
    )


def _not_applicable(check: Check, suite: Suite, table: pa.Table, unknown: Sequence[str]) -> CheckOutcome:
    return CheckOutcome(
        table=suite.table,
        name=check.name,
        severity=check.severity,
        passed=True,
        failed_rows=0,
        total_rows=0,
        who_fixes=check.who_fixes,
        description=check.description,
        failing_keys=_keys_at(suite, table, ()),
        observed=f"ej tillämplig: {', '.join(unknown)} är inte känt",
    )


def _keys_at(suite: Suite, table: pa.Table, positions: Sequence[int]) -> pa.Table:
    known = [name for name in suite.keys if name in table.column_names]
    return table.select(known).take(pa.array(positions, pa.int64()))
