"""Which of the possible sick spells happened: an integer program that gives every printed cell of the sick leave table.

Belongs here: the hours of a spell as the program's coefficients, its demands and its solution. Not here: drawing the
spells (``candidates.py``) or checking the result (``measures.py`` counts anew, from the finished registers).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sources.example.catalog import BOARD, YEARS, Catalog
from sources.example.figures.people import printed_people
from sources.example.people.candidates import Spell
from sources.example.people.records import Employment, Roster, month_days, weekdays
from sources.example.people.schedules import MONTHS, Scheduled, month_board, month_terms
from sources.example.solve import Unsolvable

Group = tuple[int, str, str]  # year, breakdown, group

# This share of a rounding unit is kept free at both ends.
_MARGIN = 0.05
# The unit that the report says was away most in the last year, by at least this many percent of its hours.
_HIGHEST_UNIT, _LEAD = "15000", 0.5
_UNIT_BOUNDS = (0.5, 7.5)
# Where small units are hidden together, a share near zero would tell about each of them.
_SMALL, _LEAST_TOGETHER = (10, 12), 1.5
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Demand:
    """``low <= sum of factor * hours of a group / its ordinary hours <= high``, in percent."""

    terms: tuple[tuple[Group, float], ...]
    low: float
    high: float


class Hours:
    """Ordinary hours of the board by group, and the sick hours of any spell by the same groups."""

    def __init__(
        self,
        catalog: Catalog,
        roster: Roster,
        sexes: Sequence[str],
        birth_years: Sequence[int],
        scheduled: Scheduled,
    ) -> None:
        self._catalog, self._sexes, self._birth_years = catalog, sexes, birth_years
        self.ordinary: dict[Group, float] = defaultdict(float)
        self.people: dict[Group, set[int]] = defaultdict(set)
        # By employment and month: hours per weekday, and the groups they belong to.
        self._per_day: dict[tuple[str, int], tuple[float, tuple[Group, ...]]] = {}
        for employment in roster.employments:
            for period in MONTHS:
                hours = float(scheduled.get((employment.employment_id, period), 0))
                groups = self._groups(employment, period) if hours else ()
                if not groups:
                    continue
                covered = employment.days_in(*month_days(period))
                assert covered is not None
                self._per_day[employment.employment_id, period] = (hours / len(list(weekdays(*covered))), groups)
                for group in (*groups, *((period // 100, "length", band) for band in _BANDS)):
                    self.ordinary[group] += hours
                    self.people[group].add(employment.person)

    def sick(self, spell: Spell) -> Mapping[Group, float]:
        """Return the sick hours of a spell by group."""
        hours: dict[Group, float] = defaultdict(float)
        for employment in spell.employments:
            for since, until, extent in spell.parts:
                for day in weekdays(since, until):
                    a_day, groups = self._per_day.get((employment.employment_id, day.year * 100 + day.month), (0, ()))
                    for group in groups:
                        hours[group] += a_day * extent / 100
                    if groups:
                        hours[day.year, "length", _band(day, spell.since)] += a_day * extent / 100
        return hours

    def _groups(self, employment: Employment, period: int) -> tuple[Group, ...]:
        """Return the groups of the board that a month's hours belong to, none for another board's."""
        year, terms = period // 100, month_terms(employment, period)
        if terms is None or month_board(self._catalog, employment, period) != BOARD:
            return ()
        age = year - self._birth_years[employment.person]
        return (
            (year, "total", "total"),
            (year, "sex", self._sexes[employment.person]),
            (year, "age", "under_30" if age < 30 else "30_49" if age < 50 else "50_and_over"),
            (year, "unit", terms.unit_code),
        )


_BANDS = {"day_1_14": 14, "day_15_59": 59, "day_60_and_over": 10_000}


def _band(day: date, since: date) -> str:
    number = (day - since).days + 1
    return next(band for band, last in _BANDS.items() if number <= last)


def chosen_spells(candidates: Sequence[Spell], hours: Hours) -> tuple[Spell, ...]:
    """Return the spells that happened: printed cells hold with some margin, and the named unit was away most.

    Any choice will do, so the first that is found is taken. Raises ``solve.Unsolvable`` if there is none.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    sick = [hours.sick(spell) for spell in candidates]
    demands = [*_printed(), *_units(hours)]
    matrix = np.array(
        [
            [
                sum(factor * of_spell.get(group, 0.0) / hours.ordinary[group] for group, factor in demand.terms) * 100
                for of_spell in sick
            ]
            for demand in demands
        ]
    )
    shapes = np.array([[float(shape(spell)) for spell in candidates] for shape in _SHAPES])
    found = milp(
        np.zeros(len(candidates)),
        constraints=[
            LinearConstraint(matrix, [demand.low for demand in demands], [demand.high for demand in demands]),
            LinearConstraint(shapes, 1, np.inf),
        ],
        integrality=np.ones(len(candidates)),
        bounds=Bounds(0, 1),
        options={"time_limit": _SECONDS},
    )
    if found.x is None:
        raise Unsolvable(f"no choice of sick spells gives figures/sick_leave.csv: {found.message}")
    return tuple(spell for spell, taken in zip(candidates, found.x, strict=True) if taken > 0.5)


def _printed() -> Iterator[Demand]:
    """Yield the printed cells of the sick leave table, a difference as one sum with signs."""
    for cell in printed_people():
        if cell.figure[0] == "sick_leave":
            breakdown, group = cell.figure[1:]
            years = ((cell.year, 1.0),) if cell.year else zip(reversed(YEARS), (1.0, -1.0), strict=True)
            low, high = (float(bound) for bound in cell.bounds())
            room = (high - low) * _MARGIN
            terms = tuple(((year, breakdown, group), factor) for year, factor in years)
            yield Demand(terms, low + room, high - room)


def _units(hours: Hours) -> Iterator[Demand]:
    """Yield that one unit leads in the last year, and that the small units of a year are not well all together."""
    highest = (YEARS[-1], "unit", _HIGHEST_UNIT)
    for year in YEARS:
        units = [group for group in hours.ordinary if group[:2] == (year, "unit")]
        for group in units:
            if len(hours.people[group]) > _SMALL[0]:
                yield Demand(((group, 1.0),), *_UNIT_BOUNDS)
            if year == YEARS[-1] and group != highest:
                yield Demand(((highest, 1.0), (group, -1.0)), _LEAD, 100.0)
        for people in _SMALL:
            small = [group for group in units if len(hours.people[group]) <= people]
            together = sum(hours.ordinary[group] for group in small)
            yield Demand(tuple((group, hours.ordinary[group] / together) for group in small), _LEAST_TOGETHER, 100.0)


_LAST_DAYS = tuple(date(year, 12, 31) for year in YEARS)
# What must be among the spells for the example to be worth reading: at least one of each.
_SHAPES: tuple[Callable[[Spell], bool], ...] = (
    lambda spell: spell.since.year < YEARS[0],
    lambda spell: spell.since < _LAST_DAYS[0].replace(day=1) and spell.until > _LAST_DAYS[0],
    lambda spell: spell.until > _LAST_DAYS[1],
    lambda spell: spell.since.year == YEARS[1] and len(spell.parts) > 1,
    lambda spell: len(spell.employments) > 1,
)
