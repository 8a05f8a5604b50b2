"""Try one delivery: run its suites and sort what failed into quarantine, rejections and messages.

Belongs here: what follows from a rule's severity and scope. Not here: the order of things and the row counts
(``arrival``), the rules (``suites/``), the wording (``messages``). Imported by the first check (polars, pyarrow).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import ceil
from typing import Any

import polars as pl
import pyarrow as pa

from expectations import controls, messages, staff
from expectations.arrival import ArrivalContext
from expectations.batches import BATCH_ROWS, Rows, column
from expectations.loader import FREE_TEXT_COLUMNS, Check, Suite
from expectations.quarantine import Failure, Origin, build
from expectations.runner import CheckOutcome, run_suite
from expectations.tables import FrameRows, HelpedTable, from_arrow
from sources.reading import Problem

#: The helper column with what the reader has a problem with, and the rules a value it could not read always breaks.
_UNREADABLE = "unreadable_column"
_NOT_NULL = "expect_column_values_to_not_be_null"
_POSTINGS = "ledger__postings"
_SCHEDULED = "hr__scheduled_hours"
#: How many rows that fail one rule are looked at one by one; the others are counted. Where more rows than may be set
#: aside fail a critical rule, the file is rejected, and nobody is helped by a message for each of ten million rows.
CRITICAL_LOOKED_AT, WARNINGS_LOOKED_AT = 100_000, 10_000


class Trial:
    """One delivery under trial; the lists fill as suites are run.

    ``tables`` holds each tried table with its helper columns. A critical rule on rows or vouchers becomes one of
    ``failures``; a critical rule on the file, or one that could not be tried, one of ``rejections``.
    """

    def __init__(
        self,
        origin: Origin,
        suites: Mapping[str, Suite],
        raw: Mapping[str, Rows],
        problems: Sequence[Problem],
        context: ArrivalContext,
        *,
        principal: str,
        batch_rows: int = BATCH_ROWS,
    ) -> None:
        self.origin = origin
        self.suites = suites
        self.problems = problems
        self.context = context
        self.principal = principal
        self.parameters = suite_parameters(raw, context)
        self.sums = controls.PostingSums()
        watches = {_POSTINGS: {"watch": self.sums.add}}
        self.tables = {
            name: HelpedTable(suites[name], rows, problems, context, batch_rows=batch_rows, **watches.get(name, {}))
            for name, rows in raw.items()
            if name in suites
        }
        self.outcomes: list[CheckOutcome] = []
        self.failures: list[Failure] = []
        self.rejections: list[str] = []
        self.messages: list[str] = []
        self.said: dict[str, str] = {}
        self._aside_elsewhere = 0
        self._headers = None if context.voucher_headers is None else from_arrow(context.voucher_headers)
        self._batch_rows = batch_rows
        enough = ceil(context.max_quarantined_share * raw[principal].num_rows)
        self._looked_at = {"critical": max(CRITICAL_LOOKED_AT, enough), "warning": WARNINGS_LOOKED_AT}

    def try_rows(self) -> None:
        """Try every table as read, and each voucher."""
        for name, table in self.tables.items():
            self._try(self.suites[name], table)
        if _POSTINGS in self.tables:
            self._try_control("ledger__voucher_control", partial(controls.voucher_control, self.sums, self._headers))
        self._stray_problems()

    @property
    def rows_tried(self) -> int:
        """How many rows of the principal table were tried."""
        return self.tables[self.principal].rows_tried

    def set_aside(self) -> tuple[pa.Table, pl.DataFrame]:
        """Return the quarantine table, and the rows of the principal table that are in it."""
        table = self.tables[self.principal]
        begins = [failure.rows["voucher_at"] for failure in self.failures if "voucher_at" in failure.rows.columns]
        postings = table.among("voucher_at", pl.concat(begins).unique()) if begins else None
        quarantine = build(self.origin, self.failures, {} if postings is None else {_POSTINGS: postings})
        rows = from_arrow(quarantine.select(["table_name", "row_no"])).unique()
        aside = rows.filter(table_name=self.principal)["row_no"]
        self._aside_elsewhere = rows.height - aside.len()
        if postings is not None and aside.is_in(postings["row_no"].implode()).all():
            return quarantine, postings
        return quarantine, table.among("row_no", aside.unique())

    def try_file(self, gone: pl.DataFrame) -> None:
        """Try the sums of the file and the file itself; ``gone`` are the principal rows that are in quarantine."""
        balances = self.tables.get("ledger__balances")
        if self.principal == _POSTINGS:
            self._try_control("ledger__period_control", partial(controls.period_control, self.sums, gone))
            if self._headers is not None:
                control = partial(controls.header_control, are_later=self.context.headers_are_later)
                self._try_control("ledger__header_control", partial(control, self.sums, self._headers))
            if balances is not None:
                every = pl.concat(balances.frames())
                self._try_control("ledger__balance_control", partial(controls.balance_control, self.sums, every))
                self._try_control("ledger__result_control", partial(controls.result_control, self.sums, every))
        if self.principal == _SCHEDULED:
            scheduled = pl.concat(self.tables[_SCHEDULED].frames())
            self._try_control("hr__month_control", partial(staff.month_control, scheduled, self.context))
        content, quarantined = self.tables[self.principal].num_rows, gone.height
        if not self.context.max_quarantined_share:
            # What is whole or not at all is so with every one of its tables.
            quarantined += self._aside_elsewhere
        carried = content + (balances.num_rows if balances is not None else 0)
        control_row = controls.delivery_control(
            self.context, self.principal, content=content, carried=carried, quarantined=quarantined
        )
        self._try(self.suites["delivery_control"], FrameRows(control_row))

    def _try_control(self, name: str, control: Callable[[], pl.DataFrame]) -> None:
        """Derive a control table and try it; without a column it needs, its rules cannot be tried and say so."""
        try:
            frame = control()
        except pl.exceptions.ColumnNotFoundError:
            frame = pl.DataFrame()
        self._try(self.suites[name], FrameRows(frame))

    def _try(self, suite: Suite, table: Rows) -> None:
        """Run a suite and take the consequences of each rule that failed."""
        failing: dict[str, list[pl.DataFrame]] = {check.name: [] for check in suite.checks}

        def look_at(check: Check, rows: pa.Table) -> None:
            seen = failing[check.name]
            if sum(frame.height for frame in seen) <= self._looked_at[check.severity]:
                seen.append(from_arrow(rows))

        outcomes = run_suite(suite, table, self.parameters, batch_rows=self._batch_rows, on_failed=look_at)
        self.outcomes += outcomes
        for check, outcome in zip(suite.checks, outcomes, strict=True):
            if outcome.error:
                self._not_tried(check, outcome)
            elif not outcome.passed:
                rows = pl.concat(failing[check.name]) if failing[check.name] else pl.DataFrame()
                self._failed(suite, check, rows, outcome, table.num_rows)

    def _not_tried(self, check: Check, outcome: CheckOutcome) -> None:
        fatal = check.severity == "critical"
        text = messages.not_tried(self.origin.where, check.name, outcome.observed, rejected=fatal)
        self._say(check, text)
        if fatal:
            self.rejections.append(text)

    def _say(self, check: Check, text: str) -> None:
        self.messages.append(text)
        self.said[check.name] = text

    def _failed(self, suite: Suite, check: Check, rows: pl.DataFrame, outcome: CheckOutcome, tried: int) -> None:
        if check.scope == "file":
            self._failed_file(check, rows, tried)
            return
        failure = self._failure(suite.table, check, rows)
        if not failure.rows.height:
            return
        if check.severity == "critical":
            self.failures.append(failure)
        self._tell(failure, unseen=outcome.failed_rows - rows.height)

    def _tell(self, failure: Failure, *, unseen: int = 0) -> None:
        where, check = self.origin.where, failure.check
        self._say(check, messages.of_rows(where, check, failure.row_nos, failure.findings, unseen=unseen))

    def _failed_file(self, check: Check, rows: pl.DataFrame, tried: int) -> None:
        fatal = check.severity == "critical"
        # a rule about the table as a whole blames no row: its finding can show parameters only
        found = [messages.finding(check, row, self.parameters) for row in rows.to_dicts() or [{"rows": tried}]]
        text = messages.whole_file(self.origin.where, found, check.message, rejected=fatal)
        self._say(check, text)
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
            values=[self._shown(looked_at, value) for value in rows[looked_at]],
        )

    def _shown(self, column: str, value: Any) -> str:
        return messages.HIDDEN if self.origin.is_pseudonymous else messages.show(column, value)

    def _unreadable(self, table: str, check: Check, rows: pl.DataFrame) -> Failure:
        """Return the failure of rows the reader could not type: what it said is the finding."""
        said: dict[int, list[Problem]] = {}
        for problem in self.problems:
            if problem.table == table:
                said.setdefault(problem.row_no, []).append(problem)
        begins = rows["voucher_row_no" if "voucher_row_no" in rows.columns else "row_no"]
        of_row = [said.get(own) or said[begin] for own, begin in zip(rows["row_no"], begins, strict=True)]
        # Where no column is free text, what has slipped into an amount is a remark, not a person's name.
        words = FREE_TEXT_COLUMNS.isdisjoint(self.tables[table].raw_names)
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
        for name, table in self.tables.items():
            if table.strays:
                check = next(c for c in self.suites[name].checks if c.columns == (_UNREADABLE,))
                rows = pl.DataFrame({"row_no": [p.row_no for p in table.strays]}, schema={"row_no": pl.Int64})
                failure = self._unreadable(name, check, rows)
                self.failures.append(failure)
                self._tell(failure)


def _not_explained(check: Check, rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out rows whose failure the reader has explained: it could not read the value, or said the same."""
    if _UNREADABLE not in rows.columns:
        return rows
    by_reader = pl.col(_UNREADABLE).is_not_null()
    if check.type != _NOT_NULL:
        by_reader &= pl.col(_UNREADABLE).str.split(",").list.contains(check.column)
    return rows.filter(~by_reader.fill_null(value=False))


