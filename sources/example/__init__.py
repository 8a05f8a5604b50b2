"""The example municipality: invented vouchers whose sums are those of a published report.

Belongs here: ``write_example``, which writes an inbox as the suppliers would. Not here: reading any of it.
"""

from __future__ import annotations

from pathlib import Path


def write_example(out: Path, *, seed: int = 2023, scale: int = 1) -> list[Path]:
    """Write the inbox of the example municipality and return its files.

    ``KS_2022.se`` and ``KS_2023.se`` (SIE 4E), ``budget_2022.csv``, ``budget_2023.xlsx`` and ``organisation.csv``. The
    same arguments give the same bytes. Another ``seed`` gives other vouchers with the same sums; ``scale`` gives that
    many times more vouchers with the same sums. Existing files are replaced. Raises ``ValueError`` for a scale below 1
    and ``solve.Unsolvable`` if ``invented/`` has been changed so that the printed figures cannot be reached.
    """
    # Solver and data frames take most of a second to import: only who writes the example pays for it.
    from dataclasses import replace

    from sources.example.catalog import YEARS, read_catalog
    from sources.example.ledger.sie_writer import write_sie
    from sources.example.ledger.year import book_year, opening_2022
    from sources.example.registers import write_budget_csv, write_budget_xlsx, write_organisation
    from sources.example.solve import solve_plan

    if scale < 1:
        raise ValueError(f"scale is {scale}, it must be at least 1")
    out.mkdir(parents=True, exist_ok=True)
    sketch = read_catalog()
    catalog = replace(sketch, plan=solve_plan(sketch))
    opening, before, written = opening_2022(catalog), None, []
    for year in YEARS:
        ledger = book_year(catalog, year, opening, seed=seed, scale=scale)
        written.append(write_sie(out / f"KS_{year}.se", catalog, ledger, before))
        opening, before = ledger.balances.carried_forward(), ledger.balances
    return [
        *written,
        write_budget_csv(out / "budget_2022.csv", catalog),
        write_budget_xlsx(out / "budget_2023.xlsx", catalog),
        write_organisation(out / "organisation.csv", catalog),
    ]
