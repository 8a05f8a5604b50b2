"""The totals that a release stands for, and which of them another one has changed.

Belongs here: sums of money per board, unit, period and line in two attached files. Not here: whether a change may be
published (``closing``), other differences (``compare``).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MARTS = ("budget_outcome_month", "ledger_entry")

# Base lines as the statement has them, and balance accounts by group: a correction between those moves no line.
_TOTALS = """
    select board_code, segment_code, unit_code, period, line_name as line, outcome_sek, budget_sek
    from {database}.marts.budget_outcome_month
    where not is_total
    union all
    select board_code, segment_code, unit_code, period, 'Kontogrupp ' || account_group, sum(amount_sek), 0
    from {database}.marts.ledger_entry
    where line_code is null
    group by board_code, segment_code, unit_code, period, account_group
"""
_CHANGED = """
    with totals as (
        select *, 0 as is_new from ({old}) union all by name select *, 1 as is_new from ({new})
    )
    select board_code, segment_code, unit_code, period, line,
           coalesce(sum(outcome_sek) filter (is_new = 0), 0) as outcome_before,
           coalesce(sum(outcome_sek) filter (is_new = 1), 0) as outcome_after,
           coalesce(sum(budget_sek) filter (is_new = 0), 0) as budget_before,
           coalesce(sum(budget_sek) filter (is_new = 1), 0) as budget_after
    from totals
    group by board_code, segment_code, unit_code, period, line
    having outcome_before <> outcome_after or budget_before <> budget_after
    order by period, board_code nulls first, segment_code nulls first, unit_code nulls first, line
"""


@dataclass(frozen=True, slots=True)
class ChangedTotal:
    """One total that two releases tell differently; kronor, income +, cost −. On balance accounts debit is +."""

    board_code: str | None
    segment_code: str | None
    unit_code: str | None
    period: int
    line: str
    outcome_before: Decimal
    outcome_after: Decimal
    budget_before: Decimal
    budget_after: Decimal

    def __str__(self) -> str:
        """Say it in Swedish, on one line."""
        amounts = (
            ("utfall", self.outcome_before, self.outcome_after),
            ("budget", self.budget_before, self.budget_after),
        )
        changes = ", ".join(f"{what} {was} → {now} kr" for what, was, now in amounts if was != now)
        board, unit = self.board_code or "utan nämnd", self.unit_code or "utan ansvar"
        return f"{board} {unit} {self.period} {self.line}: {changes}"


def changed_totals(connection: duckdb.DuckDBPyConnection) -> list[ChangedTotal]:
    """Return one row per board, segment, unit, period and line that the attached files ``old`` and ``new`` differ in.

    What is not in one of them counts as zero.
    """
    statement = _CHANGED.format(old=_TOTALS.format(database="old"), new=_TOTALS.format(database="new"))
    return [ChangedTotal(*row) for row in connection.execute(statement).fetchall()]
