"""One workbook to the five tables of goals: goals, indicators, targets, assessments, occasions.

Belongs here: which sheet is which table, and the order they are read in. Not here: what makes the workbook whole
(``checks``), how sheets and cells are read (``sources.tabular``), what headers and words mean (``column_maps/``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from sources.column_map import TypedTable, load_maps, typed, wanted
from sources.followup.goals.checks import problems_between, repeated
from sources.followup.goals.schema import SCHEMAS
from sources.reading import Problem, Reading
from sources.tabular.table import read_sheets

SHEETS = {
    "goal__indicators": "Indikatorer",
    "goal__goals": "Mål",
    "goal__targets": "Målvärden",
    "goal__assessments": "Bedömningar",
    "goal__occasions": "Tillfällen",
}
# Nothing is assessed before the first year-end, and an installation may leave every assessment to the rule.
_MAY_BE_EMPTY = frozenset({"Bedömningar"})


def read_goals(data: bytes, file_name: str) -> Reading:
    """Return the five tables of a workbook, one row per row of its sheets; values are in the indicator's unit.

    Problems: cells that could not be read or are missing; keys that occur twice (two targets for one year, one
    assessment twice); definitions of an indicator that overlap or contradict each other; a target for a year in which
    the indicator has no definition, outside its scale, or a share (0,94) beside percentages; an indicator of a goal, or
    an assessment of a goal or at an occasion, that is not there that year. Raises ``Rejected`` where the file is no
    workbook, lacks a sheet or has headers that are not known.
    """
    maps = {f"goal__{each.profile}": each for each in load_maps("followup.goals")}
    sheets = read_sheets(
        data, file_name, {SHEETS[table]: wanted([maps[table]]) for table in SHEETS}, may_be_empty=_MAY_BE_EMPTY
    )
    tables = {table: typed(sheets[sheet], [maps[table]], table) for table, sheet in SHEETS.items() if sheet in sheets}
    rows = {table: _rows(each) for table, each in tables.items()}
    for goal in rows["goal__goals"]:
        goal["agenda_2030"] = goal["agenda_2030"] and goal["agenda_2030"].replace(",", ";")
    unread = [problem for table in tables.values() for problem in table.problems]
    found = sorted([*repeated(rows, unread), *problems_between(rows)], key=_place)
    return Reading(
        tables={table: _table(table, rows.get(table, [])) for table in SHEETS},
        rows_in=len(rows["goal__indicators"]),
        problems=tuple(_with_sheet(problem) for problem in (*unread, *found)),
        facts={f"sheet {sheet}": f"{len(rows.get(table, []))} rader" for table, sheet in SHEETS.items()},
    )


def _rows(table: TypedTable) -> list[dict[str, Any]]:
    names = list(table.columns)
    return [
        {"row_no": row_no} | dict(zip(names, values, strict=True))
        for row_no, *values in zip(table.row_nos, *table.columns.values(), strict=True)
    ]


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist([dict(row) for row in rows], schema=SCHEMAS[name])


def _with_sheet(problem: Problem) -> Problem:
    """Return the problem with the sheet its row is on: a row number alone could be of any."""
    return replace(problem, reason=f"på bladet {SHEETS[problem.table]}: {problem.reason}")


def _place(problem: Problem) -> tuple[int, int, str]:
    return list(SHEETS).index(problem.table), problem.row_no, problem.column
