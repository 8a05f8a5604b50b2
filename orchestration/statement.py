"""The report's tables as people read them; those of money are in tkr or mnkr, rounded only to show.

Belongs here: reading the tables of money from a published file and writing all as Markdown. Not here: computing
anything (dbt), the tables of goals and people (``follow_up``), drawing for a terminal (``summary``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from orchestration import claims, follow_up
from orchestration.printed import PrintedTable, Row, mnkr, tables, tkr

if TYPE_CHECKING:
    import duckdb

OPERATIONS = ("Budget", "Bokslut", "Avvikelse", "Året före", "Skillnad")
_INDENT = {"total": 0, "category": 0, "subcategory": 1, "project": 2}


def read_tables(database: Path) -> list[PrintedTable]:
    """Return the newest year's tables of a published file, board by board.

    Operations by segment (ordinary first), comparable units, forecasts, investments, goals, staff, sick leave, and the
    statements that the figures do not bear out. Raises ``duckdb.Error`` where the file cannot be read.
    """
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        return [
            *_operations(connection),
            *_comparable(connection),
            *_forecasts(connection),
            *_investments(connection),
            *follow_up.goals(connection),
            *follow_up.staff(connection),
            *follow_up.sick_leave(connection),
            *claims.disagreeing(connection),
        ]


def _operations(connection: duckdb.DuckDBPyConnection) -> list[PrintedTable]:
    rows = connection.execute(
        """
        select board_name || ', ' || lower(segment_name) || ' ' || fiscal_year || ' (tkr)', line_name, is_total,
               budget_sek, outcome_sek, deviation_sek, prior_outcome_sek, change_sek
        from marts.budget_outcome
        where fiscal_year = (select max(fiscal_year) from marts.budget_outcome)
        order by board_code, segment_code desc, line_no
        """
    ).fetchall()
    return tables(rows, OPERATIONS, lambda row: Row(row[1], row[2], tuple(map(tkr, row[3:]))))


def _comparable(connection: duckdb.DuckDBPyConnection) -> list[PrintedTable]:
    rows = connection.execute(
        """
        select board_name || ', ' || lower(segment_name) || ' ' || fiscal_year || ' mot ' || (fiscal_year - 1)
               || ' utan ' || excluded_units || ' (mnkr)',
               line_name, is_total, outcome_sek, prior_outcome_sek, change_sek
        from marts.comparable_change
        where fiscal_year = (select max(fiscal_year) from marts.comparable_change) and excluded_units is not null
        order by board_code, segment_code desc, line_no
        """
    ).fetchall()
    columns = ("Bokslut", "Året före", "Förändring")
    return tables(rows, columns, lambda row: Row(row[1], row[2], tuple(map(mnkr, row[3:]))))


def _forecasts(connection: duckdb.DuckDBPyConnection) -> list[PrintedTable]:
    rows = connection.execute(
        """
        select board_name || ', prognosernas träffsäkerhet ' || fiscal_year || ' (resultat, tkr)',
               'månad ' || forecast_month || ', '
               || replace(replace(lower(segment_name), 'sverksamhet', ''), ' verksamhet', ''),
               max(forecast_sek) filter (where line_code = 'result'),
               max(deviation_sek) filter (where line_code = 'result'),
               min_by(replace(line_name, 'Verksamhetens ', ''), accuracy_rank),
               max_by(replace(line_name, 'Verksamhetens ', ''), accuracy_rank)
        from marts.forecast_accuracy
        where fiscal_year = (select max(fiscal_year) from marts.forecast_accuracy)
        group by board_code, board_name, fiscal_year, segment_code, segment_name, forecast_month, reported_on
        order by board_code, segment_code desc, forecast_month, reported_on
        """
    ).fetchall()
    columns = ("Prognos", "Avvikelse", "Träffade bäst", "Sämst")
    return tables(
        rows, columns, lambda row: Row(row[1], False, (tkr(row[2]), tkr(row[3]), row[4] or "–", row[5] or "–"))
    )


def _investments(connection: duckdb.DuckDBPyConnection) -> list[PrintedTable]:
    rows = connection.execute(
        """
        select board_name || ', investeringar ' || fiscal_year || ' (tkr)', node_name, level,
               budget_sek, outcome_sek, deviation_sek, prior_outcome_sek, change_sek
        from marts.investment_outcome
        where fiscal_year = (select max(fiscal_year) from marts.investment_outcome)
        order by board_code, sort_no
        """
    ).fetchall()
    return tables(
        rows,
        OPERATIONS,
        lambda row: Row(" " * _INDENT[row[2]] + row[1], row[2] in ("total", "category"), tuple(map(tkr, row[3:]))),
    )


def statement_markdown(database: Path) -> str:
    """Return every table of a published file as Markdown."""
    parts = []
    for table in read_tables(database):
        head = f"**{table.title}**\n\n| | {' | '.join(table.columns)} |\n|---|{'---:|' * len(table.columns)}\n"
        body = "\n".join(f"| {_emphasised(row)} | {' | '.join(row.cells)} |" for row in table.rows)
        parts.append(head + body)
    return "\n\n".join(parts)


def _emphasised(row: Row) -> str:
    return f"**{row.name}**" if row.is_total else row.name
