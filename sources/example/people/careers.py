"""The careers of ``invented/staff.csv``: what its column ``case`` means.

Belongs here: employments, terms and long leaves of one person at a time. Not here: how many have which career.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sources.example.people.records import Absence, Employment, Terms, month_days

if TYPE_CHECKING:
    import numpy as np

_ONE_DAY = timedelta(days=1)
_FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Hired:
    """One person's row of the plan, with drawn dates; what the last three mean is up to the case."""

    person: int
    unit_code: str
    form: str
    since: date
    until: date | None
    leaving_reason: str
    rate_pct: Decimal
    occupation: tuple[str, str]
    other_unit_code: str
    year: int
    new_rate_pct: Decimal

    def employed(self, employment_id: str, *changes: tuple[date, str, Decimal]) -> Employment:
        """Return the employment; each change is the day from which it has another unit and rate."""
        starts = [(self.since, self.unit_code, self.rate_pct), *changes]
        ends = [*(day - _ONE_DAY for day, _, _ in changes), self.until]
        return Employment(
            employment_id=employment_id,
            person=self.person,
            form=self.form,
            employed_from=self.since,
            employed_to=self.until,
            leaving_reason=self.leaving_reason,
            terms=tuple(Terms(unit, rate, day, end) for (day, unit, rate), end in zip(starts, ends, strict=True)),
            occupation=self.occupation,
        )


@dataclass(frozen=True, slots=True)
class Career:
    """What one person does at the municipality in the two years."""

    employments: tuple[Employment, ...]
    leaves: tuple[Absence, ...] = ()


Draw = Callable[[Hired, Iterator[str], "np.random.Generator"], Career]


def _plain(hired: Hired, ids: Iterator[str], _: np.random.Generator) -> Career:
    return Career((hired.employed(next(ids)),))


def _new_rate(hired: Hired, ids: Iterator[str], rng: np.random.Generator) -> Career:
    """Another rate from some month of the year."""
    change = (_first_in(hired.year, rng), hired.unit_code, hired.new_rate_pct)
    return Career((hired.employed(next(ids), change),))


def _moves(hired: Hired, ids: Iterator[str], rng: np.random.Generator) -> Career:
    """Another unit from some month of the year, in the same employment."""
    change = (_first_in(hired.year, rng), hired.other_unit_code, hired.rate_pct)
    return Career((hired.employed(next(ids), change),))


def _two_units(hired: Hired, ids: Iterator[str], _: np.random.Generator) -> Career:
    """A second permanent employment in another unit, all the time."""
    second = replace(hired, unit_code=hired.other_unit_code, rate_pct=hired.new_rate_pct)
    return Career((hired.employed(next(ids)), second.employed(next(ids))))


def _two_forms(hired: Hired, ids: Iterator[str], rng: np.random.Generator) -> Career:
    """A temporary employment in another unit over the year's end, while the permanent one keeps the rest."""
    since, until = _first_in(hired.year, rng), month_days((hired.year + 1) * 100 + int(rng.integers(3, 9)))[1]
    second = replace(
        hired,
        unit_code=hired.other_unit_code,
        form="temporary",
        since=since,
        until=until,
        leaving_reason="term_ended",
        rate_pct=_FULL - hired.new_rate_pct,
    )
    changes = (since, hired.unit_code, hired.new_rate_pct), (until + _ONE_DAY, hired.unit_code, hired.rate_pct)
    return Career((hired.employed(next(ids), *changes), second.employed(next(ids))))


def _gave_one_up(hired: Hired, ids: Iterator[str], rng: np.random.Generator) -> Career:
    """Two permanent employments, of which one ends in the year: the person has not left."""
    change = _first_in(hired.year, rng)
    second = replace(hired, unit_code=hired.other_unit_code, until=change - _ONE_DAY, leaving_reason="own_request")
    raised = (change, hired.unit_code, hired.new_rate_pct)
    return Career((hired.employed(next(ids), raised), second.employed(next(ids))))


def _also_hourly(hired: Hired, ids: Iterator[str], _: np.random.Generator) -> Career:
    """Paid by the hour in another unit beside the permanent employment."""
    second = replace(hired, unit_code=hired.other_unit_code, form="hourly", rate_pct=Decimal(0))
    return Career((hired.employed(next(ids)), second.employed(next(ids))))


def _former_temporary(hired: Hired, ids: Iterator[str], rng: np.random.Generator) -> Career:
    """A temporary employment that lasted over New Year before the permanent one began."""
    before = replace(
        hired,
        form="temporary",
        since=date(hired.since.year - 1, int(rng.integers(4, 11)), 1),
        until=hired.since - _ONE_DAY,
        leaving_reason="term_ended",
    )
    return Career((before.employed(next(ids)), hired.employed(next(ids))))


def _to_other_board(hired: Hired, ids: Iterator[str], _: np.random.Generator) -> Career:
    """Leaves for a unit of another board, in a new employment from the next day."""
    assert hired.until is not None
    after = replace(hired, unit_code=hired.other_unit_code, since=hired.until + _ONE_DAY, until=None, leaving_reason="")
    return Career((hired.employed(next(ids)), after.employed(next(ids))))


def _away(cause: str) -> Draw:
    """Return the career of somebody who is on full leave on 31 December of the year."""

    def career(hired: Hired, ids: Iterator[str], rng: np.random.Generator) -> Career:
        employment = hired.employed(next(ids))
        since = date(hired.year, int(rng.integers(6, 12)), 1)
        until = month_days((hired.year + 1) * 100 + int(rng.integers(2, 9)))[1]
        return Career((employment,), (Absence(employment.employment_id, cause, since, until, 100),))

    return career


def _first_in(year: int, rng: np.random.Generator) -> date:
    return date(year, int(rng.integers(2, 11)), 1)


CAREERS: dict[str, Draw] = {
    "": _plain,
    "new_rate": _new_rate,
    "moves": _moves,
    "two_units": _two_units,
    "two_forms": _two_forms,
    "gave_one_up": _gave_one_up,
    "also_hourly": _also_hourly,
    "former_temporary": _former_temporary,
    "to_other_board": _to_other_board,
    "parental_leave": _away("parental_leave"),
    "leave_of_absence": _away("leave_of_absence"),
}
