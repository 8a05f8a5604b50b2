"""Write ledgers as Unit4 (Agresso) extracts: the transaction table and the names of its codes.

Belongs here: the columns of ``agltransact`` and ``agldimvalue``, and what this client uses them for. Not here: amounts.
The extracts hold no balances and no voucher heads.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from sources.example.catalog import Catalog
from sources.example.exports.postings import amount_text, posting_rows, write_table
from sources.example.ledger.year import LedgerYear

_CLIENT = "1489"
# What the code string's columns are used for; dim_4 to dim_7 are not used.
_COLUMNS = {"unit": "dim_1", "activity": "dim_2", "project": "dim_3", "account": "account"}
_NO_DATE = date(1899, 12, 31)


def write_unit4(out: Path, catalog: Catalog, ledger: LedgerYear) -> list[Path]:
    """Write ``agltransact_<year>.csv``, and the names of all codes as ``agldimvalue.csv``.

    Commas, decimal point, UTF-8. ``dim_1`` is the unit, ``dim_2`` the activity and ``dim_3`` the project.
    """
    tables: dict[str, Iterable[pl.DataFrame]] = {
        f"agltransact_{ledger.year}.csv": map(_transactions, posting_rows(ledger)),
        "agldimvalue.csv": [_names(catalog)],
    }
    return [write_table(out / name, pieces, separator=",") for name, pieces in tables.items()]


def _transactions(rows: pl.DataFrame) -> pl.DataFrame:
    has_text = pl.col("text") != ""
    used = {_COLUMNS[kind]: pl.col(f"{kind}_code") for kind in ("unit", "activity", "project")}
    return rows.select(
        client=pl.lit(_CLIENT),
        account="account",
        **{f"dim_{number}": used.get(f"dim_{number}", pl.lit("")) for number in range(1, 8)},
        amount=amount_text(),
        currency=pl.lit("SEK"),
        dc_flag=pl.col("ore").sign(),
        period=pl.col("day").dt.strftime("%Y%m"),
        fiscal_year=pl.col("day").dt.year(),
        voucher_no="number",
        voucher_type="series",
        sequence_no="row",
        # As in SIE, a posting without a text of its own has no date of its own; its description is the voucher's.
        trans_date=pl.when(has_text).then("day").otherwise(pl.lit(_NO_DATE)),
        voucher_date="day",
        description=pl.when(has_text).then("text").otherwise("head_text"),
        apar_id=pl.lit(""),
        ext_inv_ref=pl.col("head_text").str.extract(r"faktura (\d+)$"),
    )


def _names(catalog: Catalog) -> pl.DataFrame:
    """Return one row per code; ``attribute_id`` is the column of ``agltransact`` that the code stands in."""
    rows = [
        (_CLIENT, _COLUMNS[kind], code, name) for kind, names in catalog.names().items() for code, name in names.items()
    ]
    return pl.DataFrame(rows, schema=["client", "attribute_id", "dim_value", "description"], orient="row")
