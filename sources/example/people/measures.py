"""Every printed figure counted anew from the finished registers, exactly, and compared with the report.

Belongs here: the definitions, in fractions. Not here: anything that changes a register; nothing is shared with what
found them (``ages.py``, ``choice.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from sources.example.catalog import BOARD, YEARS, Catalog
from sources.example.figures.people import Figure, printed_people
from sources.example.people.records import LAST_DAY, Absence, Employment, Registers, Terms, month_days, weekdays
from sources.example.solve import Unsolvable

HOURS_A_YEAR = 1980
_ONE_DAY = timedelta(days=1)
_BANDS = (("day_1_14", 14), ("day_15_59", 59), ("day_60_and_over", 99_999))

Active = Sequence[tuple[Employment, Terms]]


def check(catalog: Catalog, registers: Registers) -> None:
    """Raise ``solve.Unsolvable``, naming every printed cell that the registers do not give."""
    by_year = {year: figures(catalog, registers, year) for year in YEARS}
    wrong = [
        f"{cell.name}: {float(cell.value(by_year)):.4f} does not give {cell.printed}"
        for cell in printed_people()
        if not cell.agrees(cell.value(by_year))
    ]
    if wrong:
        raise Unsolvable("; ".join(wrong))


def figures(catalog: Catalog, registers: Registers, year: int) -> Mapping[Figure, Fraction]:
    """Return the unrounded value of every printed figure of the board in a year."""
    return dict(
        [
            *_staff(catalog, registers, year),
            *_worked(catalog, registers, year),
            *_sick_leave(catalog, registers, year),
            *_incidents(catalog, registers, year),
        ]
    )


def _is_ours(catalog: Catalog, unit: str, year: int) -> bool:
    return catalog.unit_in(unit, year).board_code == BOARD


def _active(catalog: Catalog, registers: Registers, form: str, day: date) -> Active:
    """Return the board's employments of a form on a day; units change boards only at New Year."""
    return [
        (each, terms)
        for each in registers.employments
        if each.form == form and (terms := each.terms_on(day)) and _is_ours(catalog, terms.unit_code, day.year)
    ]


def _staff(catalog: Catalog, registers: Registers, year: int) -> Iterator[tuple[Figure, Fraction]]:
    last = date(year, 12, 31)
    away = {
        row.employment_id
        for row in registers.absences
        if row.cause in {"parental_leave", "leave_of_absence"}
        and row.extent_pct == 100
        and row.since <= last <= (row.until or LAST_DAY)
    }
    for form in ("permanent", "temporary"):
        active = _active(catalog, registers, form, last)
        rates = [Fraction(terms.rate_pct) for each, terms in active if each.employment_id not in away]
        yield ("staff", "employees", form), Fraction(len({each.person for each, _ in active}))
        yield ("staff", "full_time_equivalents", form), sum(rates, Fraction(0)) / 100
    active = _active(catalog, registers, "permanent", last)
    people = {each.person for each, _ in active}
    ages = [year - registers.persons[person].birth_year for person in people]
    rates = [Fraction(terms.rate_pct) for _, terms in active]
    yield ("staff", "employment_rate", "permanent"), sum(rates, Fraction(0)) / len(rates)
    yield ("staff", "mean_age", "permanent"), Fraction(sum(ages), len(ages))
    yield ("staff", "turnover", "permanent"), _turnover(catalog, registers, year)


def _turnover(catalog: Catalog, registers: Registers, year: int) -> Fraction:
    left = set()
    for each in registers.employments:
        if each.form == "permanent" and each.employed_to and each.employed_to.year == year:
            terms, after = each.terms_on(each.employed_to), each.employed_to + _ONE_DAY
            stays = {other.person for other, _ in _active(catalog, registers, "permanent", after)}
            is_ours = terms is not None and _is_ours(catalog, terms.unit_code, year)
            if is_ours and each.leaving_reason != "pension" and each.person not in stays:
                left.add(each.person)
    start = {each.person for each, _ in _active(catalog, registers, "permanent", date(year - 1, 12, 31))}
    return Fraction(100 * len(left), len(start))


