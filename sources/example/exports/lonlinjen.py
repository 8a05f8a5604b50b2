"""Write the people's registers as the invented system Lönlinjen does: one row per fact.

Belongs here: Lönlinjen's headers, words and file names. CSV with semicolons, decimal comma and CP1252; rates as
shares of one. Not here: who the people are (``people/``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from sources.example.exports.remarks import remark
from sources.example.exports.spreadsheets import Cell, write_csv
from sources.example.people.records import Employment, Person, Registers

EMPLOYER = "212000-1553"
_WHO = ("Personnummer", "Efternamn", "Förnamn")
_EMPLOYMENTS = (
    *("Arbetsgivare", *_WHO, "Adress", "Anställningsnummer", "Anställningsform", "Ansvar", "AID", "Befattning"),
    *("Sysselsättningsgrad", "Gäller från", "Gäller till", "Anställd från", "Anställd till", "Avgångsorsak"),
    "Kommentar",
)
_ABSENCES = (
    *("Arbetsgivare", "År", *_WHO, "Anställningsnummer", "Frånvaroorsak", "Från", "Till", "Omfattning"),
    "Kommentar",
)
_SCHEDULED = ("Arbetsgivare", "År", "Period", *_WHO, "Anställningsnummer", "Schemalagd tid")
_WORKED = ("Arbetsgivare", "År", "Period", *_WHO, "Anställningsnummer", "Tidsslag", "Timmar")
_INCIDENTS = (
    *("Arbetsgivare", "År", "Ärendenummer", "Händelsetyp", "Inträffade", "Ansvar", "Händelsebeskrivning", "Namn"),
)
_WORDS = {
    "permanent": "Tillsvidare",
    "temporary": "Visstid",
    "hourly": "Timavlönad",
    "pension": "Pension",
    "own_request": "Egen begäran",
    "redundancy": "Arbetsbrist",
    "term_ended": "Tidsbegränsning upphört",
    "other_board": "Annan nämnd",
    "other_employer": "Annan arbetsgivare",
    "death": "Avliden",
    "other": "Övrigt",
    "": "",
}
_CAUSES = {
    "sick_leave": "Sjukfrånvaro",
    "parental_leave": "Föräldraledighet",
    "leave_of_absence": "Tjänstledighet",
    "child_care": "Vård av barn",
}
_KINDS = {"hourly": "Timlön", "additional": "Fyllnadstid", "overtime": "Övertid"}
_INCIDENT_KINDS = {"work_injury": "Arbetsskada", "near_miss": "Tillbud"}


def write_register(out: Path, registers: Registers) -> Path:
    """Write ``personalsystem_anstallningar.csv``: one row per employment and period of unchanged terms."""
    rows = (
        (
            EMPLOYER,
            *_who(person),
            person.street,
            each.employment_id,
            _WORDS[each.form],
            terms.unit_code,
            *each.occupation,
            _share(terms.rate_pct),
            terms.valid_from,
            terms.valid_to or "",
            each.employed_from,
            each.employed_to or "",
            _WORDS[each.leaving_reason],
            remark(place, person, registers.persons),
        )
        for place, (each, person) in enumerate(_employments(registers))
        for terms in each.terms
    )
    return _write(out / "personalsystem_anstallningar.csv", _EMPLOYMENTS, rows)


def write_year(out: Path, registers: Registers, year: int) -> list[Path]:
    """Write absences, ordinary hours, worked hours and incidents of a year, one file each."""
    people = {each.employment_id: person for each, person in _employments(registers)}
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[Cell]]]] = {
        f"personalsystem_franvaro_{year}.csv": (_ABSENCES, _absences(registers, people, year)),
        f"personalsystem_schematid_{year}.csv": (_SCHEDULED, _scheduled(registers, people, year)),
        f"personalsystem_arbetad_tid_{year}.csv": (_WORKED, _worked(registers, people, year)),
        f"arbetsskador_{year}.csv": (_INCIDENTS, _incidents(registers, year)),
    }
    return [_write(out / name, header, rows) for name, (header, rows) in tables.items()]


def _absences(registers: Registers, people: dict[str, Person], year: int) -> Iterator[Sequence[Cell]]:
    for place, row in enumerate(registers.absences):
        if row.lasts_in(year):
            person = people[row.employment_id]
            yield (
                *(EMPLOYER, year, *_who(person), row.employment_id, _CAUSES[row.cause]),
                *(row.since, row.known_until(year) or "", _share(Decimal(row.extent_pct))),
                remark(place, person, registers.persons),
            )


def _scheduled(registers: Registers, people: dict[str, Person], year: int) -> Iterator[Sequence[Cell]]:
    for (employment_id, period), hours in registers.scheduled.items():
        if period // 100 == year:
            yield EMPLOYER, year, period, *_who(people[employment_id]), employment_id, hours


def _worked(registers: Registers, people: dict[str, Person], year: int) -> Iterator[Sequence[Cell]]:
    for row in registers.worked:
        if row.period // 100 == year:
            who = _who(people[row.employment_id])
            yield EMPLOYER, year, row.period, *who, row.employment_id, _KINDS[row.kind], row.hours


def _incidents(registers: Registers, year: int) -> Iterator[Sequence[Cell]]:
    for each in registers.incidents:
        if each.day.year == year:
            of_what = (each.code, _INCIDENT_KINDS[each.kind], each.day, each.unit_code)
            yield EMPLOYER, year, *of_what, each.description, each.reporter


def _employments(registers: Registers) -> Iterator[tuple[Employment, Person]]:
    return ((each, registers.persons[each.person]) for each in registers.employments)


def _share(percent: Decimal) -> Decimal:
    """Return a rate or an extent as Lönlinjen has them: 0,75 for 75 percent."""
    return (percent / 100).quantize(Decimal("0.01"))


def _who(person: Person) -> tuple[str, str, str]:
    return f"{person.number[:8]}-{person.number[8:]}", person.surname, person.given_name


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Path:
    return write_csv(path, header, rows, encoding="cp1252")
