"""Count the report's tables from the staff registers of the example, in plain Python.

Belongs here: a second reckoning by the definitions, so that neither the generator's check nor the warehouse's models
are trusted. Not here: reading the files (``example_staff_files``), or any check.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from example_staff_files import FOREVER, Away, People, Terms


def active(people: People, day: date, form: str, board: str = "KS") -> list[Terms]:
    return [
        terms
        for terms in people.terms
        if terms.form == form and terms.active(day) and people.board(terms.unit, day) == board
    ]


def mean(numbers: Iterable[int | Fraction]) -> Fraction:
    listed = [Fraction(number) for number in numbers]
    return sum(listed, Fraction(0)) / len(listed)


def staff(people: People, year: int) -> dict[tuple[str, str], Fraction]:
    """Return measure and group to the unrounded value."""
    end, before = date(year, 12, 31), date(year - 1, 12, 31)
    full_leave = {
        row.employment
        for row in people.absences
        if row.year == year
        and row.cause in {"Föräldraledighet", "Tjänstledighet"}
        and row.extent == 1
        and row.since <= end <= row.until
    }
    found: dict[tuple[str, str], Fraction] = {}
    for group, form in (("permanent", "Tillsvidare"), ("temporary", "Visstid")):
        there = active(people, end, form)
        found["employees", group] = Fraction(len({terms.number for terms in there}))
        found["full_time_equivalents", group] = sum(
            (terms.rate / 100 for terms in there if terms.employment not in full_leave), Fraction(0)
        )
    permanent = active(people, end, "Tillsvidare")
    found["employment_rate", "permanent"] = mean(terms.rate for terms in permanent)
    found["mean_age", "permanent"] = mean(year - int(number[:4]) for number in {terms.number for terms in permanent})
    left = {
        terms.number
        for terms in people.terms
        if terms.form == "Tillsvidare"
        and terms.until == terms.employed_to
        and terms.employed_to.year == year
        and terms.reason != "Pension"
        and people.board(terms.unit, terms.employed_to) == "KS"
    }
    left -= {terms.number for terms in people.terms if terms.number in left and _stays(people, terms.number, year)}
    start = {terms.number for terms in active(people, before, "Tillsvidare")}
    found["turnover", "permanent"] = Fraction(100 * len(left), len(start))
    for measure, kind in (("hourly_paid", "Timlön"), ("additional_time", "Fyllnadstid"), ("overtime", "Övertid")):
        hours = [
            Fraction(amount)
            for employment, period, of_kind, amount in people.worked
            if of_kind == kind and period // 100 == year and month_board(people, employment, period)[0] == "KS"
        ]
        found[f"{measure}_fte", "all"] = sum(hours, Fraction(0)) / 1980
    return found


def _stays(people: People, number: str, year: int) -> bool:
    """Say whether a person has a permanent employment of the board the day after each one that ended in the year."""
    ended = [
        terms.employed_to
        for terms in people.terms
        if (terms.number, terms.form, terms.employed_to.year) == (number, "Tillsvidare", year)
    ]
    return all(
        any(terms.number == number for terms in active(people, day + timedelta(days=1), "Tillsvidare")) for day in ended
    )


def span(period: int) -> tuple[date, date]:
    first = date(period // 100, period % 100, 1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def month_board(people: People, employment: str, period: int) -> tuple[str, str]:
    """Return board and unit on the last day of the month, or of the employment if it ended before."""
    first, last = span(period)
    rows = [terms for terms in people.terms if terms.employment == employment and terms.since <= last]
    terms = max((row for row in rows if row.until >= first), key=lambda row: row.since)
    return people.board(terms.unit, last), terms.unit


def workdays(first: date, last: date) -> int:
    return sum((first + timedelta(days=place)).weekday() < 5 for place in range((last - first).days + 1))


def first_days(people: People) -> dict[tuple[str, date], date]:
    """Return the first day of its spell, by employment and first day of each reported row of sick leave."""
    by_employment = defaultdict(set)
    for row in people.absences:
        if row.cause == "Sjukfrånvaro":
            # A file speaks only of its own year: an open end is not an end.
            by_employment[row.employment].add((row.since, min(row.until, date(row.year, 12, 31))))
    found = {}
    for employment, rows in by_employment.items():
        begun, reach = FOREVER, date(1900, 1, 1)
        for since, until in sorted(rows):
            if since > reach + timedelta(days=1):
                begun = since
            reach = max(reach, until)
            found[employment, since] = begun
    return found


def groups_of(number: str, unit: str, year: int) -> tuple[tuple[str, str], ...]:
    age = year - int(number[:4])
    sex = "women" if int(number[10]) % 2 == 0 else "men"
    band_of_age = "under_30" if age <= 29 else "30_49" if age <= 49 else "50_and_over"
    return ("total", "total"), ("sex", sex), ("age", band_of_age), ("unit", unit)


def sick_hours(row: Away, begun: date, period: int, of_month: int, hours: Decimal) -> Iterator[tuple[str, Decimal]]:
    """Yield day band and sick hours of one reported row in one month with these ordinary hours."""
    first, last = span(period)
    for band, low, high in (("day_1_14", 1, 14), ("day_15_59", 15, 59), ("day_60_and_over", 60, 99_999)):
        begins = max(first, row.since, begun + timedelta(days=low - 1))
        ends = min(last, row.until, begun + timedelta(days=high - 1))
        if begins <= ends:
            away = hours * workdays(begins, ends) / of_month * Decimal(float(row.extent))
            yield band, away.quantize(Decimal("0.000001"))


def sick_leave(people: People, year: int) -> dict[tuple[str, str], tuple[Fraction, int]]:
    """Return percent and number of persons by breakdown and group, units of the board among them."""
    numbers, begun = people.numbers(), first_days(people)
    ordinary: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    sick: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    persons: dict[tuple[str, str], set[str]] = defaultdict(set)
    employed = {terms.employment: (terms.employed_from, terms.employed_to) for terms in people.terms}
    for (employment, period), hours in people.scheduled.items():
        board, unit = month_board(people, employment, period)
        if period // 100 != year or board != "KS" or not hours:
            continue
        groups = groups_of(numbers[employment], unit, year)
        for group in groups:
            ordinary[group] += hours
            persons[group].add(numbers[employment])
        (first, last), (since, until) = span(period), employed[employment]
        of_month = workdays(max(first, since), min(last, until))
        for row in people.sick_rows(employment, year):
            for band, away in sick_hours(row, begun[employment, row.since], period, of_month, hours):
                for group in (*groups, ("length", band)):
                    sick[group] += away
    for group in [group for group in sick if group[0] == "length"]:
        ordinary[group], persons[group] = ordinary["total", "total"], persons["total", "total"]
    return {
        group: (100 * Fraction(sick[group]) / Fraction(hours), len(persons[group])) for group, hours in ordinary.items()
    }


def incidents(people: People, year: int) -> dict[tuple[str, str], Fraction]:
    kinds = {"work_injuries": "Arbetsskada", "near_misses": "Tillbud"}
    return {
        (measure, ""): Fraction(
            sum(
                day.year == year and of_kind == kind and people.board(unit, day) == "KS"
                for day, of_kind, unit in people.incidents
            )
        )
        for measure, kind in kinds.items()
    }


def shown(value: Fraction, printed: str) -> Decimal:
    """Round half away from zero to as many decimals as are printed."""
    decimals = len(printed.partition(".")[2])
    scaled = abs(value) * 10**decimals
    whole = int(scaled + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)
