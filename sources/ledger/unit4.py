"""Read Unit4 (Agresso) extracts: agltransact, agldimvalue and aglaccounts.

    postings  ->  ledger__postings
    values, accounts  ->  ledger__accounts, ledger__dimension_values

Knows what Unit4 means by its columns and nothing else: files, headers and cells are in ``extracts``. Amounts have the
ledger's sign in the extract already, and ``dc_flag`` must agree with it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import polars as pl

from sources.ledger.extracts import canonical
from sources.ledger.extracts.canonical import POSTINGS, RAW_NAMES, Said
from sources.ledger.extracts.maps import Layout, named_codes
from sources.ledger.extracts.table import Table
from sources.reading import Company
from sources.tabular.extract import ROW_NO
from sources.tabular.values import folded

# An invoice is booked in the old year until its accounts are closed: after that a date outside the year is a fault.
_BOOKED_WITHIN = timedelta(days=120)
_ACCOUNT_ATTRIBUTES = ("A0",)


def read_postings(table: Table, layout: Layout, _: Company) -> Said:
    """Return the postings of agltransact.

    The period, not the date, says when a posting belongs: a voucher dated within some months outside its fiscal year
    gets the last day of its period as voucher date, and keeps the date it had as transaction date.
    """
    canonical.note_missing_dates(table, layout.system.no_date)
    _note_sides(table)
    _note_ore(table)
    frame = canonical.with_vouchers(_with_year(table.frame))
    moved, frame = _moved_into_the_year(frame)
    # agltransact has neither a voucher text nor a day of registration; each of its rows counts.
    frame = frame.with_columns(
        pl.lit(None, pl.String).alias("voucher_text"),
        pl.lit(None, pl.Date).alias("registered_on"),
        pl.lit(value=True).alias("counts"),
    )
    rows = canonical.postings(frame)
    said = Said({POSTINGS: rows})
    said.problems += table.problems(POSTINGS, RAW_NAMES, rows[ROW_NO])
    if moved.height:
        reason = f"Verifikatdatum utanför räkenskapsåret ({moved.height} rader): de räknas till periodens sista dag."
        said.issues.append((int(moved[ROW_NO][0]), "voucher_date", "info", reason))
    return said


def _with_year(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the fiscal year where the extract does not say it: the period's, else the voucher date's."""
    year = pl.coalesce("fiscal_year", pl.col("period") // 100, pl.col("voucher_date").dt.year())
    return frame.with_columns(year.cast(pl.Int32).alias("fiscal_year"))


def _moved_into_the_year(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    year, month = pl.col("fiscal_year"), pl.col("period") % 100
    first, last = pl.date(year, 1, 1), pl.date(year, 12, 31)
    is_near = pl.col("voucher_date").is_between(first - _BOOKED_WITHIN, last + _BOOKED_WITHIN)
    outside = is_near & ~pl.col("voucher_date").is_between(first, last) & (pl.col("period") // 100 == year)
    frame = frame.with_columns(outside.fill_null(value=False).alias("_moved"))
    moved = frame.filter("_moved").select(ROW_NO)
    day = pl.when("_moved").then(pl.date(year, month, 1).dt.month_end()).otherwise("voucher_date")
    return moved, frame.with_columns(
        pl.coalesce("transaction_date", "voucher_date").alias("transaction_date"), day.alias("voucher_date")
    )


def _note_sides(table: Table) -> None:
    """Note amounts whose sign is not that of their debit/credit flag."""
    side, amount = table.frame["side"], table.frame["outcome"]
    against = ((side > 0) & (amount < 0)) | ((side < 0) & (amount > 0))
    reason = "har fel tecken mot dc_flag (debet +, kredit -); rätta i ekonomisystemet och exportera igen"
    table.fault(against.fill_null(value=False), "outcome", reason)


def _note_ore(table: Table) -> None:
    """Note amounts in kronor that the same row gives in another unit: amount and cur_amount a hundred times apart."""
    rows = table.frame.select("currency", pl.col("outcome", "amount_in_currency").cast(pl.Decimal(38, 2)))
    here, there = pl.col("outcome"), pl.col("amount_in_currency")
    apart = (here * 100 == there) | (there * 100 == here)
    is_off = rows.select(off=(pl.col("currency") == "SEK") & (here != 0) & apart)["off"]
    reason = "skiljer en faktor 100 från cur_amount fast valutan är SEK: det ena är i ören. Exportera båda i kronor"
    table.fault(is_off.fill_null(value=False), "outcome", reason)


def read_values(table: Table, layout: Layout, company: Company) -> Said:
    """Return the names of agldimvalue; ``dim_position``, else ``attribute_id``, says which column each names."""
    known = named_codes(layout.system, company)
    columns = {folded(column): column for column in known} | {folded(name): "account" for name in _ACCOUNT_ATTRIBUTES}
    position = pl.col("position")
    by_place = pl.when(position.str.contains("^[1-7]$")).then(pl.concat_str(pl.lit("dim_"), position))
    return canonical.names(table, pl.coalesce(by_place, canonical.column_named(table, columns)), known)


def read_accounts(table: Table, layout: Layout, company: Company) -> Said:
    """Return the chart of aglaccounts."""
    said = canonical.names(table, pl.lit("account"), named_codes(layout.system, company))
    said.part = "names account"
    return said


READERS: dict[str, Callable[[Table, Layout, Company], Said]] = {
    "postings": read_postings,
    "values": read_values,
    "accounts": read_accounts,
}
