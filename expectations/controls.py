"""Derive the control tables: sums that must hold, one row for each thing that must balance.

Belongs here: accounting sums over one delivery, and the delivery's own figures. Not here: what is right or wrong
(``suites/``), helper columns on the tables themselves (``helpers``). Sums are whole öre, debit +, as in the ledger;
null where a sum does not apply, because Great Expectations leaves nulls alone. Imported where used (polars).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from expectations.arrival import ArrivalContext

_BALANCE_SHEET = r"^[12]"
_RESULT = r"^[3-8]"
_DELIVERY = {
    "carried_rows": pl.Int64,
    "organisation_number": pl.String,
    "organisation_digits": pl.String,
    "superseded_rows": pl.Int64,
    "content_rows": pl.Int64,
    "share_of_superseded_pct": pl.Float64,
    "quarantined_rows": pl.Int64,
    "quarantined_pct": pl.Float64,
    "first_fiscal_year": pl.Int64,
    "last_fiscal_year": pl.Int64,
    "has_unit_register": pl.Boolean,
}


def voucher_control(postings: pl.DataFrame) -> pl.DataFrame:
    """Return one row per voucher: its sum over counting postings, null where an amount could not be read."""
    return (
        postings.filter(pl.col("counts"))
        .group_by("voucher_at", maintain_order=True)
        .agg(
            pl.col("fiscal_year", "voucher_series", "voucher_no", "voucher").first(),
            pl.len().alias("postings"),
            _sum("amount_ore").alias("sum_ore"),
        )
        .with_columns(pl.col("voucher_series", "voucher_no").replace("", None))
    )


def period_control(loaded: pl.DataFrame) -> pl.DataFrame:
    """Return one row per period: the sum of the postings that are to be loaded, those in quarantine left out."""
    counting = loaded.filter(pl.col("counts")).filter(pl.col("period").is_not_null())
    return counting.group_by("period").agg(_sum("amount_ore").alias("sum_ore")).sort("period")


def balance_control(postings: pl.DataFrame, balances: pl.DataFrame) -> pl.DataFrame:
    """Return one row per fiscal year and balance account: opening + movements, less closing, as the file says it.

    No row where the year has no postings, no opening or no closing balances: exports of part of a year do not
    reconcile. Null where an amount could not be read.
    """
    both = _year_balances(balances, ["IB", "UB"], _BALANCE_SHEET)
    parts = [
        _by_account(both.filter(kind="IB"), "opening_ore"),
        _by_account(_counting(postings, _BALANCE_SHEET), "movements_ore"),
        _by_account(both.filter(kind="UB"), "closing_ore"),
    ]
    sums = _side_by_side(parts, postings, both.filter(kind="IB"), both.filter(kind="UB"))
    difference = pl.col("opening_ore") + pl.col("movements_ore") - pl.col("closing_ore")
    return sums.with_columns(difference.alias("difference_ore"))


def result_control(postings: pl.DataFrame, balances: pl.DataFrame) -> pl.DataFrame:
    """Return one row per fiscal year and result account: movements less #RES, where the year has any of both."""
    stated = _year_balances(balances, ["RES"], _RESULT)
    parts = [
        _by_account(_counting(postings, _RESULT), "movements_ore"),
        _by_account(stated, "stated_ore"),
    ]
    sums = _side_by_side(parts, postings, stated)
    return sums.with_columns((pl.col("movements_ore") - pl.col("stated_ore")).alias("difference_ore"))


def delivery_control(
    context: ArrivalContext, *, content: int, carried: int, quarantined: int, has_units: bool
) -> pl.DataFrame:
    """Return one row about the delivery.

    ``content`` counts the rows of the principal table, ``carried`` balances too: a ledger without postings is not
    empty. ``has_units`` is false for the register of units itself, which needs no register. Shares are per cent; null
    where there is nothing to compare with.
    """
    before = context.superseded_rows
    row = {
        "carried_rows": carried,
        "organisation_number": context.organisation_number,
        "organisation_digits": context.organisation_number and digits(context.organisation_number),
        "superseded_rows": before,
        "content_rows": content,
        "share_of_superseded_pct": 100 * content / before if before else None,
        "quarantined_rows": quarantined,
        "quarantined_pct": 100 * quarantined / content if content else None,
        "first_fiscal_year": min(context.fiscal_years, default=None),
        "last_fiscal_year": max(context.fiscal_years, default=None),
        "has_unit_register": context.units is not None if has_units else None,
    }
    return pl.DataFrame([row], schema=_DELIVERY)


def digits(organisation_number: str) -> str:
    """Return the ten digits of an organisation number, however it is written."""
    return re.sub(r"\D", "", organisation_number)[-10:]


def _year_balances(balances: pl.DataFrame, kinds: Sequence[str], accounts: str) -> pl.DataFrame:
    current = (pl.col("year_no") == 0) & pl.col("kind").is_in(kinds)
    return balances.filter(current & pl.col("account").str.contains(accounts))


def _counting(postings: pl.DataFrame, accounts: str) -> pl.DataFrame:
    return postings.filter(pl.col("counts")).filter(pl.col("account").str.contains(accounts))


def _by_account(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.group_by("fiscal_year", "account").agg(_sum("amount_ore").alias(name))


def _side_by_side(parts: Sequence[pl.DataFrame], *required: pl.DataFrame) -> pl.DataFrame:
    """Return every account of ``parts`` with their sums, absent = 0, for the years that all ``required`` have."""
    keys = ["fiscal_year", "account"]
    every = pl.concat([part.select(keys) for part in parts]).unique()
    for rows in required:
        every = every.join(rows.select("fiscal_year").unique(), on="fiscal_year", how="semi")
    for part in parts:
        name = part.columns[-1]
        found = part.with_columns(pl.lit(value=True).alias("_found"))
        every = every.join(found, on=keys, how="left").with_columns(
            pl.when(pl.col("_found")).then(pl.col(name)).otherwise(0).alias(name)
        )
        every = every.drop("_found")
    return every.sort(keys)


def _sum(name: str) -> pl.Expr:
    """Sum that is null, not less, where a term is null."""
    return pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum())
