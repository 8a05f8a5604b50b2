"""Write the budget and organisation files of the example municipality.

Belongs here: the layouts in which a planning system and a code plan print them. Not here: amounts (``solve.py``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sources.example.catalog import Catalog

_BUDGET_HEADER = ("År", "Ansvar", "Konto", "Verksamhet", "Projekt", "Period", "Belopp", "Version")
_UNIT_HEADER = ("Ansvar", "Benämning", "Överordnad", "Nämnd", "Segment", "Giltig från", "Giltig till")
_NOTE = "Belopp i kronor med huvudbokens tecken: kostnad är plus, intäkt är minus. Tom period är hela året."
# The workbook carries its date of creation; a fixed one keeps the file the same byte for byte.
_PRINTED = datetime(2024, 1, 22, 6, 30)

BudgetLine = tuple[int, str, str, str, str, str, int, str]


def budget_lines(catalog: Catalog, year: int, measure: str, version: str) -> Iterator[BudgetLine]:
    """Yield year, unit, account, activity, project, period (YYYYMM or empty), öre and version.

    A row laid on months has the same amount each month; the last month takes what does not divide.
    """
    for row in catalog.plan:
        amount, months = row.ore[measure], row.budget_months
        if not amount:
            continue
        codes = (year, row.unit_code, row.account, row.activity_code, row.project_code)
        if not months:
            yield *codes, "", amount, version
            continue
        share = int(amount / len(months) / 100) * 100
        for month in months:
            rest = amount - share * (len(months) - 1)
            yield *codes, f"{year}{month:02}", rest if month == months[-1] else share, version


def write_budget_csv(path: Path, catalog: Catalog) -> Path:
    """Write the budget of 2022: semicolons, decimal comma, UTF-8 with BOM."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(_BUDGET_HEADER)
        for *codes, ore, version in budget_lines(catalog, 2022, "budget_2022", "Reviderad"):
            sign = "-" if ore < 0 else ""
            writer.writerow([*codes, f"{sign}{abs(ore) // 100},{abs(ore) % 100:02}", version])
    return path


def write_budget_xlsx(path: Path, catalog: Catalog) -> Path:
    """Write the budget of 2023, original and revised, as the planning system prints it: title and note above."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "Budget 2023", "created": _PRINTED})
        sheet = book.add_worksheet("Budget")
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        sheet.write_string(0, 0, "Budget 2023, kommunstyrelsen", bold)
        sheet.write_string(1, 0, f"Utskrivet {_PRINTED:%Y-%m-%d}. {_NOTE}")
        sheet.write_row(3, 0, _BUDGET_HEADER, bold)
        sheet.set_column(0, len(_BUDGET_HEADER) - 1, 14)
        lines = [
            *budget_lines(catalog, 2023, "budget_2023_original", "Ursprunglig"),
            *budget_lines(catalog, 2023, "budget_2023", "Reviderad"),
        ]
        for place, (year, unit, account, activity, project, period, ore, version) in enumerate(lines, start=4):
            sheet.write_number(place, 0, year)
            for column, text in enumerate((unit, account, activity, project, period), start=1):
                sheet.write_string(place, column, text)
            sheet.write_number(place, 6, ore / 100, money)
            sheet.write_string(place, 7, version)
    return path


def write_organisation(path: Path, catalog: Catalog) -> Path:
    """Write the register of units: one row per unit and validity, semicolons, UTF-8 with BOM."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(_UNIT_HEADER)
        for unit in catalog.units:
            writer.writerow(
                [
                    unit.code,
                    unit.name,
                    unit.parent_code,
                    unit.board_code,
                    unit.segment,
                    unit.valid_from,
                    unit.valid_to,
                ]
            )
    return path
