"""Goals, staff and sick leave as people read them, with the decimals that are printed.

Belongs here: reading those tables from a published file, with Swedish names for their codes. Not here: the tables of
money (``statement``), what may be shown (dbt withholds it).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from orchestration.printed import PrintedTable, Row, decimals, tables

if TYPE_CHECKING:
    import duckdb

_COLUMNS = ("Utfall", "Året före", "Skillnad")
#: Name, decimals, decimals of the difference: as the report prints them.
STAFF = {
    ("employees", "permanent"): ("Tillsvidareanställda", 0, 0),
    ("employees", "temporary"): ("Visstidsanställda", 0, 0),
    ("full_time_equivalents", "permanent"): ("Årsarbetare, tillsvidare", 1, 1),
    ("full_time_equivalents", "temporary"): ("Årsarbetare, visstid", 1, 1),
    ("employment_rate", "permanent"): ("Sysselsättningsgrad, %", 0, 0),
    ("mean_age", "permanent"): ("Medelålder, år", 1, 1),
    ("hourly_paid_fte", "all"): ("Timavlönade, årsarbetare", 1, 1),
    ("additional_time_fte", "all"): ("Fyllnadstid, årsarbetare", 1, 2),
    ("overtime_fte", "all"): ("Övertid, årsarbetare", 1, 2),
    ("turnover", "permanent"): ("Personalomsättning, %", 1, 1),
}
#: Name of each group.
SICK_LEAVE = {
    "total": "Totalt",
    "women": "Kvinnor",
    "men": "Män",
    "under_30": "Till och med 29 år",
    "30_49": "30–49 år",
    "50_and_over": "50 år och äldre",
    "day_1_14": "Dag 1–14",
    "day_15_59": "Dag 15–59",
    "day_60_and_over": "Dag 60 och längre",
}


def goals(connection: duckdb.DuckDBPyConnection) -> list[PrintedTable]:
    """Return the newest year's goals as assessed at its last occasion, one table per board."""
    rows = connection.execute(
        """
        select (select any_value(board_name) from marts.budget_outcome as boards
                where boards.board_code = goals.board_code)
               || ', mål ' || year || ' (' || lower(occasion_name) || ')',
               goal_code || ' ' || goal_name, assessment, indicators_met, indicators_total
        from marts.goal_assessment as goals
        where year = (select max(year) from marts.goal_assessment)
        qualify rank() over (partition by board_code order by known_on desc) = 1
        order by board_code, goal_code
        """
    ).fetchall()
    columns = ("Bedömning", "Nådda indikatorer")
    return tables(rows, columns, lambda row: Row(row[1], False, (row[2], f"{row[3]} av {row[4]}")))


def staff(connection: duckdb.DuckDBPyConnection) -> list[PrintedTable]:
    """Return the newest year's staff, one table per board; what may not be shown is a dash."""
    rows = connection.execute(
        """
        select board_name || ', personal ' || year, measure_code, group_code, value, prior_value, difference
        from marts.staff_statistics
        where year = (select max(year) from marts.staff_statistics)
        order by board_code
        """
    ).fetchall()
    order = list(STAFF)

    def row_of(row: tuple[str, str, str, Decimal, Decimal, Decimal]) -> Row:
        name, places, of_difference = STAFF[row[1], row[2]]
        shown = (decimals(row[3], places), decimals(row[4], places), decimals(row[5], of_difference))
        return Row(name, False, shown)

    rows.sort(key=lambda row: order.index((row[1], row[2])))
    return tables(sorted(rows, key=lambda row: str(row[0])), _COLUMNS, row_of)


def sick_leave(connection: duckdb.DuckDBPyConnection) -> list[PrintedTable]:
    """Return the newest year's sick leave in per cent of ordinary hours, one table per board."""
    rows = connection.execute(
        """
        select board_name || ', sjukfrånvaro ' || year || ' (% av ordinarie arbetstid)', group_code,
               sick_leave_pct, prior_sick_leave_pct, difference_pp
        from marts.sick_leave
        where year = (select max(year) from marts.sick_leave) and breakdown <> 'statutory_60'
        order by board_code
        """
    ).fetchall()
    order = list(SICK_LEAVE)
    rows.sort(key=lambda row: (str(row[0]), order.index(row[1])))
    return tables(
        rows,
        _COLUMNS,
        lambda row: Row(SICK_LEAVE[row[1]], row[1] == "total", tuple(decimals(value, 1) for value in row[2:])),
    )
