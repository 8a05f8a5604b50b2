"""Write the people's registers as the invented system Personalbladet does: a year in one row, in workbooks.

Belongs here: Personalbladet's headers, words and bad habits: dates as Excel's day numbers, personnummer as a number of
ten digits that has lost its leading zeros. Not here: who the people are (``people/``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sources.example.exports.lonlinjen import EMPLOYER
from sources.example.exports.remarks import remark
from sources.example.exports.spreadsheets import Cell, Heading, write_workbook
from sources.example.people.records import Person, Registers, periods

_WHO = ("Arbetsgivare", "År", "Persnr", "Namn", "Anst-id")
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ABSENCES = (*_WHO, "Orsak", "Fr.o.m.", "T.o.m.", "Omf %", "Kommentar")
_SCHEDULED = (*_WHO, *_MONTHS)
_WORKED = (*_WHO, "Tidsslag", *_MONTHS)
_INCIDENTS = (
    *("Arbetsgivare", "År", "Ärende", "Typ", "Händelsedatum", "Kostnadsställe", "Händelsebeskrivning", "Namn"),
)
_CAUSES = {
    "sick_leave": "Sjuk",
    "parental_leave": "Föräldraledig",
    "leave_of_absence": "Tjänstledig",
    "child_care": "VAB",
}
_KINDS = {"hourly": "Timavlönad tid", "additional": "Mertid", "overtime": "Övertid"}
_INCIDENT_KINDS = {"work_injury": "Skada", "near_miss": "Tillbud"}
_DAY_ZERO = date(1899, 12, 30)

Hours = dict[tuple[str, ...], dict[int, Decimal]]


def write_year(out: Path, registers: Registers, year: int) -> list[Path]:
    """Write absences, ordinary hours, worked hours and incidents of a year, one workbook each."""
    people = {each.employment_id: registers.persons[each.person] for each in registers.employments}
    scheduled: Hours = {}
    for (employment_id, period), hours in registers.scheduled.items():
        if period // 100 == year:
            scheduled.setdefault((employment_id,), {})[period] = hours
    worked: Hours = {}
    for row in registers.worked:
        if row.period // 100 == year:
            worked.setdefault((row.employment_id, _KINDS[row.kind]), {})[row.period] = row.hours
    tables: dict[str, tuple[str, Sequence[str], Iterator[Sequence[Cell]]]] = {
        f"personalsystem_franvaro_{year}.xlsx": ("Frånvaro", _ABSENCES, _absences(registers, people, year)),
        f"personalsystem_schematid_{year}.xlsx": ("Schematid", _SCHEDULED, _wide(scheduled, people, year)),
        f"personalsystem_arbetad_tid_{year}.xlsx": ("Arbetad tid", _WORKED, _wide(worked, people, year)),
        f"arbetsskador_{year}.xlsx": ("Arbetsskador", _INCIDENTS, _incidents(registers, year)),
    }
    return [
        write_workbook(out / name, _heading(title, year), header, rows)
        for name, (title, header, rows) in tables.items()
    ]


def _heading(title: str, year: int) -> Heading:
    note = "Innehåller personuppgifter. Alla personer är påhittade."
    return Heading(title, f"{title} {year}, Personalbladet", note, datetime(year + 1, 1, 20, 7, 5))


def _absences(registers: Registers, people: Mapping[str, Person], year: int) -> Iterator[Sequence[Cell]]:
    for place, row in enumerate(registers.absences):
        if row.lasts_in(year):
            person, until = people[row.employment_id], row.known_until(year)
            yield (
                *(*_who(person, year), row.employment_id, _CAUSES[row.cause], _day_number(row.since)),
                *(_day_number(until) if until else "", row.extent_pct, remark(place, person, registers.persons)),
            )


def _wide(hours: Hours, people: Mapping[str, Person], year: int) -> Iterator[Sequence[Cell]]:
    """Yield one row per key, with a cell per month; a month without hours of its own is an empty cell."""
    for key, by_month in hours.items():
        yield *_who(people[key[0]], year), *key, *(by_month.get(period, "") for period in periods(year))


def _incidents(registers: Registers, year: int) -> Iterator[Sequence[Cell]]:
    for each in registers.incidents:
        if each.day.year == year:
            kind, day = _INCIDENT_KINDS[each.kind], _day_number(each.day)
            yield EMPLOYER, year, each.code, kind, day, each.unit_code, each.description, each.reporter


def _who(person: Person, year: int) -> tuple[Cell, ...]:
    return EMPLOYER, year, int(person.number[2:]), person.name


def _day_number(day: date) -> int:
    return (day - _DAY_ZERO).days
