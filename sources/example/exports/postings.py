"""A ledger year as one flat table, for the systems that export one.

Belongs here: joining postings with their vouchers and code strings a piece at a time, amounts as text, and writing the
pieces. Not here: any system's columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from sources.example.ledger.year import LedgerYear

# So many postings are joined and turned into text at a time: no file is held in memory as a whole.
CHUNK = 200_000


def posting_rows(ledger: LedgerYear) -> Iterator[pl.DataFrame]:
    """Yield the postings in file order, some at a time.

    Columns: series, number, day, registered (null where not known), head_text, row (from 1 in each voucher), account,
    unit_code, activity_code, project_code and text (empty where none) and ore (debit +).
    """
    codings = ledger.codings.select("coding", "account", "unit_code", "activity_code", "project_code", "text")
    heads = ledger.heads.rename({"text": "head_text"})
    postings = ledger.postings.with_columns(row=pl.int_range(1, pl.len() + 1).over("voucher"))
    for offset in range(0, postings.height, CHUNK):
        rows = postings.slice(offset, CHUNK).join(heads, on="voucher", maintain_order="left")
        yield rows.join(codings, on="coding", maintain_order="left").drop("voucher", "coding")


def amount_text(mark: str = ".") -> pl.Expr:
    """Return ``ore`` as kronor with two decimals after ``mark``."""
    size = pl.col("ore").abs()
    sign = pl.when(pl.col("ore") < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, size // 100, pl.lit(mark), (size % 100).cast(pl.String).str.zfill(2))


def write_table(path: Path, pieces: Iterable[pl.DataFrame], *, separator: str, bom: bool = False) -> Path:
    """Write the pieces of one table as CSV in UTF-8, with CRLF and quotes only where they are needed."""
    text = pl.col(pl.String)
    with path.open("wb") as file:
        for place, piece in enumerate(pieces):
            # Polars quotes an empty text but not a null; these systems quote neither.
            piece.with_columns(pl.when(text != "").then(text).name.keep()).write_csv(
                file,
                separator=separator,
                line_terminator="\r\n",
                include_header=place == 0,
                include_bom=bom and place == 0,
                date_format="%Y-%m-%d",
                quote_style="necessary",
            )
    return path
