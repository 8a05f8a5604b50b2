"""Absences that are in no printed figure: short leaves, part-time parental leave and care of sick children (VAB).

Belongs here: what the example's people are away for besides sick leave and long full leaves, and all rows of sick
leave. Not here: which sick spells happened (``choice.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sources.example.catalog import YEARS
from sources.example.people.candidates import Spell
from sources.example.people.records import LAST_DAY, Absence, Employment, Roster

if TYPE_CHECKING:
    import numpy as np

Busy = defaultdict[str, list[tuple[date, date]]]

_PARENTS_BORN = range(1978, 1996)
_WITH_CHILDREN, _PART_TIME, _ON_LEAVE = 0.4, 0.1, 0.05
_TRIES = 7


def sick_leave_rows(spells: Sequence[Spell]) -> tuple[Absence, ...]:
    """Return the reported rows of the spells."""
    return tuple(row for spell in spells for row in spell.rows())


def other_absences(
    roster: Roster, birth_years: Sequence[int], spells: Sequence[Spell], rng: np.random.Generator
) -> tuple[Absence, ...]:
    """Return absences inside the employments that overlap no sick leave, no long leave and not each other."""
    busy: Busy = defaultdict(list)
    for row in (*roster.leaves, *sick_leave_rows(spells)):
        busy[row.employment_id].append((row.since, row.until or LAST_DAY))
    rows: list[Absence] = []
    for employment in roster.employments:
        if employment.form == "hourly":
            continue
        is_parent = birth_years[employment.person] in _PARENTS_BORN and rng.random() < _WITH_CHILDREN
        for wish in _wishes(is_parent, rng):
            row = Absence(employment.employment_id, *wish)
            if _fits(employment, row, busy):
                busy[row.employment_id].append((row.since, row.until or LAST_DAY))
                rows.append(row)
    return tuple(rows)


def _wishes(is_parent: bool, rng: np.random.Generator) -> Iterator[tuple[str, date, date, int]]:
    """Yield cause, first day, last day and extent of what somebody would be away for."""
    for year in YEARS:
        if is_parent and rng.random() < _PART_TIME:
            # A quarter of the working time, from one term's start to its end.
            yield "parental_leave", date(year, 8, 15), date(year, 12, 20), 25
        elif is_parent:
            yield "parental_leave", *_span(date(year, 7, 3), int(rng.integers(5, 26))), 100
            for _ in range(int(rng.integers(1, _TRIES))):
                first = date(year, 1, 9) + timedelta(days=int(rng.integers(0, 330)))
                yield "child_care", *_span(first, int(rng.integers(1, 4))), 100
        elif rng.random() < _ON_LEAVE:
            yield "leave_of_absence", *_span(date(year, int(rng.integers(2, 11)), 1), 14), 100


def _span(first: date, days: int) -> tuple[date, date]:
    return first, first + timedelta(days=days - 1)


def _fits(employment: Employment, row: Absence, busy: Busy) -> bool:
    assert row.until is not None
    inside = employment.employed_from <= row.since and row.until <= (employment.employed_to or LAST_DAY)
    return inside and not any(since <= row.until and row.since <= until for since, until in busy[row.employment_id])
