"""Sick spells that might have been: a calendar of them for every person, of which ``choice.py`` picks.

Belongs here: drawing spells that never overlap or meet. Not here: which of them happened, or how many hours they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sources.example.catalog import YEARS
from sources.example.people.records import LAST_DAY, Absence, Employment, Roster

if TYPE_CHECKING:
    import numpy as np

_ONE_DAY = timedelta(days=1)
# Spells may have begun in the autumn before the first year and last into the spring after the last.
_BEGIN, _END = date(YEARS[0] - 1, 10, 4), date(YEARS[1] + 1, 1, 1)
_SHORT = (1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 5, 8, 12)
# Short, up to 59 days, longer. The report's first year has much time after day 59 and little before, so many of its
# long spells must have begun the year before.
_SHARES, _FIRST_SHARES = (0.9, 0.05, 0.05), (0.6, 0.05, 0.35)
# What long spells look like: (share of the days, extent) one after the other.
_PATTERNS = (((1.0, 100),), ((1.0, 50),), ((0.5, 100), (0.5, 50)), ((0.4, 100), (0.3, 75), (0.3, 25)))
_FREE_BETWEEN = (10, 100)


@dataclass(frozen=True, slots=True)
class Spell:
    """One possible sick spell of a person: the same rows in each employment it concerns, without a day between them.

    ``parts`` are (first day, last day, extent in percent).
    """

    person: int
    employments: tuple[Employment, ...]
    parts: tuple[tuple[date, date, int], ...]

    @property
    def since(self) -> date:
        """Return the first day of the spell, which may be before the first year."""
        return self.parts[0][0]

    @property
    def until(self) -> date:
        """Return the last day of the spell, which may be after the last year."""
        return self.parts[-1][1]

    def rows(self) -> Iterator[Absence]:
        """Yield what is reported."""
        for employment in self.employments:
            for since, until, extent in self.parts:
                yield Absence(employment.employment_id, "sick_leave", since, until, extent)


def candidate_spells(roster: Roster, rng: np.random.Generator) -> tuple[Spell, ...]:
    """Return possible spells of everyone with ordinary hours, by person and day.

    Those of a person lie at least some days apart, inside the employments and outside full leaves. A spell belongs to
    each employment that lasts on all its days.
    """
    spells: list[Spell] = []
    leaves = {leave.employment_id: leave for leave in roster.leaves}
    for person in range(roster.persons):
        own = [each for each in roster.employments if each.person == person and each.form != "hourly"]
        for parts in _calendar(rng) if own else ():
            concerned = tuple(each for each in own if _lasts(each, parts[0][0], parts[-1][1], leaves))
            # What had ended before the first year is in nobody's file.
            if concerned and parts[0][1].year >= YEARS[0]:
                spells.append(Spell(person, concerned, parts))
    return tuple(spells)


def _calendar(rng: np.random.Generator) -> Iterator[tuple[tuple[date, date, int], ...]]:
    """Yield the parts of spells from the first autumn on, days apart; each begins on a weekday."""
    day, shares = _BEGIN + timedelta(days=int(rng.integers(0, _FREE_BETWEEN[1]))), _FIRST_SHARES
    while day < _END:
        day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
        parts = _parts(day, shares, rng)
        if day < _END:
            yield parts
        day, shares = parts[-1][1] + timedelta(days=int(rng.integers(*_FREE_BETWEEN))), _SHARES


def _parts(day: date, shares: tuple[float, ...], rng: np.random.Generator) -> tuple[tuple[date, date, int], ...]:
    kind = int(rng.choice(3, p=shares))
    if kind == 0:
        return ((day, day + timedelta(days=int(rng.choice(_SHORT)) - 1), 100),)
    days = int(rng.integers(15, 60) if kind == 1 else rng.integers(60, 420))
    pattern = _PATTERNS[int(rng.integers(2 if kind == 1 else len(_PATTERNS)))]
    parts = []
    for share, extent in pattern:
        last = day + timedelta(days=max(1, round(days * share)) - 1)
        parts.append((day, last, extent))
        day = last + _ONE_DAY
    return tuple(parts)


def _lasts(employment: Employment, since: date, until: date, leaves: dict[str, Absence]) -> bool:
    leave = leaves.get(employment.employment_id)
    is_away = leave is not None and leave.since <= until and since <= (leave.until or LAST_DAY)
    return employment.employed_from <= since and until <= (employment.employed_to or LAST_DAY) and not is_away
