"""Registers of follow-up in memory, as CSV or Excel, to be spoiled.

Belongs here: one good table of each register and how it becomes bytes. Not here: what is asserted about them.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from typing import Any

import xlsxwriter

Table = list[list[Any]]

_GOOD: dict[str, Table] = {
    "internal_control": [
        ["År", "Nämnd", "Riskkod", "Risk", "Beskrivning", "Kontroll", "Bedömning", "Resultat", "Åtgärd", "Anmärkning"],
        [2023, "KS", "IK-01", "Fel lön", "Lönen kan bli fel.", "Stickprov.", "Brist", "Två fel.", "Rätta.", "Egen"],
        [2023, "KS", "IK-02", "Elbrist", "Elen kan ta slut.", "Planer.", "", "Planer finns.", "Ingen åtgärd.", ""],
    ],
    "assignments": [
        ["År", "Nämnd", "Uppdragskod", "Uppdrag", "Status", "Kommentar", "Beslutat", "Återrapporterat"],
        [2022, "KS", "U-01", "Ta fram en plan.", "Pågår", "", "2021-11-24", ""],
        [2023, "KS", "U-01", "Ta fram en plan.", "Genomfört", "Planen är antagen.", "2021-11-24", "2023-12-11"],
    ],
    "contract_reviews": [
        [
            *("År", "Nämnd", "Avtalskod", "Avtal", "Leverantör", "Kravnr", "Krav", "Svar", "Brist", "Effekt"),
            "Åtgärd",
        ],
        [2023, "KS", "kost", "Kost", "Kock AB", 1, "Maten smakar", "Delvis", "Två enheter", "", "En plan"],
        [2023, "KS", "kost", "Kost", "Kock AB", 2, "Maten är varm", "Ja med anmärkning", "", "", ""],
        [2023, "KS", "taxi", "Taxi", "Bil AB", 1, "Bilen kommer", "Ej aktuellt", "", "", ""],
    ],
    "contract_measures": [
        ["År", "Nämnd", "Avtalskod", "Måttkod", "Mått", "Grupp", "Värde", "Enhet"],
        [2023, "KS", "kost", "deviations", "Avvikelser", "Skola", 27, "antal"],
        [2023, "KS", "kost", "deviations", "Avvikelser", "Förskola", 435, "antal"],
        [2023, "KS", "kost", "deviations", "Avvikelser", "Alla", 462, "antal"],
        [2023, "KS", "taxi", "co2", "Utsläpp", "Alla", "1,09", "kg/mil"],
    ],
    "sustainability": [
        ["År", "Nämnd", "Aktivitetsnr", "Principnr", "Princip", "Aktivitet"],
        [2023, "KS", 1, 5, "Visa.", "En mässa."],
        [2023, "KS", 2, 5, "Visa.", "En festival."],
    ],
}
REGISTERS = tuple(_GOOD)


def good(name: str) -> Table:
    """Return a register that is right: headers and rows."""
    return copy.deepcopy(_GOOD[name])


def changed(name: str, row: int, header: str, cell: Any) -> Table:
    """Return the register with one cell changed; ``row`` is the line of the file."""
    table = good(name)
    table[row - 1][table[0].index(header)] = cell
    return table


def as_csv(table: Table) -> bytes:
    """Return a register as CSV, in quotes."""
    return "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in table).encode("utf-8-sig")


def as_workbook(table: Table, then: Callable[[Any], None] = lambda _: None, sheet: str = "Register") -> bytes:
    """Return a register as a workbook with a sheet of advice before it; ``then`` is done to its sheet last."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"strings_to_formulas": False}) as book:
        book.add_worksheet("Läs mig").write(0, 0, "Så här fyller du i.")
        of_register = book.add_worksheet(sheet)
        for place, row in enumerate(table):
            for column, cell in enumerate(row):
                of_register.write(place, column, cell)
        then(of_register)
    return written.getvalue()
