"""The records of the example's people, as plain data.

Belongs here: what a person, an employment, an absence, an hour and an incident are, and which of them hold on a day.
Not here: inventing them, counting them or writing them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

LAST_DAY = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person; ``number`` is YYYYMMDDNNNN, a samordningsnummer where the day is above 60."""

    number: str
    given_name: str
    surname: str
    street: str
    sex: str
    birth_year: int

    @property
    def name(self) -> str:
        """Return given name and surname."""
        return f"{self.given_name} {self.surname}"


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for an employment from ``valid_from`` to ``valid_to`` (None: still), both days included."""

    unit_code: str
    rate_pct: Decimal
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Employment:
    """One employment of a person (its place among the persons); ``form`` is permanent, temporary or hourly.

    ``terms`` follow each other without gaps from ``employed_from`` to ``employed_to`` (None: still employed).
    """

    employment_id: str
    person: int
    form: str
    employed_from: date
    employed_to: date | None
    leaving_reason: str
    terms: tuple[Terms, ...]
    occupation: tuple[str, str]

    def terms_on(self, day: date) -> Terms | None:
        """Return the terms that hold on a day, None before and after the employment."""
        for terms in self.terms:
            if terms.valid_from <= day <= (terms.valid_to or LAST_DAY):
                return terms
        return None

    def days_in(self, first: date, last: date) -> tuple[date, date] | None:
        """Return the part of a span of days that the employment covers, None if it covers none."""
        begins, ends = max(first, self.employed_from), min(last, self.employed_to or LAST_DAY)
        return (begins, ends) if begins <= ends else None


@dataclass(frozen=True, slots=True)
class Absence:
    """One reported row of an absence, both days included; another extent is another row. ``until`` None: ongoing."""

    employment_id: str
    cause: str
    since: date
    until: date | None
    extent_pct: int

    def lasts_in(self, year: int) -> bool:
        """Tell whether any day of the absence is in a year."""
        return self.since.year <= year <= (self.until or LAST_DAY).year

    def known_until(self, year: int) -> date | None:
        """Return the last day as a file of the year says it: sick leave that went on at its end has none yet."""
        goes_on = self.cause == "sick_leave" and (self.until or LAST_DAY).year > year
        return None if goes_on else self.until


@dataclass(frozen=True, slots=True)
class WorkedHours:
    """Hours of one employment, month (YYYYMM) and kind: hourly, additional or overtime."""

    employment_id: str
    period: int
    kind: str
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Incident:
    """One reported work_injury or near_miss; ``description`` is free text and may name people."""

    code: str
    kind: str
    day: date
    unit_code: str
    description: str
    reporter: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is employed when, and who is away in full for long; ``persons`` is how many they are."""

    persons: int
    employments: tuple[Employment, ...]
    leaves: tuple[Absence, ...]


@dataclass(frozen=True, slots=True)
class Registers:
    """Everything the two systems know; ``scheduled`` maps employment and month (YYYYMM) to ordinary hours."""

    persons: tuple[Person, ...]
    employments: tuple[Employment, ...]
    absences: tuple[Absence, ...]
    scheduled: Mapping[tuple[str, int], Decimal]
    worked: tuple[WorkedHours, ...]
    incidents: tuple[Incident, ...]


def month_days(period: int) -> tuple[date, date]:
    """Return the first and last day of a month YYYYMM."""
    first = date(period // 100, period % 100, 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def weekdays(first: date, last: date) -> Iterator[date]:
    """Yield every Monday to Friday of a span of days, holidays too."""
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        if day.weekday() < 5:
            yield day


def periods(year: int) -> range:
    """Return the months YYYYMM of a year."""
    return range(year * 100 + 1, year * 100 + 13)
