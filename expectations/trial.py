"""Try one delivery: run its suites and sort what failed into quarantine, rejections and messages.

Belongs here: what follows from a rule's severity and scope. Not here: the order of things and the row counts
(``arrival``), the rules (``suites/``), the wording (``messages``). Imported by the first check (polars, pyarrow).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
import pyarrow as pa

from expectations import controls, helpers, messages
from expectations.arrival import ArrivalContext
from expectations.loader import FREE_TEXT_COLUMNS, Check, Suite
from expectations.quarantine import Failure, Origin
from expectations.runner import CheckOutcome, run_suite
from sources.reading import Problem

#: The helper column with what the reader has a problem with, and the rules a value it could not read always breaks.
_UNREADABLE = "unreadable_column"
_NOT_NULL = "expect_column_values_to_not_be_null"


class Trial:
    """One delivery under trial; the lists fill as suites are run.

    ``tables`` holds each tried table with its helper columns. A critical rule on rows or vouchers becomes one of
    ``failures``; a critical rule on the file, or one that could not be tried, one of ``rejections``.
    """

    def __init__(
        self,
        origin: Origin,
        suites: Mapping[str, Suite],
        raw: Mapping[str, pa.Table],
        problems: Sequence[Problem],
        context: ArrivalContext,
    ) -> None:
        self.origin = origin
        self.suites = suites
        self.problems = problems
        self.context = context
        self.parameters = suite_parameters(raw, context)
        self.tables = {name: self._helped(name, table) for name, table in raw.items() if name in suites}
        self.outcomes: list[CheckOutcome] = []
        self.failures: list[Failure] = []
        self.rejections: list[str] = []
        self.messages: list[str] = []

    def _helped(self, name: str, table: pa.Table) -> pl.DataFrame:
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        return helpers.with_helpers(name, frame, self.problems, self.context)

    def try_rows(self) -> None:
        """Try every table as read, and each voucher."""
        for name, frame in self.tables.items():
            self._try(self.suites[name], frame)
        if "ledger__postings" in self.tables:
            self._try_control("ledger__voucher_control", controls.voucher_control, self.tables["ledger__postings"])
        self._stray_problems()

    def try_file(self, principal: str, kept: pl.DataFrame) -> None:
        """Try the sums of the file and the file itself; ``kept`` are the principal rows not in quarantine."""
        balances = self.tables.get("ledger__balances")
        if principal == "ledger__postings":
            postings = self.tables[principal]
            self._try_control("ledger__period_control", controls.period_control, kept)
            if balances is not None:
                self._try_control("ledger__balance_control", controls.balance_control, postings, balances)
                self._try_control("ledger__result_control", controls.result_control, postings, balances)
        content = self.tables[principal].height
        carried = content + (balances.height if balances is not None else 0)
        control = controls.delivery_control(
            self.context,
            content=content,
            carried=carried,
            quarantined=content - kept.height,
            has_units=principal != "organisation__units",
        )
        self._try(self.suites["delivery_control"], control)

    def _try_control(self, name: str, control: Callable[..., pl.DataFrame], *tables: pl.DataFrame) -> None:
        """Derive a control table and try it; without a column it needs, its rules cannot be tried and say so."""
        try:
            frame = control(*tables)
        except pl.exceptions.ColumnNotFoundError:
            frame = pl.DataFrame()
        self._try(self.suites[name], frame)

    def _try(self, suite: Suite, frame: pl.DataFrame) -> None:
        """Run a suite and take the consequences of each rule that failed."""
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        outcomes = run_suite(suite, table, self.parameters)
        self.outcomes += outcomes
        for check, outcome in zip(suite.checks, outcomes, strict=True):
            if outcome.error:
                self._not_tried(check, outcome)
            elif not outcome.passed:
                self._failed(suite, check, frame, outcome)

    def _not_tried(self, check: Check, outcome: CheckOutcome) -> None:
        fatal = check.severity == "critical"
        text = messages.not_tried(self.origin.where, check.name, outcome.observed, rejected=fatal)
        self.messages.append(text)
        if fatal:
            self.rejections.append(text)

    def _failed(self, suite: Suite, check: Check, frame: pl.DataFrame, outcome: CheckOutcome) -> None:
        keys = pl.from_arrow(outcome.failing_keys)
        assert isinstance(keys, pl.DataFrame)
        rows = frame.join(keys, on=list(suite.keys), how="semi", nulls_equal=True, maintain_order="left")
        if check.scope == "file":
            self._failed_file(check, rows, frame)
            return
        failure = self._failure(suite.table, check, rows)
        if not failure.rows.height:
            return
        if check.severity == "critical":
            self.failures.append(failure)
        self.messages.append(messages.of_rows(self.origin.where, check, failure.row_nos, failure.findings))

    def _failed_file(self, check: Check, rows: pl.DataFrame, frame: pl.DataFrame) -> None:
        fatal = check.severity == "critical"
        # a rule about the table as a whole blames no row: its finding can show parameters only
        found = [messages.finding(check, row, self.parameters) for row in rows.to_dicts() or [{"rows": frame.height}]]
        text = messages.whole_file(self.origin.where, found, check.message, rejected=fatal)
        self.messages.append(text)
        if fatal:
            self.rejections.append(text)

    def _failure(self, table: str, check: Check, rows: pl.DataFrame) -> Failure:
        if check.columns[0] == _UNREADABLE:
            return self._unreadable(table, check, rows)
        rows = _not_explained(check, rows)
        looked_at = check.fix_column if check.fix_column in rows.columns else check.columns[0]
        shown = list(dict.fromkeys(name for name in check.placeholders if name in rows.columns))
        told = rows.select(shown).rows(named=True) if shown else [{}] * rows.height
        return Failure(
            table=table,
            check=check,
            rows=rows,
            findings=[messages.finding(check, row, self.parameters) for row in told],
            columns=[check.column] * rows.height,
            values=[messages.show(looked_at, value) for value in rows[looked_at]],
        )

    def _unreadable(self, table: str, check: Check, rows: pl.DataFrame) -> Failure:
        """Return the failure of rows the reader could not type: what it said is the finding."""
        said: dict[int, list[Problem]] = {}
        for problem in self.problems:
            if problem.table == table:
                said.setdefault(problem.row_no, []).append(problem)
        begins = rows["voucher_row_no" if "voucher_row_no" in rows.columns else "row_no"]
        of_row = [said.get(own) or said[begin] for own, begin in zip(rows["row_no"], begins, strict=True)]
        # Where no column is free text, what has slipped into an amount is a remark, not a person's name.
        words = FREE_TEXT_COLUMNS.isdisjoint(self.tables[table].columns)
        return Failure(
            table=table,
            check=check,
            rows=rows,
            findings=["; ".join(_reasons(each, words=words)) for each in of_row],
            columns=[",".join(dict.fromkeys(p.column for p in each)) for each in of_row],
            values=[messages.safe(each[0].column, each[0].value, words=words) for each in of_row],
        )

    def _stray_problems(self) -> None:
        """Set aside problems whose row is in no table, such as a voucher heading without postings."""
        for name, frame in self.tables.items():
            lines = set(frame["row_no"]) | set(frame["voucher_row_no"] if "voucher_row_no" in frame.columns else ())
            stray = [p for p in self.problems if p.table == name and p.row_no not in lines]
            if stray:
                check = next(c for c in self.suites[name].checks if c.columns == (_UNREADABLE,))
                rows = pl.DataFrame({"row_no": [p.row_no for p in stray]}, schema={"row_no": pl.Int64})
                failure = self._unreadable(name, check, rows)
                self.failures.append(failure)
                self.messages.append(messages.of_rows(self.origin.where, check, failure.row_nos, failure.findings))


def _not_explained(check: Check, rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out rows whose failure the reader has explained: it could not read the value, or said the same."""
    if _UNREADABLE not in rows.columns:
        return rows
    by_reader = pl.col(_UNREADABLE).is_not_null()
    if check.type != _NOT_NULL:
        by_reader &= pl.col(_UNREADABLE).str.split(",").list.contains(check.column)
    return rows.filter(~by_reader.fill_null(value=False))


def suite_parameters(raw: Mapping[str, pa.Table], context: ArrivalContext) -> dict[str, Any]:
    """Return the values that suites name as ``{$PARAMETER: …}``; None where nothing is known to compare with."""
    accounts = set(context.known_accounts)
    if "ledger__accounts" in raw:
        accounts |= set(raw["ledger__accounts"]["account"].to_pylist())
    units = None if context.units is None else set(context.units["unit_code"].to_pylist())
    return {
        "known_accounts": sorted(accounts - {None}) or None,
        "known_units": None if units is None else sorted(units - {None}),
        "board_codes": sorted(context.board_codes),
        "own_organisation_number": [controls.digits(context.own_organisation_number)],
        "min_share_pct": 100 * context.min_share_of_superseded,
        "max_quarantined_pct": 100 * context.max_quarantined_share,
    }


def _reasons(problems: Sequence[Problem], *, words: bool) -> list[str]:
    """Return what the reader said of each value of one row that it could not type."""
    return [messages.unreadable(problem.column, problem.value, problem.reason, words=words) for problem in problems]
