"""The example municipality: invented vouchers and people whose sums are those of a published report.

Belongs here: ``write_example``, which writes an inbox as the suppliers would. Not here: reading any of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from sources.example.catalog import Catalog
    from sources.example.people.records import Registers

LedgerFormat = Literal["sie", "raindance", "unit4"]
LEDGER_FORMATS: tuple[LedgerFormat, ...] = get_args(LedgerFormat)


def write_example(out: Path, *, seed: int = 2023, scale: int = 1, ledger_format: LedgerFormat = "sie") -> list[Path]:
    """Write the inbox of the example municipality and return its files.

    The ledgers of 2022 and 2023 in one of three formats (SIE 4E, Raindance or Unit4 extracts) with the same postings;
    budgets of operations and investments, forecasts of 2023, the registers of units and of investment projects,
    surveys, the staff registers of two systems, the goals with their indicators, what institutes and Kolada have
    reported of them, the registers of risks, assignments, contracts and sustainability, and the statements that the
    report makes. README.md lists the files.

    The same arguments give the same bytes. Another ``seed`` gives other vouchers and people with the same figures;
    ``scale`` gives that many times more vouchers with the same sums. Existing files are replaced. Raises
    ``ValueError`` for a scale below 1 or an unknown format, and ``solve.Unsolvable`` if ``invented/`` has been changed
    so that the printed figures cannot be reached; nothing is written then.
    """
    # Solver and data frames take most of a second to import: only who writes the example pays for it.
    from sources.example.catalog import read_catalog
    from sources.example.exports.budgets import write_budgets, write_investment_budgets
    from sources.example.exports.followup import write_registers
    from sources.example.exports.forecasts import write_forecasts
    from sources.example.exports.goals import write_goals
    from sources.example.exports.indicators import write_results
    from sources.example.exports.kolada import write_kolada
    from sources.example.exports.registers import write_organisation, write_projects
    from sources.example.exports.statements import write_statements
    from sources.example.exports.surveys import write_surveys
    from sources.example.goal_catalog import read_goal_catalog
    from sources.example.people import invent_people
    from sources.example.solve import solved

    if scale < 1:
        raise ValueError(f"scale is {scale}, it must be at least 1")
    if ledger_format not in LEDGER_FORMATS:
        raise ValueError(f"ledger format is {ledger_format!r}, it must be one of {', '.join(LEDGER_FORMATS)}")
    catalog, goals = solved(read_catalog()), read_goal_catalog()
    registers = invent_people(catalog, seed=seed)
    out.mkdir(parents=True, exist_ok=True)
    return [
        *_write_ledgers(out, catalog, seed, scale, ledger_format),
        *write_budgets(out, catalog),
        *write_investment_budgets(out, catalog),
        *write_forecasts(out, catalog),
        write_organisation(out, catalog),
        write_projects(out, catalog),
        write_goals(out, goals),
        *write_registers(out),
        write_statements(out),
        *write_results(out, goals),
        *write_kolada(out, goals),
        *write_surveys(out, catalog, seed),
        *_write_people(out, registers),
    ]


def _write_people(out: Path, registers: Registers) -> list[Path]:
    """Write each year as the system of its time does, and the register of employments as the newer one does."""
    from sources.example.catalog import YEARS
    from sources.example.exports import lonlinjen, personalbladet

    written = [lonlinjen.write_register(out, registers)]
    for year, write_year in zip(YEARS, (personalbladet.write_year, lonlinjen.write_year), strict=True):
        written += write_year(out, registers, year)
    return written


def _write_ledgers(out: Path, catalog: Catalog, seed: int, scale: int, ledger_format: LedgerFormat) -> list[Path]:
    from sources.example.catalog import YEARS
    from sources.example.exports.raindance import write_raindance
    from sources.example.exports.sie import write_sie
    from sources.example.exports.unit4 import write_unit4
    from sources.example.ledger.year import book_year, opening_2022

    opening, before, written = opening_2022(catalog), None, []
    for year in YEARS:
        ledger = book_year(catalog, year, opening, seed=seed, scale=scale)
        if ledger_format == "sie":
            written += write_sie(out, catalog, ledger, before)
        else:
            write = write_raindance if ledger_format == "raindance" else write_unit4
            written += write(out, catalog, ledger)
        opening, before = ledger.balances.carried_forward(), ledger.balances
    # The names of codes belong to no year: each year writes them anew.
    return list(dict.fromkeys(written))
