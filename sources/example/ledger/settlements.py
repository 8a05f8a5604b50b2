"""Pay what is owed and collect what is due.

Belongs here: payments of invoices, monthly settlements, and what the year before left. Not here: what gave rise to the
debts and claims (``bookings.py``).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from sources.example.catalog import BANK, EQUITY, PRIOR_RESULT, Catalog
from sources.example.ledger.codings import Codings
from sources.example.ledger.rhythms import split
from sources.example.ledger.vouchers import Vouchers, transfers
from sources.example.ledger.workdays import Workdays

_PAYMENT_SERIES = {"2441": "U", "1511": "I"}
_OPENING_INVOICES = 150


def pay_invoices(
    catalog: Catalog, codings: Codings, booked: Vouchers, calendar: Workdays, rng: np.random.Generator
) -> Vouchers:
    """Pay each invoice four or five weeks later; those then due after New Year stay as debts and claims."""
    codes = _settled(catalog, codings, "document")
    due = booked.postings.filter(pl.col("coding").is_in(list(codes))).join(booked.heads, on="voucher").sort("voucher")
    paid = calendar.after(due["day"].to_numpy(), rng.integers(28, 36, due.height))
    due = due.with_columns(day=pl.Series(paid, dtype=pl.Date)).filter(pl.col("day").dt.year() == calendar.year)
    texts = {coding: catalog.balance_accounts[account].text for coding, account in codes.items()}
    series = {coding: _PAYMENT_SERIES[account] for coding, account in codes.items()}
    return transfers(
        due.with_columns(
            series=pl.col("coding").replace_strict(series, return_dtype=pl.String),
            text=pl.format("{}: {}", pl.col("coding").replace_strict(texts, return_dtype=pl.String), "text"),
            target=pl.lit(codings.balance[BANK]),
        )
    )


def settle_months(catalog: Catalog, codings: Codings, booked: Vouchers, calendar: Workdays) -> Vouchers:
    """Settle taxes, pensions and dealings with other boards on the 12th of the month after; December's stay."""
    codes = _settled(catalog, codings, "monthly")
    months = booked.heads.select("voucher", month=pl.col("day").dt.month().cast(pl.Int64))
    due = (
        booked.postings.filter(pl.col("coding").is_in(list(codes)))
        .join(months, on="voucher")
        .filter(pl.col("month") < 12)
        .group_by("coding", "month")
        .agg(pl.col("ore").sum())
        .sort("month", "coding")
    )
    texts = {coding: catalog.balance_accounts[account].text for coding, account in codes.items()}
    paid_on = {month: calendar.on(month + 1, 12).item() for month in range(1, 12)}
    return transfers(
        due.with_columns(
            series=pl.lit("B"),
            day=pl.col("month").replace_strict(paid_on, return_dtype=pl.Date),
            text=pl.col("coding").replace_strict(texts, return_dtype=pl.String),
            target=pl.lit(codings.balance[BANK]),
        )
    )


def settle_opening(
    catalog: Catalog,
    codings: Codings,
    opening: Mapping[str, int],
    calendar: Workdays,
    rng: np.random.Generator,
    scale: int,
) -> Vouchers:
    """Settle in January what the year before left, and carry its result to equity when the council has adopted it."""
    frames = []
    for coding, account in _settled(catalog, codings, "monthly").items():
        text = f"{catalog.balance_accounts[account].text}, föregående år"
        frames.append(_moves([calendar.on(1, 12)], "B", text, coding, codings.balance[BANK], [opening.get(account, 0)]))
    for coding, account in _settled(catalog, codings, "document").items():
        text = f"{catalog.balance_accounts[account].text}, faktura föregående år"
        days = np.sort(rng.choice(calendar.days[:21], _OPENING_INVOICES * scale))
        pieces = split(opening.get(account, 0), rng.lognormal(0.0, 0.9, len(days)))
        series = _PAYMENT_SERIES[account]
        frames.append(_moves(days.tolist(), series, text, coding, codings.balance[BANK], pieces.tolist()))
    text = f"Resultat {calendar.year - 1} till eget kapital"
    prior, equity = codings.balance[PRIOR_RESULT], codings.balance[EQUITY]
    frames.append(_moves([calendar.on(4, 28)], "A", text, prior, equity, [opening.get(PRIOR_RESULT, 0)]))
    return transfers(pl.concat(frames))


def _settled(catalog: Catalog, codings: Codings, how: str) -> dict[int, str]:
    """Return coding to account of the balance accounts settled in one way."""
    accounts = catalog.balance_accounts.values()
    return {codings.balance[account.code]: account.code for account in accounts if account.settled == how}


def _moves(days: list[np.datetime64], series: str, text: str, coding: int, target: int, ore: list[int]) -> pl.DataFrame:
    frame = pl.DataFrame({"day": np.array(days, dtype="datetime64[D]"), "ore": ore})
    return frame.with_columns(
        series=pl.lit(series),
        text=pl.lit(text),
        coding=pl.lit(coding, pl.Int32),
        target=pl.lit(target, pl.Int32),
    )