def suite_parameters(raw: Mapping[str, Rows], context: ArrivalContext) -> dict[str, Any]:
    """Return the values that suites name as ``{$PARAMETER: …}``; None where nothing is known to compare with."""
    accounts = set(context.known_accounts)
    if "ledger__accounts" in raw:
        accounts |= column(raw["ledger__accounts"], "account")
    return {
        "known_accounts": sorted(accounts - {None}) or None,
        "known_units": _known(context.units, "unit_code"),
        "known_projects": _known(context.projects, "node_code"),
        "line_codes": None if context.line_codes is None else sorted(context.line_codes),
        "board_codes": sorted(context.board_codes),
        "municipality_codes": None if context.municipality_codes is None else sorted(context.municipality_codes),
        "own_organisation_number": [controls.digits(context.own_organisation_number)],
        "min_share_pct": 100 * context.min_share_of_superseded,
        "max_quarantined_pct": 100 * context.max_quarantined_share,
    }


def _known(register: pa.Table | None, column: str) -> list[str] | None:
    return None if register is None else sorted(set(register[column].to_pylist()) - {None})


def _reasons(problems: Sequence[Problem], *, words: bool) -> list[str]:
    """Return what the reader said of each value of one row that it could not type."""
    return [messages.unreadable(problem.column, problem.value, problem.reason, words=words) for problem in problems]
