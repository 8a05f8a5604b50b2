"""Write ledgers as Raindance extracts: the fact table of postings, voucher heads and names of codes.

Belongs here: the columns of ``EK_FAKTA_VERIFIKAT`` and ``EK_FAKTA_VERHUVUD``, and how Raindance says that there is no
date. Not here: amounts. The extracts hold no balances.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from sources.example.catalog import Catalog
from sources.example.exports.postings import amount_text, posting_rows, write_table
from sources.example.ledger.year import LedgerYear

_COMPANY = "1489"
_DIMENSIONS = {"account": "KONTO", "unit": "ANSV", "activity": "VERK", "project": "PROJ"}
_NO_DATE = date(1799, 12, 31)


def write_raindance(out: Path, catalog: Catalog, ledger: LedgerYear) -> list[Path]:
    """Write ``raindance_verifikat_<year>.csv`` and ``raindance_verhuvud_<year>.csv``, and the names of all codes.

    Semicolons, decimal comma, UTF-8 with BOM. The names (``raindance_dimensioner.csv``) belong to no year.
    """
    tables: dict[str, Iterable[pl.DataFrame]] = {
        f"raindance_verifikat_{ledger.year}.csv": map(_facts, posting_rows(ledger)),
        f"raindance_verhuvud_{ledger.year}.csv": [_heads(ledger)],
        "raindance_dimensioner.csv": [_names(catalog)],
    }
    return [write_table(out / name, pieces, separator=";", bom=True) for name, pieces in tables.items()]


def _facts(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        FORETAG=pl.lit(_COMPANY),
        VERTYP="series",
        VERNR="number",
        VERRAD="row",
        VERDATUM="day",
        REGDATUM=pl.col("registered").fill_null(_NO_DATE),
        RADTEXT="text",
        HUVUDTEXT="head_text",
        KONTO_ID="account",
        ANSV_ID="unit_code",
        VERK_ID="activity_code",
        PROJ_ID="project_code",
        UTFALL_V=amount_text(","),
    )


def _heads(ledger: LedgerYear) -> pl.DataFrame:
    """Return one row per voucher; ``ANTALRADER`` is how many postings it has."""
    counts = ledger.postings.group_by("voucher").agg(rows=pl.len())
    return ledger.heads.join(counts, on="voucher", maintain_order="left").select(
        FORETAG=pl.lit(_COMPANY),
        VERTYP="series",
        VERNR="number",
        VERDATUM="day",
        REGDATUM=pl.col("registered").fill_null(_NO_DATE),
        HUVUDTEXT="text",
        ANTALRADER="rows",
    )


def _names(catalog: Catalog) -> pl.DataFrame:
    """Return one row per code of each dimension in use."""
    rows = [(_DIMENSIONS[kind], code, name) for kind, names in catalog.names().items() for code, name in names.items()]
    return pl.DataFrame(rows, schema=["DIM", "ID", "BENAMNING"], orient="row")
