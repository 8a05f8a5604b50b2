"""Files as the two invented staff systems write them, with invented persons whose check digits are right.

Belongs here: building files. Not here: what is asserted about them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from sources.hr import read
from sources.reading import Reading, ReadOptions

KEY = bytes(range(32))
OURS = "212000-1553"
OPTIONS = ReadOptions(organisation_number=OURS, pseudonym_key=KEY)
MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
NAME = "Kattis Påhittad"
REMARK = "Ringde och berättade om ryggen"


def number(born: str, serial: str = "123") -> str:
    """Return the twelve digits of somebody born ``YYYYMMDD`` (day + 60 for a samordningsnummer)."""
    digits = [int(digit) * (2 - place % 2) for place, digit in enumerate(born[2:] + serial)]
    return f"{born}{serial}{-sum(each // 10 + each % 10 for each in digits) % 10}"


def dashed(twelve: str) -> str:
    return f"{twelve[:8]}-{twelve[8:]}"


WOMAN, MAN, LEAP, COORDINATED = (
    number(born, serial)
    for born, serial in (("19811218", "986"), ("19650402", "117"), ("20000229", "002"), ("19900375", "238"))
)

EMPLOYMENT: dict[str, Any] = {
    "Personnummer": dashed(WOMAN),
    "Namn": NAME,
    "Anställningsnr": "0017",
    "Anställningsform": "Tillsvidare",
    "Ansvar": "11100",
    "AID": "151012",
    "Sysselsättningsgrad": "0,75",
    "Gäller från": "2021-01-01",
    "Gäller till": "9999-12-31",
    "Anställd från": "2020-02-29",
    "Anställd till": "",
    "Avgångsorsak": "",
    "Kommentar": REMARK,
}
ABSENCE: dict[str, Any] = {
    "Personnummer": dashed(WOMAN),
    "Namn": NAME,
    "Anställningsnr": "0017",
    "Frånvaroorsak": "Sjukdom",
    "Från": "2022-12-20",
    "Till": "2023-01-15",
    "Omfattning": "0,50",
    "Kommentar": REMARK,
}
SCHEDULED: dict[str, Any] = {
    "Personnummer": dashed(WOMAN),
    "Anställningsnr": "0017",
    "Period": "202301",
    "Schematid": "123,75",
}
WORKED: dict[str, Any] = {
    "Personnummer": dashed(MAN),
    "Anställningsnr": "18",
    "Period": "202303",
    "Tidsslag": "Timlön",
    "Timmar": "31,5",
}
INCIDENT: dict[str, Any] = {
    "Ärendenr": "2023-17",
    "Händelsetyp": "Arbetsskada",
    "Inträffade": "2023-04-03",
    "Ansvar": "11100",
    "Personnummer": dashed(WOMAN),
    "Namn": NAME,
    "Händelsebeskrivning": REMARK,
}
FILES = {
    "employments": ("personalsystem_anstallningar.csv", EMPLOYMENT),
    "absences": ("personalsystem_franvaro_2023.csv", ABSENCE),
    "scheduled_hours": ("personalsystem_schematid_2023.csv", SCHEDULED),
    "worked_hours": ("personalsystem_arbetad_tid_2023.csv", WORKED),
    "incidents": ("arbetsskador_2023.csv", INCIDENT),
}


def csv(*rows: Mapping[str, Any]) -> bytes:
    """Return Lönlinjen's file: semicolons, Windows letters."""
    lines = [";".join(rows[0]), *(";".join(str(value) for value in row.values()) for row in rows)]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def workbook(headers: Sequence[str], *rows: Sequence[Any]) -> bytes:
    """Return Personalbladet's file: numbers are numbers, days are their serial numbers."""
    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet(NAME)
        for place, row in enumerate([headers, *rows]):
            sheet.write_row(place, 0, row)
    return buffer.getvalue()


def read_kind(kind: str, *rows: Mapping[str, Any], name: str = "") -> Reading:
    """Return the reading of Lönlinjen's file of a kind, its usual row if none is given."""
    usual_name, row = FILES[kind]
    return read(csv(*(rows or (row,))), name or usual_name, OPTIONS)


def rows_of(reading: Reading) -> list[dict[str, Any]]:
    (table,) = reading.tables.values()
    return list(table.to_pylist())
