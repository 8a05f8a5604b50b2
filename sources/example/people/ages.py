"""Sex and birth year of the example's people, so that the printed mean ages come out.

Belongs here: dealing sexes and spans of age, and moving ages by whole years until their sums are right. Not here:
numbers and names (``identities.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from sources.example.catalog import BOARD, YEARS, Catalog
from sources.example.figures.people import PrintedCell, printed_people
from sources.example.people.records import Employment, Roster
from sources.example.people.schedules import Scheduled, board_hours
from sources.example.solve import Unsolvable

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.optimize import LinearConstraint

# Some people, some others, and the sum of the ages of the first less those of the second.
Sum = tuple[set[int], set[int], int]

_FIRST, _LAST = YEARS
# Ages at the end of the first year. Who is in a span of one year is in another age group the year after.
_SPANS = ((21, 28), (29, 29), (30, 48), (49, 49), (50, 64))
_IN_NARROW_SPANS = {1: 3, 3: 4}
_PENSIONERS, _PARENTS = (64, 66), (30, 41)
_YOUNGEST_HIRED = 20
# Shares of the board's ordinary hours: among women, below 30 and below 50 years. Only near these can the printed sick
# leave of the groups make the printed total, so they are met within _ROOM in both years.
_WOMEN, _BELOW_30, _BELOW_50 = 0.58, 0.118, 0.695
_ROOM = 0.008
_YEARS_TO_MOVE = 15
# How much likelier others than the regular staff are to be young.
_YOUNG = {"temporary": 0.6, "hourly": 0.6, "permanent": 0.0}


def birth_years(
    catalog: Catalog, roster: Roster, scheduled: Scheduled, rng: np.random.Generator
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the sex (women, men) and the birth year of every person.

    Ages are dealt first, then moved a year at a time, each within its span, until the permanent employees of both
    years have the printed mean ages. Raises ``solve.Unsolvable`` if that cannot be.
    """
    before, now = (_permanent(catalog, roster, year) for year in YEARS)
    sum_before, sum_now = _wanted_sums(len(before), len(now))
    # Everyone there at the end of both years is a year older: the rest of the difference is newcomers' and leavers'.
    renewal = sum_now - len(now) - sum_before
    sums: tuple[Sum, ...] = ((before, set(), sum_before), (now - before, before - now, renewal))
    women, spans = _dealt(roster, board_hours(catalog, roster, scheduled), sums, rng)
    ages = [int(rng.integers(low, high + 1)) for low, high in spans]
    _move(ages, spans, sorted(before), sum_before, rng)
    _move(ages, spans, sorted(now - before), renewal + sum(ages[person] for person in before - now), rng)
    return tuple("women" if is_woman else "men" for is_woman in women), tuple(_FIRST - age for age in ages)