def _worked(catalog: Catalog, registers: Registers, year: int) -> Iterator[tuple[Figure, Fraction]]:
    employments = {each.employment_id: each for each in registers.employments}
    for measure, kind in (("hourly_paid", "hourly"), ("additional_time", "additional"), ("overtime", "overtime")):
        hours = [
            Fraction(row.hours)
            for row in registers.worked
            if row.kind == kind
            and row.period // 100 == year
            and _is_ours(catalog, _unit(employments[row.employment_id], row.period), year)
        ]
        yield ("staff", f"{measure}_fte", "all"), sum(hours, Fraction(0)) / HOURS_A_YEAR


def _incidents(catalog: Catalog, registers: Registers, year: int) -> Iterator[tuple[Figure, Fraction]]:
    for measure, kind in (("work_injuries", "work_injury"), ("near_misses", "near_miss")):
        ours = [
            each
            for each in registers.incidents
            if each.kind == kind and each.day.year == year and _is_ours(catalog, each.unit_code, year)
        ]
        yield ("incidents", measure), Fraction(len(ours))


def _sick_leave(catalog: Catalog, registers: Registers, year: int) -> Iterator[tuple[Figure, Fraction]]:
    """Yield sick hours in percent of the ordinary hours of the same group; day bands are of all ordinary hours."""
    ordinary: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    sick: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    spells = _spells(registers)
    for each in registers.employments:
        person = registers.persons[each.person]
        age = year - person.birth_year
        groups = (
            ("total", "total"),
            ("sex", person.sex),
            ("age", "under_30" if age <= 29 else "30_49" if age <= 49 else "50_and_over"),
        )
        for period in range(year * 100 + 1, year * 100 + 13):
            hours = Fraction(registers.scheduled.get((each.employment_id, period), 0))
            if not hours or not _is_ours(catalog, _unit(each, period), year):
                continue
            for group in groups:
                ordinary[group] += hours
            for band, part in _sick_shares(each, spells[each.employment_id], period):
                for group in (*groups, ("length", band)):
                    sick[group] += hours * part
    for group in (*ordinary, *(("length", band) for band, _ in _BANDS)):
        whole = ordinary["total", "total"] if group[0] == "length" else ordinary[group]
        yield ("sick_leave", *group), 100 * sick[group] / whole


def _spells(registers: Registers) -> Mapping[str, list[tuple[date, Absence]]]:
    """Return by employment its rows of sick leave, each with the first day of the spell it is part of."""
    rows: dict[str, list[tuple[date, Absence]]] = defaultdict(list)
    for row in sorted(registers.absences, key=lambda row: row.since):
        if row.cause == "sick_leave":
            first, before = rows[row.employment_id][-1] if rows[row.employment_id] else (row.since, None)
            goes_on = before is not None and row.since <= (before.until or LAST_DAY - _ONE_DAY) + _ONE_DAY
            rows[row.employment_id].append((first if goes_on else row.since, row))
    return rows


def _sick_shares(
    employment: Employment, rows: Sequence[tuple[date, Absence]], period: int
) -> Iterator[tuple[str, Fraction]]:
    """Yield day band and the share of the month's ordinary hours that was sick leave, per weekday."""
    first, last = month_days(period)
    covered = employment.days_in(first, last)
    assert covered is not None
    weekdays_employed = sum(1 for _ in weekdays(*covered))
    for spell_began, row in rows:
        for day in weekdays(max(first, row.since), min(last, row.until or LAST_DAY)):
            number = (day - spell_began).days + 1
            band = next(band for band, until in _BANDS if number <= until)
            yield band, Fraction(row.extent_pct, 100 * weekdays_employed)


def _unit(employment: Employment, period: int) -> str:
    """Return the unit of the last day of the month that the employment covers."""
    covered = employment.days_in(*month_days(period))
    assert covered is not None
    terms = employment.terms_on(covered[1])
    assert terms is not None
    return terms.unit_code
