"""Write the budgets of the example municipality: of operations and of investments.

Belongs here: the layouts in which a planning system prints them. Not here: amounts (``solve.py``, ``invented/``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sources.example.catalog import BOARD, INVESTMENT_VERSIONS, Catalog
from sources.example.exports.spreadsheets import Cell, Heading, kronor, write_csv, write_workbook

_HEADER = ("År", "Ansvar", "Konto", "Verksamhet", "Projekt", "Period", "Belopp", "Version")
_HEADING = Heading(
    "Budget",
    "Budget 2023, kommunstyrelsen",
    "Belopp i kronor med huvudbokens tecken: kostnad är plus, intäkt är minus. Tom period är hela året.",
    datetime(2024, 1, 22, 6, 30),
)
_INVESTMENT_HEADER = ("År", "Nämnd", "Projekt", "Belopp", "Version")
_INVESTMENT_HEADING = Heading(
    "Investeringsbudget",
    "Investeringsbudget 2023, kommunstyrelsen",
    "Belopp i kronor, utgift är plus. Ombudgeterade medel kommer utöver den reviderade budgeten.",
    datetime(2023, 4, 27, 9, 15),
)
_VERSIONS = dict(zip(INVESTMENT_VERSIONS, ("Ursprunglig", "Reviderad", "Ombudgeterad"), strict=True))

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


def write_budgets(out: Path, catalog: Catalog) -> list[Path]:
    """Write the budget of 2022 (revised only, CSV) and of 2023 (original and revised, workbook)."""
    before = budget_lines(catalog, 2022, "budget_2022", "Reviderad")
    lines = [
        *budget_lines(catalog, 2023, "budget_2023_original", "Ursprunglig"),
        *budget_lines(catalog, 2023, "budget_2023", "Reviderad"),
    ]
    return [
        write_csv(out / "budget_2022.csv", _HEADER, map(_in_kronor, before)),
        write_workbook(out / "budget_2023.xlsx", _HEADING, _HEADER, map(_in_kronor, lines)),
    ]


def write_investment_budgets(out: Path, catalog: Catalog) -> list[Path]:
    """Write the investment budget of 2022 (CSV, never revised) and of 2023 (workbook, revised)."""
    path = out / "investeringsbudget_2023.xlsx"
    return [
        write_csv(out / "investeringsbudget_2022.csv", _INVESTMENT_HEADER, _investment_lines(catalog, 2022)),
        write_workbook(path, _INVESTMENT_HEADING, _INVESTMENT_HEADER, _investment_lines(catalog, 2023)),
    ]


def _in_kronor(line: BudgetLine) -> tuple[Cell, ...]:
    return *line[:6], kronor(line[6]), line[7]


def _investment_lines(catalog: Catalog, year: int) -> Iterator[tuple[Cell, ...]]:
    for version, name in _VERSIONS.items():
        for row in catalog.investments:
            if ore := row.ore[f"{version}_{year}"]:
                yield year, BOARD, row.project_code, kronor(ore), name
