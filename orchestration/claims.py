"""What a report says that the figures do not bear out, as people read it.

Belongs here: reading the checked statements from a published file. Not here: checking them (dbt), drawing the table
(``summary``).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from orchestration.printed import PrintedTable, Row, decimals, tables

if TYPE_CHECKING:
    import duckdb

VERDICTS = {
    "unit_slip": "fel enhet",
    "wrong_figure": "annan siffra",
    "wrong_year": "fel år",
    "contradiction": "motsägelse",
    "disagrees": "stämmer inte",
}


def disagreeing(connection: duckdb.DuckDBPyConnection) -> list[PrintedTable]:
    """Return the newest year's statements that are wrong, one table per board; its title tells how many agree.

    A board whose statements all agree has a table without rows.
    """
    rows = connection.execute(
        """
        with said as (
            select *,
                   count_if(verdict = 'agrees') over board || ' stämmer, '
                   || count_if(verdict not in ('agrees', 'not_computable')) over board || ' stämmer inte, '
                   || count_if(verdict = 'not_computable') over board || ' går inte att pröva' as counts
            from marts.statement_check
            where year = (select max(year) from marts.statement_check)
            window board as (partition by board_code)
        )
        select coalesce((select any_value(board_name) from marts.budget_outcome as boards
                         where boards.board_code = said.board_code), board_code)
               || ', påståenden ' || year || ': ' || counts,
               statement_id || ' ' || statement_text, claimed_value, claimed_unit, claimed_decimals, computed_value,
               verdict
        from said
        order by board_code, statement_id
        """
    ).fetchall()
    columns = ("Påstått", "Beräknat", "Utfall")
    found = tables((row for row in rows if row[6] in VERDICTS), columns, _row)
    shown = {table.title for table in found}
    return [
        *found,
        *(PrintedTable(title, columns, ()) for title in dict.fromkeys(r[0] for r in rows) if title not in shown),
    ]


def _row(row: tuple[str, str, Decimal | None, str | None, int | None, Decimal | None, str]) -> Row:
    _, name, claimed, unit, places, computed, verdict = row
    if claimed is None or places is None:
        return Row(name, False, ("–", "–", VERDICTS[verdict]))
    return Row(
        name,
        False,
        (f"{decimals(claimed, places)} {unit or ''}".strip(), decimals(computed, places), VERDICTS[verdict]),
    )
