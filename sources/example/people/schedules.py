"""The time the example's people shall work, and the time they worked beyond it.

Belongs here: ordinary hours per month, which unit they belong to, and hourly, additional and overtime hours. Not here:
absences.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sources.example.catalog import BOARD, YEARS, Catalog, read_invented
from sources.example.ledger.rhythms import split
from sources.example.ledger.workdays import workdays
from sources.example.people.records import Absence, Employment, Roster, Terms, WorkedHours, month_days, periods

if TYPE_CHECKING:
    import numpy as np

# Employment and month (YYYYMM) to ordinary hours.
Scheduled = Mapping[tuple[str, int], Decimal]

MONTHS = tuple(period for year in YEARS for period in periods(year))
_HOURS_A_DAY = Decimal(8)
_QUARTERS = 4
_CENT = Decimal("0.01")
# Few work extra, and not every month: the share of the possible months in which there is any.
_SHARES = {"hourly": 0.8, "additional": 0.4, "overtime": 0.05}


def scheduled_hours(roster: Roster) -> Scheduled:
    """Return ordinary hours by employment and month: eight hours a working day, times the rate that holds that day.

    Every month in which a permanent or temporary employment lasts is there. A month of full leave has no hours: the
    schedule is taken away, as it is in the systems.
    """
    away = {(leave.employment_id, period) for leave in roster.leaves for period in MONTHS if _covers(leave, period)}
    days = [day.astype(date) for year in YEARS for day in workdays(year).days]
    by_month = {period: [day for day in days if day.year * 100 + day.month == period] for period in MONTHS}
    hours = {}
    for employment in roster.employments:
        for period in MONTHS:
            if employment.form != "hourly" and employment.days_in(*month_days(period)):
                key = (employment.employment_id, period)
                terms = map(employment.terms_on, by_month[period] if key not in away else ())
                rates = sum((held.rate_pct for held in terms if held), Decimal(0))
                hours[key] = (_HOURS_A_DAY * rates / 100).quantize(_CENT)
    return hours


def month_terms(employment: Employment, period: int) -> Terms | None:
    """Return the terms a month's hours belong to: those of its last day, else the last in it; None if not employed."""
    covered = employment.days_in(*month_days(period))
    return employment.terms_on(covered[1]) if covered else None


def month_board(catalog: Catalog, employment: Employment, period: int) -> str | None:
    """Return the board that a month's hours belong to, None if not employed."""
    terms = month_terms(employment, period)
    return catalog.unit_in(terms.unit_code, period // 100).board_code if terms else None


def board_hours(catalog: Catalog, roster: Roster, scheduled: Scheduled) -> Mapping[int, list[float]]:
    """Return the board's ordinary hours by year, for each person in turn."""
    hours = {year: [0.0] * roster.persons for year in YEARS}
    for employment in roster.employments:
        for period in MONTHS:
            if month_board(catalog, employment, period) == BOARD:
                hours[period // 100][employment.person] += float(scheduled.get((employment.employment_id, period), 0))
    return hours


def worked_hours(catalog: Catalog, roster: Roster, rng: np.random.Generator) -> tuple[WorkedHours, ...]:
    """Return the hours of ``invented/worked_hours.csv`` dealt in quarters over employments and months.

    Hourly time to those paid by the hour, additional time to part-timers and overtime to full-timers.
    """
    rows: list[WorkedHours] = []
    for plan in read_invented("worked_hours.csv"):
        kind = plan["kind"]
        places = [
            (employment.employment_id, period)
            for employment in roster.employments
            for period in periods(int(plan["year"]))
            if month_board(catalog, employment, period) == plan["board_code"] and _may_work(employment, period, kind)
        ]
        kept = sorted(rng.choice(len(places), size=max(1, round(len(places) * _SHARES[kind])), replace=False))
        dealt = split(int(Decimal(plan["hours"]) * _QUARTERS), rng.lognormal(0.0, 0.6, len(kept)))
        rows += [
            WorkedHours(employment_id, period, kind, Decimal(int(part)) / _QUARTERS)
            for (employment_id, period), part in zip((places[place] for place in kept), dealt, strict=True)
            if part
        ]
    return tuple(rows)


def _may_work(employment: Employment, period: int, kind: str) -> bool:
    if kind == "hourly" or employment.form == "hourly":
        return kind == employment.form
    terms = month_terms(employment, period)
    return terms is not None and (terms.rate_pct < 100) == (kind == "additional")


def _covers(leave: Absence, period: int) -> bool:
    first, last = month_days(period)
    return leave.since <= first and (leave.until is None or last <= leave.until)
