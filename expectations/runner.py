"""Run a suite over a table: the only module that knows Great Expectations.

    Suite + Arrow table + parameters  ->  one CheckOutcome per rule

Belongs here: the library, its traps and our own result type. Not here: the rules (``suites/``), the columns they look
at (``controls``), what a failure means (``arrival``, ``publication``). The library takes seconds to import, so it is
imported by the first run and never by importing this module. Its results are not kept: they hold values of rows.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pyarrow as pa

from expectations.batches import BATCH_ROWS, Rows, as_rows
from expectations.loader import ROW_TYPES, TABLE_TYPES, Check, Suite
from expectations.put_off import put_off
from expectations.repeats import Repeats

#: Told of the rows that fail a rule, with all their columns, a batch at a time.
OnFailed = Callable[[Check, pa.Table], None]


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


@dataclass(slots=True)
class _Tally:
    """One rule over a table so far: how many rows fail it, and their keys."""

    passed: bool = True
    failed: int = 0
    error: str | None = None
    keys: list[pa.Table] = field(default_factory=list)


def run_suite(
    suite: Suite,
    table: pa.Table | Rows,
    parameters: Mapping[str, Any] | None = None,
    *,
    batch_rows: int = BATCH_ROWS,
    on_failed: OnFailed | None = None,
) -> list[CheckOutcome]:
    """Return one outcome per rule of ``suite``, in its order.

    A parameter that is None makes its rules not applicable: they pass, with no rows tried. A parameter that is not
    given, a missing column, a decimal column (money is tried as öre, in integers) and anything the library raises
    make the rule fail with the reason. No more than ``batch_rows`` rows are tried at a time, whatever the table holds;
    the outcomes are the same. ``on_failed`` is given the failing rows.
    """
    run = _Run(suite, as_rows(table), parameters or {}, batch_rows, on_failed)
    run.try_all()
    return run.outcomes()


class _Run:
    """One suite over one table."""

    def __init__(
        self, suite: Suite, rows: Rows, parameters: Mapping[str, Any], batch_rows: int, on_failed: OnFailed | None
    ) -> None:
        self._suite, self._rows, self._parameters = suite, rows, parameters
        self._batch_rows, self._on_failed = batch_rows, on_failed
        self._keys = [name for name in suite.keys if name in rows.schema.names]
        self._tallies = {check.name: _Tally() for check in suite.checks}
        self._unknown: dict[str, list[str]] = {}
        self._ready: list[Check] = []
        for check in suite.checks:
            if error := _obstacle(check, suite, rows.schema, parameters):
                self._tallies[check.name] = _Tally(passed=False, error=error)
            elif unknown := [name for name in check.parameters if parameters[name] is None]:
                self._unknown[check.name] = unknown
            else:
                self._ready.append(check)

    def try_all(self) -> None:
        """Try what can be tried: all rules at once on a table of one batch, else each kind in the way it allows."""
        if self._rows.num_rows <= self._batch_rows:
            for batch in self._rows.batches(self._batch_rows):
                self._take(self._ready, batch)
            return
        on_rows = [check for check in self._ready if check.type in ROW_TYPES]
        on_table = [check for check in self._ready if check.type in TABLE_TYPES]
        repeats = {check.name: Repeats(check) for check in self._ready if check not in (*on_rows, *on_table)}
        for batch in self._rows.batches(self._batch_rows):
            self._take(on_rows, batch)
            for each in repeats.values():
                each.add(batch)
        self._take(on_table, pa.table({"": pa.nulls(self._rows.num_rows)}))
        self._try_repeats(list(repeats.values()))

    def _try_repeats(self, repeats: Sequence[Repeats]) -> None:
        """Try rules that compare rows on those alone that may be equal to another, which takes a second look."""
        found: dict[str, list[pa.Table]] = {each.check.name: [] for each in repeats}
        wanted = [each for each in repeats if each.settle()]
        for number, batch in enumerate(self._rows.batches(self._batch_rows) if repeats else ()):
            for each in repeats:
                if each in wanted or not number:
                    found[each.check.name].append(each.candidates(batch))
            if not wanted:
                break
        for each in repeats:
            self._take([each.check], pa.concat_tables(found[each.check.name]))

    def _take(self, checks: Sequence[Check], batch: pa.Table) -> None:
        for name, verdict in _try(checks, batch, self._parameters).items():
            tally = self._tallies[name]
            tally.passed = tally.passed and verdict.passed
            tally.error = tally.error or verdict.error
            if verdict.positions:
                rows = batch.take(pa.array(verdict.positions, pa.int64()))
                tally.failed += rows.num_rows
                tally.keys.append(rows.select(self._keys))
                if self._on_failed:
                    self._on_failed(next(check for check in checks if check.name == name), rows)

    def outcomes(self) -> list[CheckOutcome]:
        """Return what was found, one outcome per rule."""
        return [self._outcome(check, self._tallies[check.name]) for check in self._suite.checks]

    def _outcome(self, check: Check, tally: _Tally) -> CheckOutcome:
        whole, total = check.type in TABLE_TYPES, self._rows.num_rows
        failed = int(not tally.passed) if whole else tally.failed
        observed = f"{total} rader" if whole else f"{failed} av {total} rader"
        if unknown := self._unknown.get(check.name):
            observed = f"ej tillämplig: {', '.join(unknown)} är inte känt"
            failed = total = 0
        no_keys = self._rows.schema.empty_table().select(self._keys)
        return CheckOutcome(
            table=self._suite.table,
            name=check.name,
            severity=check.severity,
            passed=tally.passed,
            failed_rows=failed,
            total_rows=1 if whole and not unknown else total,
            who_fixes=check.who_fixes,
            description=check.description,
            failing_keys=pa.concat_tables([no_keys, *tally.keys]),
            observed=tally.error or observed,
            error=tally.error,
        )


def _obstacle(check: Check, suite: Suite, schema: pa.Schema, parameters: Mapping[str, Any]) -> str | None:
    """Return why ``check`` cannot be tried, in Swedish, or None."""
    wanted = dict.fromkeys((*check.columns, *suite.keys))
    if missing := [name for name in wanted if name not in schema.names]:
        return f"kolumnen {', '.join(missing)} saknas i {suite.table}"
    if decimals := [name for name in check.columns if pa.types.is_decimal(schema.field(name).type)]:
        return f"kolumnen {', '.join(decimals)} är decimal: pröva öre som heltal"
    if absent := [name for name in check.parameters if name not in parameters]:
        return f"parametern {', '.join(absent)} är inte given"
    return None


def _try(checks: Sequence[Check], table: pa.Table, parameters: Mapping[str, Any]) -> dict[str, _Verdict]:
    """Try ``checks`` on one frame."""
    if not checks:
        return {}
    try:
        return _validate(checks, _frame(checks, table), parameters)
    except Exception as error:  # the library raises many kinds: all are a rule that failed, none may stop the night
        reason = f"{type(error).__name__}: {error}"
        return {check.name: _Verdict(passed=False, error=reason) for check in checks}


def _frame(checks: Sequence[Check], table: pa.Table) -> Any:
    """Return a pandas frame with the columns the rules name, its index counting from 0."""
    import pandas as pd

    columns = list(dict.fromkeys(name for check in checks for name in check.columns))
    if not columns:
        return pd.DataFrame(index=pd.RangeIndex(table.num_rows))
    return table.select(columns).to_pandas(date_as_object=False)


def _validate(checks: Sequence[Check], frame: Any, parameters: Mapping[str, Any]) -> dict[str, _Verdict]:
    """Ask first whether each rule holds, which costs half, and then for the rows of those that do not."""
    verdicts = _results(checks, frame, parameters, "BOOLEAN_ONLY")
    # With `mostly` a rule may hold although rows fail it.
    asked = [
        check
        for check in checks
        if check.type not in TABLE_TYPES
        and (not verdicts[check.name].passed or "mostly" in check.kwargs)
        and verdicts[check.name].error is None
    ]
    return verdicts | (_results(asked, frame, parameters, "COMPLETE") if asked else {})


def _results(
    checks: Sequence[Check], frame: Any, parameters: Mapping[str, Any], result_format: str
) -> dict[str, _Verdict]:
    gx, tables = _library()
    expectations = [
        {"type": c.type, "kwargs": dict(c.kwargs), "severity": c.severity, "meta": {"name": c.name}} for c in checks
    ]
    suite = gx.ExpectationSuite("suite", expectations=expectations)
    with _configurations_kept():
        # Without named index columns the failing rows come as index labels: 20 times faster, and no value in them.
        result = tables.get_batch({"dataframe": frame}).validate(
            suite,
            result_format={"result_format": result_format, "exclude_unexpected_values": True},
            expectation_parameters=dict(parameters),
        )
    return {each.expectation_config.meta["name"]: _verdict(each) for each in result.results}


def _verdict(result: Any) -> _Verdict:
    """Return our verdict from the library's result, which says what went wrong only in ``exception_info``.

    The rows of a rule are in it only where it was asked for them.
    """
    if not result.success and (error := _raised(result.exception_info)):
        return _Verdict(passed=False, error=error)
    return _Verdict(bool(result.success), tuple(sorted(result.result.get("unexpected_index_list") or ())))


def _raised(info: Mapping[str, Any]) -> str | None:
    """Return the message of an exception: the library keeps one, or one for each metric that failed."""
    each = [info] if "raised_exception" in info else list(info.values())
    messages = [str(one.get("exception_message")) for one in each if one.get("raised_exception")]
    return "; ".join(dict.fromkeys(messages)) or None


@contextmanager
def _configurations_kept() -> Iterator[None]:
    """Let each expectation make its configuration once, not 116 times.

    The library makes it anew from its fields whenever it looks at it, which is more than half of the time of a suite
    on a small table (docs/decisions/0010). Nothing of an expectation changes while its suite is tried.
    """
    from great_expectations.expectations.expectation import Expectation

    made: dict[int, tuple[Any, Any]] = {}
    anew = Expectation.configuration

    def configuration(self: Any) -> Any:
        # The expectation is kept too: an id is free for another as soon as its object is gone.
        if id(self) not in made:
            made[id(self)] = (self, anew.fget(self))
        return made[id(self)][1]

    Expectation.configuration = property(configuration)
    try:
        yield
    finally:
        Expectation.configuration = anew


def load() -> None:
    """Import the library now rather than with the first check."""
    _library()


@cache
def _library() -> tuple[Any, Any]:
    """Import Great Expectations, silent and offline; return it and the batch definition that takes any frame.

    One definition serves all frames: to add and delete one for each costs as much as to run a small suite.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    put_off("scipy.stats", "altair")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    # This module of its asks to be heard; after dbt's, a run would tell of a folder that is made and gone at once.
    logging.getLogger(ProgressBarsConfig.__module__).setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("tables").add_dataframe_asset("table")
    return gx, asset.add_batch_definition_whole_dataframe("whole")
