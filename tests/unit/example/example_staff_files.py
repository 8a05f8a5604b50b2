"""Read the staff registers of the example with nothing but the standard library and a spreadsheet reader.

Belongs here: the two systems' files as plain records. Not here: counting them (``example_people``).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from example_inbox import read_units
from python_calamine import CalamineWorkbook

YEARS = (2022, 2023)
MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
FOREVER = date(9999, 12, 30)
CAUSES = {
    "Sjuk": "Sjukfrånvaro",
    "Föräldraledig": "Föräldraledighet",
    "Tjänstledig": "Tjänstledighet",
    "VAB": "Vård av barn",
}
KINDS = {"Timavlönad tid": "Timlön", "Mertid": "Fyllnadstid", "Övertid": "Övertid"}
INCIDENTS = {"Skada": "Arbetsskada", "Tillbud": "Tillbud"}


@dataclass
class Terms:
    number: str
    name: str
    employment: str
    form: str
    unit: str
    rate: Fraction
    since: date
    until: date
    employed_from: date
    employed_to: date
    reason: str

    def active(self, day: date) -> bool:
        return self.since <= day <= self.until and self.employed_from <= day <= self.employed_to


@dataclass
class Away:
    year: int
    number: str
    employment: str
    cause: str
    since: date
    until: date
    extent: Fraction


@dataclass
class People:
    terms: list[Terms]
    absences: list[Away]
    scheduled: dict[tuple[str, int], Decimal]
    worked: list[tuple[str, int, str, Decimal]]
    incidents: list[tuple[date, str, str]]
    boards: list[tuple[str, str, date, date]]

    def board(self, unit: str, day: date) -> str:
        (board,) = [name for code, name, since, until in self.boards if code == unit and since <= day <= until]
        return board

    def sick_rows(self, employment: str, year: int) -> list[Away]:
        kept = (employment, year, "Sjukfrånvaro")
        return [row for row in self.absences if (row.employment, row.year, row.cause) == kept]

    def numbers(self) -> dict[str, str]:
        """Return personnummer by employment."""
        return {terms.employment: terms.number for terms in self.terms}


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="cp1252", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def read_sheet(path: Path) -> list[dict[str, Any]]:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [dict(zip(rows[3], row, strict=True)) for row in rows[4:]]


def iso(text: str) -> date:
    return date.fromisoformat(text) if text else FOREVER


def serial(number: float | str) -> date:
    return date(1899, 12, 30) + timedelta(days=int(number)) if number != "" else FOREVER


def decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def restored(number: float) -> str:
    """Return twelve digits from what Excel left of ten: nobody here was born before 1950 or after 2010."""
    digits = f"{int(number):010}"
    return f"{'20' if digits < '11' else '19'}{digits}"


def read_people(inbox: Path) -> People:
    people = People([], [], {}, [], [], [])
    for row in read_units(inbox):
        people.boards.append((row["Ansvar"], row["Nämnd"], iso(row["Giltig från"]), iso(row["Giltig till"])))
    for row in read_csv(inbox / "personalsystem_anstallningar.csv"):
        days = [iso(row[name]) for name in ("Gäller från", "Gäller till", "Anställd från", "Anställd till")]
        who = (row["Personnummer"].replace("-", ""), f"{row['Förnamn']} {row['Efternamn']}", row["Anställningsnummer"])
        what = (row["Anställningsform"], row["Ansvar"], 100 * Fraction(decimal(row["Sysselsättningsgrad"])))
        people.terms.append(Terms(*who, *what, *days, row["Avgångsorsak"]))
    _read_2022(people, inbox)
    _read_2023(people, inbox)
    return people


def _read_2022(people: People, inbox: Path) -> None:
    for row in read_sheet(inbox / "personalsystem_franvaro_2022.xlsx"):
        days = (serial(row["Fr.o.m."]), serial(row["T.o.m."]))
        key = (2022, restored(row["Persnr"]), row["Anst-id"])
        people.absences.append(Away(*key, CAUSES[row["Orsak"]], *days, Fraction(int(row["Omf %"]), 100)))
    for row in read_sheet(inbox / "personalsystem_schematid_2022.xlsx"):
        for month, name in enumerate(MONTHS, start=1):
            if row[name] != "":
                people.scheduled[row["Anst-id"], 202200 + month] = Decimal(str(row[name]))
    for row in read_sheet(inbox / "personalsystem_arbetad_tid_2022.xlsx"):
        for month, name in enumerate(MONTHS, start=1):
            if row[name] != "":
                key = (row["Anst-id"], 202200 + month, KINDS[row["Tidsslag"]])
                people.worked.append((*key, Decimal(str(row[name]))))
    for row in read_sheet(inbox / "arbetsskador_2022.xlsx"):
        people.incidents.append((serial(row["Händelsedatum"]), INCIDENTS[row["Typ"]], row["Kostnadsställe"]))


def _read_2023(people: People, inbox: Path) -> None:
    for row in read_csv(inbox / "personalsystem_franvaro_2023.csv"):
        key = (2023, row["Personnummer"].replace("-", ""), row["Anställningsnummer"], row["Frånvaroorsak"])
        people.absences.append(Away(*key, iso(row["Från"]), iso(row["Till"]), Fraction(decimal(row["Omfattning"]))))
    for row in read_csv(inbox / "personalsystem_schematid_2023.csv"):
        people.scheduled[row["Anställningsnummer"], int(row["Period"])] = decimal(row["Schemalagd tid"])
    for row in read_csv(inbox / "personalsystem_arbetad_tid_2023.csv"):
        key = (row["Anställningsnummer"], int(row["Period"]), row["Tidsslag"])
        people.worked.append((*key, decimal(row["Timmar"])))
    for row in read_csv(inbox / "arbetsskador_2023.csv"):
        people.incidents.append((iso(row["Inträffade"]), row["Händelsetyp"], row["Ansvar"]))
