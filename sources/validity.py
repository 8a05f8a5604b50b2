"""Registers whose rows hold for a time and may lie under one another: units, projects.

Belongs here: what makes such a register whole, whatever it lists. Not here: how it is read or what its rows mean (each
source). Every finding is a ``Problem`` on the row to put right; a circle is for the source to refuse.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from sources.reading import Problem

# Registers write an open end as a day far off; the warehouse writes it as null.
OPEN_END_YEAR = 9999


class Entry(NamedTuple):
    """A row of the register, with its validity widened where a date could not be read."""

    row_no: int
    code: str
    parent: str | None
    start: date
    end: date


def open_end(day: date | None) -> date | None:
    """Return the last day, None while there is none."""
    return None if day is None or day.year == OPEN_END_YEAR else day


def entries(columns: Mapping[str, Sequence[Any]], code_column: str) -> list[Entry]:
    """Return the rows that have a code, from columns row_no, ``code_column``, parent_code, valid_from and valid_to."""
    names = ("row_no", code_column, "parent_code", "valid_from", "valid_to")
    return [
        Entry(row_no, code, parent, start or date.min, end or date.max)
        for row_no, code, parent, start, end in zip(*(columns[name] for name in names), strict=True)
        if code is not None
    ]


def reversed_dates(table: str, columns: Mapping[str, Sequence[Any]]) -> Iterator[Problem]:
    """Yield a problem for each row that ends before it starts."""
    for row_no, start, end in zip(columns["row_no"], columns["valid_from"], columns["valid_to"], strict=True):
        if start and end and start > end:
            reason = f"giltigheten slutar innan den börjar ({start}); rätta datumen"
            yield Problem(table, row_no, "valid_to", str(end), reason)


def overlaps(table: str, rows: Sequence[Entry], noun: str) -> Iterator[Problem]:
    """Yield a problem for each row that shares a day with another row of its code, naming one such row."""
    of_code = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.start, row.end, row.row_no)):
        if row.start <= row.end:
            of_code[row.code].append(row)
    for code, own in of_code.items():
        clashes: dict[int, int] = {}
        latest = own[0]
        for row in own[1:]:
            if row.start <= latest.end:
                clashes[row.row_no] = latest.row_no
                clashes.setdefault(latest.row_no, row.row_no)
            latest = max(latest, row, key=lambda row: row.end)
        for row_no, other in clashes.items():
            reason = f"{noun} {code} gäller samtidigt på rad {other}; avsluta den ena dagen innan den andra börjar"
            yield Problem(table, row_no, "valid_from", code, reason)


def orphans(table: str, rows: Sequence[Entry], noun: str) -> Iterator[Problem]:
    """Yield a problem for each row whose parent is nowhere in the register."""
    codes = {row.code for row in rows}
    for row in rows:
        if row.parent is not None and row.parent not in codes:
            reason = f"{noun} {row.parent} finns inte i registret; lägg till den eller rätta koden"
            yield Problem(table, row.row_no, "parent_code", row.parent, reason)


def outlived_parents(table: str, rows: Sequence[Entry], noun: str) -> Iterator[Problem]:
    """Yield a problem for each row that holds on a day on which its parent, known to the register, does not."""
    of_code = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.start):
        if row.start <= row.end:
            of_code[row.code].append(row)
    for row in rows:
        # A row whose first day could not be read has its problem already.
        if row.parent is None or row.parent not in of_code or row.start > row.end or row.start == date.min:
            continue
        if day := _first_day_without(row, of_code[row.parent]):
            reason = f"{noun} {row.parent} gäller inte {day}; förläng det, eller avsluta eller flytta den här raden"
            yield Problem(table, row.row_no, "parent_code", row.parent, reason)


def _first_day_without(row: Entry, parents: Sequence[Entry]) -> date | None:
    """Return the first day of ``row`` on which none of ``parents``, in order of their start, holds."""
    day = row.start
    for parent in parents:
        if parent.start > day:
            break
        if parent.end >= row.end:
            return None
        day = max(day, parent.end + timedelta(days=1))
    return day


def circle(rows: Sequence[Entry]) -> list[str]:
    """Return the codes of a circle of parents on any one day, from its least code on and back to it, or nothing."""
    # Without a circle over all time there is none on a day, and most registers end here.
    if not _circle(rows):
        return []
    # The first day of a circle is the first day of its last row.
    for day in sorted({row.start for row in rows}):
        if found := _circle([row for row in rows if row.start <= day <= row.end]):
            return [*found, found[0]]
    return []


def _circle(rows: Sequence[Entry]) -> list[str]:
    graph: dict[str, list[str]] = defaultdict(list)
    for code, parent in sorted({(row.code, row.parent) for row in rows if row.parent is not None}):
        graph[code].append(parent)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # graphlib names a circle from parent to child; people follow a code to its parent.
        found: list[str] = error.args[1][:0:-1]
        first = found.index(min(found))
        return found[first:] + found[:first]
    return []