def _dealt(
    roster: Roster, hours: Mapping[int, Sequence[float]], sums: Sequence[Sum], rng: np.random.Generator
) -> tuple[list[bool], list[tuple[int, int]]]:
    """Return who is a woman, and the youngest and oldest age each may have: an integer program.

    One unknown per person says woman, one per person and span says the age. ``hours`` has the hours by year; ages in
    the middle of their spans are near the ``sums``.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    people, kinds = roster.persons, 1 + len(_SPANS)
    weights = np.array([hours[year] for year in YEARS])
    fixed = _fixed_spans(roster)
    low, high, costs = np.zeros((people, kinds)), np.ones((people, kinds)), rng.uniform(-1, 1, (people, kinds))
    for employment in roster.employments:
        costs[employment.person, 1] -= _YOUNG[employment.form]
        # Nobody was hired as a child.
        high[employment.person, 1:] *= [oldest >= _youngest(employment) for _, oldest in _SPANS]
    for person, span in fixed.items():
        low[person, 1 + next(place for place, known in enumerate(_SPANS) if span[0] <= known[1])] = 1
    found = milp(
        costs.ravel(),
        constraints=[
            LinearConstraint(*_shares(weights)),
            *(_near(total, people) for total in sums),
            LinearConstraint(np.kron(np.eye(people), [0, *[1] * len(_SPANS)]), 1, 1),
            *(
                LinearConstraint(np.tile(np.eye(kinds)[1 + place], people), number, number)
                for place, number in _IN_NARROW_SPANS.items()
            ),
        ],
        integrality=np.ones(people * kinds),
        bounds=Bounds(low.ravel(), high.ravel()),
        options={"mip_rel_gap": 0.3},
    )
    if found.x is None:
        raise Unsolvable(f"no sexes and ages give the groups their shares of the ordinary hours: {found.message}")
    table = found.x.reshape(people, kinds) > 0.5
    spans = [fixed.get(person, _SPANS[int(np.argmax(row[1:]))]) for person, row in enumerate(table)]
    for employment in roster.employments:
        youngest, oldest = spans[employment.person]
        spans[employment.person] = (max(youngest, _youngest(employment)), oldest)
    return table[:, 0].tolist(), spans


def _youngest(employment: Employment) -> int:
    """Return the lowest age at the end of the first year for somebody so employed."""
    return _YOUNGEST_HIRED + _FIRST - employment.employed_from.year


def _shares(weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], list[float], list[float]]:
    """Return rows and bounds: the share of women, of those below 30 and of those below 50, in each year."""
    wanted = [_WOMEN, _BELOW_30, _BELOW_50] * len(weights)
    rows = [
        np.kron(of_year / of_year.sum(), picked)
        for of_year, is_later in zip(weights, (0, 1), strict=True)
        for picked in ([1, 0, 0, 0, 0, 0], [0, 1, 1 - is_later, 0, 0, 0], [0, 1, 1, 1, 1 - is_later, 0])
    ]
    return np.array(rows), [share - _ROOM for share in wanted], [share + _ROOM for share in wanted]


def _near(total: Sum, people: int) -> LinearConstraint:
    """Return that the ages of some people, less those of others, are so near a sum that moving them can reach it."""
    from scipy.optimize import LinearConstraint

    added, taken, wanted = total
    signs = [(person in added) - (person in taken) for person in range(people)]
    middles = [0, *((low + high) / 2 for low, high in _SPANS)]
    return LinearConstraint(np.kron(signs, middles), wanted - _YEARS_TO_MOVE, wanted + _YEARS_TO_MOVE)


def _fixed_spans(roster: Roster) -> dict[int, tuple[int, int]]:
    """Return the spans of those whose age what they do decides."""
    parents = {leave.employment_id for leave in roster.leaves if leave.cause == "parental_leave"}
    spans = {each.person: _PARENTS for each in roster.employments if each.employment_id in parents}
    return spans | {each.person: _PENSIONERS for each in roster.employments if each.leaving_reason == "pension"}


def _permanent(catalog: Catalog, roster: Roster, year: int) -> set[int]:
    """Return those who are permanently employed by the board at the end of a year."""
    day = date(year, 12, 31)
    return {
        employment.person
        for employment in roster.employments
        if employment.form == "permanent"
        and (terms := employment.terms_on(day))
        and catalog.unit_in(terms.unit_code, year).board_code == BOARD
    }


def _wanted_sums(people_before: int, people_now: int) -> tuple[int, int]:
    """Return the sums of ages that give the printed means and their difference with the largest margin."""
    cells = [cell for cell in printed_people() if cell.figure == ("staff", "mean_age", "permanent")]
    means = {cell.year: float(cell.printed) for cell in cells if cell.year}
    near = [
        range(int((means[year] - 0.1) * people), int((means[year] + 0.1) * people) + 1)
        for year, people in ((_FIRST, people_before), (_LAST, people_now))
    ]
    before, now = max(
        product(*near),
        key=lambda sums: _margin(cells, Fraction(sums[0], people_before), Fraction(sums[1], people_now)),
    )
    return before, now


def _margin(cells: Sequence[PrintedCell], before: Fraction, now: Fraction) -> Fraction:
    """Return the smallest distance to a boundary of rounding; negative outside."""
    figure = cells[0].figure
    values = {_FIRST: {figure: before}, _LAST: {figure: now}}
    return min(min(cell.value(values) - cell.bounds()[0], cell.bounds()[1] - cell.value(values)) for cell in cells)


def _move(
    ages: list[int], spans: Sequence[tuple[int, int]], people: list[int], wanted: int, rng: np.random.Generator
) -> None:
    """Move the ages of some people, one year each in turn, until they add up to what is wanted."""
    missing = wanted - sum(ages[person] for person in people)
    step = 1 if missing > 0 else -1
    while missing:
        free = [person for person in people if spans[person][0] <= ages[person] + step <= spans[person][1]]
        if not free:
            raise Unsolvable(f"invented/staff.csv: the ages of {len(people)} persons cannot add up to {wanted} years")
        for person in rng.permutation(free)[: abs(missing)]:
            ages[person] += step
            missing -= step
