"""Whether a table that somebody has printed agrees with the published marts, cell by cell, or could be right at all.

Belongs here: which mart holds which kind of table, and the comparison. Not here: reading the table and judging it by
itself (``sources.printed_table``), drawing the answer (``table_report``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Literal

from orchestration.follow_up import SICK_LEAVE, STAFF
from orchestration.loading.lines import segments, statement_lines
from orchestration.query import query
from sources.printed_table import Cell, Known, Printed, Verdict, judge, read_printed_table
from sources.reading import Rejected
from sources.tabular.values import folded

Agreement = Literal["agrees", "disagrees", "withheld", "absent"]
AGREES: Agreement = "agrees"
_INCIDENTS = {
    "work_injury": ("work_injuries", "Arbetsskador"),
    "near_miss": ("near_misses", "Tillbud"),
}
_MONEY = "budget_sek, outcome_sek, deviation_sek, prior_outcome_sek, change_sek"
_MEASURE = "null, {0}, null, prior_{0}, difference"
_COLUMNS = ("budget", "outcome", "deviation", "prior", "change")


@dataclass(frozen=True, slots=True)
class _Mart:
    """Where a kind of table is published.

    ``select`` gives section, row, whether it is withheld, and the figures in the order of ``_COLUMNS``; ``only`` tells
    which rows are printed in such a table.
    """

    name: str
    year: str
    select: str
    only: str = "true"


# By the code of the kind. What is measured, not counted, has no budget.
_MARTS = {
    "operations": _Mart("budget_outcome", "fiscal_year", f"segment_code, line_code, false, {_MONEY}"),
    "investments": _Mart("investment_outcome", "fiscal_year", f"'', node_name, false, {_MONEY}"),
    "staff": _Mart(
        "staff_statistics", "year", f"'', measure_code || ' ' || group_code, is_suppressed, {_MEASURE.format('value')}"
    ),
    "sick_leave": _Mart(
        "sick_leave",
        "year",
        "'', group_code, is_suppressed, null, sick_leave_pct, null, prior_sick_leave_pct, difference_pp",
        only="breakdown <> 'statutory_60'",
    ),
    "incidents": _Mart("work_environment", "year", f"'', kind, false, {_MEASURE.format('incidents')}"),
}
MARTS = tuple(mart.name for mart in _MARTS.values())


@dataclass(frozen=True, slots=True)
class Question:
    """What the one who asks says beyond the file: which table of which board and year it is, and its unit.

    What is None is taken from the file, else from the marts where only one thing is possible.
    """

    mart: str | None = None
    year: int | None = None
    board: str | None = None
    segment: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """One printed cell beside its mart: ``published`` is the mart's unrounded figure, ``expected`` how it is printed.

    Both are None where the mart has no such row or figure (``absent``) or does not show it (``withheld``).
    """

    cell: Cell
    agreement: Agreement
    published: Decimal | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class TableCheck:
    """What became of a printed table.

    ``compared`` has each cell in the order it stands, and is empty where no marts were asked; ``board`` and ``year``
    say of whom they tell. ``verdict`` is what the table says of itself, None where every cell agrees: then it is right.
    """

    printed: Printed
    mart: str
    board: str | None = None
    year: int | None = None
    compared: tuple[Compared, ...] = ()
    verdict: Verdict | None = None

    @property
    def is_well(self) -> bool:
        """Whether every cell agrees with the marts, or without marts whether all can stand at once."""
        if self.compared:
            return all(each.agreement == AGREES for each in self.compared)
        return self.verdict is not None and self.verdict.is_possible


def check_alone(data: bytes, file_name: str, question: Question) -> TableCheck:
    """Say of a printed table whether any unrounded values could have given it; raises ``Rejected``."""
    printed = _read(data, file_name, question)
    return TableCheck(printed, _MARTS[printed.known.code].name, verdict=judge(printed))


def check_with_marts(database: Path, data: bytes, file_name: str, question: Question) -> TableCheck:
    """Compare a printed table with the published marts, rounded as it is printed: half away from zero.

    Where a cell does not agree, the table is also judged by itself, since a misprint and other figures look alike.
    Raises ``Rejected`` for a table that cannot be read or placed and ``QueryError`` where there is no release.
    """
    printed = _read(data, file_name, question)
    mart = _MARTS[printed.known.code]
    year = question.year or printed.year or _newest_year(database, mart)
    board = question.board or _only_board(database, mart, year)
    printed = _placed(printed, question.segment)
    published = _published(database, mart, board, year)
    if not published:
        raise Rejected(f"{mart.name} har inga rader för {board} {year}; ange --board och --year.")
    compared = tuple(_compare(cell, published) for cell in printed.cells)
    found = TableCheck(printed, mart.name, board, year, compared)
    return found if found.is_well else replace(found, verdict=judge(printed))


def kinds() -> tuple[Known, ...]:
    """Return the kinds of tables that are known, with the rows, totals and parts that the warehouse gives them."""
    lines = statement_lines()
    names = {code: (code, name) for code, name in lines.names.items()}
    totals = {total: tuple(code for code in lines.names if code in parts) for total, parts in lines.components.items()}
    staff = {" ".join(codes): (" ".join(codes), name) for codes, (name, *_) in STAFF.items()}
    sick_leave = {code: (code, name) for code, name in SICK_LEAVE.items()}
    incidents = {code: (code, *others) for code, others in _INCIDENTS.items()}
    parts = {code: (code, name) for code, name in segments().items()}
    return (
        Known("operations", _spelt(names), totals, _spelt(parts)),
        Known("investments", deviation_is_left=True),
        Known("staff", _spelt(staff), is_money=False),
        Known("sick_leave", _spelt(sick_leave), is_money=False),
        Known("incidents", _spelt(incidents), is_money=False),
    )


def _spelt(names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {folded(name): code for code, spellings in names.items() for name in spellings}


def _read(data: bytes, file_name: str, question: Question) -> Printed:
    wanted = [known for known in kinds() if question.mart in (None, _MARTS[known.code].name)]
    return read_printed_table(data, file_name, wanted, unit=question.unit)


def _placed(printed: Printed, segment: str | None) -> Printed:
    """Give cells that the file puts in no part of the table the one that is asked for, else the ordinary one."""
    codes = list(dict.fromkeys(printed.known.sections.values()))
    if not codes or all(cell.section for cell in printed.cells):
        return printed
    code = printed.known.sections.get(folded(segment or codes[0]))
    if code is None:
        raise Rejected(f"Verksamhetsdelen {segment} är okänd; ange --segment {' eller '.join(codes)}.")
    cells = tuple(cell if cell.section else replace(cell, section=code) for cell in printed.cells)
    return replace(printed, cells=cells)


def _newest_year(database: Path, mart: _Mart) -> int:
    [[year]] = query(database, f"select max({mart.year}) from {mart.name}").rows  # noqa: S608  our own names
    if year is None:
        raise Rejected(f"{mart.name} är tom i den publicerade utgåvan; pröva med --without-marts.")
    return int(year)


def _only_board(database: Path, mart: _Mart, year: int) -> str:
    statement = f"select distinct board_code from {mart.name} where {mart.year} = {int(year)} order by 1"  # noqa: S608
    boards = [str(board) for (board,) in query(database, statement).rows]
    if len(boards) != 1:
        known = f"{', '.join(boards)} för {year}; ange --board" if boards else f"inga rader för {year}; ange --year"
        raise Rejected(f"{mart.name} har {known}.")
    return boards[0]


def _published(
    database: Path, mart: _Mart, board: str, year: int
) -> dict[tuple[str, str], tuple[bool, dict[str, Decimal | None]]]:
    """Return by section and row whether it is withheld, and its figures by column."""
    own = board.replace("'", "''")
    statement = (
        f"select {mart.select} from {mart.name} "  # noqa: S608  our own names
        f"where board_code = '{own}' and {mart.year} = {int(year)} and {mart.only}"
    )
    rows = query(database, statement).rows
    return {
        (section, folded(name)): (withheld, dict(zip(_COLUMNS, figures, strict=True)))
        for section, name, withheld, *figures in rows
    }


def _compare(cell: Cell, published: Mapping[tuple[str, str], tuple[bool, dict[str, Decimal | None]]]) -> Compared:
    withheld, figures = published.get((cell.section, folded(cell.row)), (False, {}))
    figure = figures.get(cell.column)
    if figure is None:
        return Compared(cell, "withheld" if withheld else "absent")
    # The sign of Decimal decides: ROUND_HALF_UP is half away from zero.
    steps = int((Decimal(figure) / cell.step).to_integral_value(ROUND_HALF_UP))
    return Compared(cell, AGREES if steps == cell.steps else "disagrees", Decimal(figure), cell.shown(steps))
