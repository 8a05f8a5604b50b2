"""A goals workbook in memory, to be spoiled.

Belongs here: one good workbook and how it becomes bytes. Not here: what is asserted about it.
"""

from __future__ import annotations

import copy
import io
from datetime import date
from typing import Any

import xlsxwriter

Sheets = dict[str, list[list[Any]]]

_GOOD: Sheets = {
    "Mål": [
        ["Mål", "Benämning", "Nämnd", "Prioritet", "Agenda 2030", "Från år", "Till år"],
        ["1", "Företagsklimat", "KS", "1", "5, 10;16", 2018, ""],
        ["2", "Trygghet", "KS", "2", 11, 2018, ""],
    ],
    "Indikatorer": [
        [
            *("Indikator", "Benämning", "Mål", "Enhet", "Riktning", "Tolerans", "Decimaler", "Skala från"),
            *("Skala till", "Källa", "Kod i källan", "Från år", "Till år", "Största rimliga ändring"),
        ],
        ["1.1", "NKI", "1", "NKI", "högre är bättre", "", 0, 0, 100, "Kolada", "U07451", 2018, 2020, 20],
        ["1.1", "NKI", "1", "NKI", "högre är bättre", "", 0, 0, 100, "Kolada", "U07453", 2021, "", 20],
        ["1.1", "NKI", "1", "NKI", "högre är bättre", "", 0, 0, 100, "Insikt", "NKI Totalt", 2021, "", 20],
        ["2.1", "Trygg", "2", "procent", "nära målvärdet", "1,5", 1, 0, 100, "SCB", "T1", 2018, "", ""],
    ],
    "Målvärden": [
        ["Indikator", "År", "Målvärde"],
        ["1.1", 2022, 70],
        ["1.1", 2023, "72,5"],
        ["2.1", 2022, 84],
        ["2.1", 2023, "85 %"],
    ],
    "Tillfällen": [
        ["År", "Tillfälle", "Rapporterad"],
        [2023, "Delårsbokslut", "2023-09-25"],
        [2023, "Årsbokslut", date(2024, 2, 26)],
    ],
    "Bedömningar": [
        ["Mål", "År", "Tillfälle", "Bedömning", "Motivering"],
        ["1", 2023, "Årsbokslut", "Helt uppfyllt", "Målvärdet nås."],
    ],
}


def good() -> Sheets:
    """Return the sheets of a workbook that is right."""
    return copy.deepcopy(_GOOD)


def workbook(sheets: Sheets) -> bytes:
    """Return the sheets as an Excel file, with a sheet that nobody reads before them."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        book.add_worksheet("Läs mig").write(0, 0, "Så här fyller du i.")
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(place, column, cell, day if isinstance(cell, date) else None)
    return written.getvalue()
