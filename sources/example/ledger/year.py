"""One year's general ledger: numbered vouchers whose sums per account are the plan's, and its balances.

Belongs here: putting bookings and settlements together. Not here: either of them, or the file format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from sources.example.catalog import PRIOR_RESULT, Catalog
from sources.example.ledger.bookings import book_plan
from sources.example.ledger.codings import read_codings
from sources.example.ledger.settlements import pay_invoices, settle_months, settle_opening
from sources.example.ledger.vouchers import Vouchers, combined
from sources.example.ledger.workdays import Workdays, workdays

# Salaries come as a file from the payroll system, which does not say when they were registered.
_UNREGISTERED = ("P",)


@dataclass(frozen=True, slots=True)
class Balances:
    """A year in sums: ``opening`` and ``closing`` map balance accounts, ``results`` result accounts, to öre.

    Accounts at zero are left out. Closing and results add up to zero together: the year is not closed.
    """

    opening: Mapping[str, int]
    closing: Mapping[str, int]
    results: Mapping[str, int]

    def carried_forward(self) -> dict[str, int]:
        """Return the next year's opening balance: the closing one and the year's result, as equity."""
        return dict(self.closing) | {PRIOR_RESULT: sum(self.results.values())}


@dataclass(frozen=True, slots=True)
class LedgerYear:
    """A booked year.

    ``heads`` has one row per voucher in file order: voucher (its place, from 0), series, number, day, registered (null
    where not known) and text. ``postings`` has one row per posting in file order: voucher, coding and ore (debit +).
    ``codings`` has one row per code string: see ``codings.Codings``.
    """

    year: int
    heads: pl.DataFrame
    postings: pl.DataFrame
    codings: pl.DataFrame
    balances: Balances


def opening_2022(catalog: Catalog) -> dict[str, int]:
    """Return the first opening balance: balance account to öre, adding up to zero."""
    return {account.code: account.opening_ore for account in catalog.balance_accounts.values() if account.opening_ore}


def book_year(catalog: Catalog, year: int, opening: Mapping[str, int], *, seed: int, scale: int) -> LedgerYear:
    """Return a year's vouchers for a solved catalog.

    ``scale`` multiplies the number of invoices, internal sales and pay groups, never their sums. The same arguments
    give the same rows.
    """
    calendar, codings = workdays(year), read_codings(catalog)
    rng = np.random.default_rng((seed, year))
    booked = book_plan(catalog, codings, calendar, seed=seed, scale=scale)
    batches = [
        booked,
        pay_invoices(catalog, codings, booked, calendar, rng),
        settle_months(catalog, codings, booked, calendar),
        settle_opening(catalog, codings, opening, calendar, rng, scale),
    ]
    vouchers = _numbered(combined(batches), calendar, rng)
    balances = _balances(catalog, opening, vouchers.postings, codings.table)
    return LedgerYear(year, vouchers.heads, vouchers.postings, codings.table, balances)


def _numbered(vouchers: Vouchers, calendar: Workdays, rng: np.random.Generator) -> Vouchers:
    """Sort by series and day, number from 1 in each series and say when each voucher was registered."""
    heads = vouchers.heads.sort("series", "day", "voucher")
    registered = calendar.after(heads["day"].to_numpy(), rng.integers(0, 4, heads.height))
    heads = heads.with_columns(
        place=pl.int_range(pl.len(), dtype=pl.Int64),
        number=pl.int_range(1, pl.len() + 1).over("series"),
        registered=pl.Series(registered, dtype=pl.Date),
    ).with_columns(registered=pl.when(~pl.col("series").is_in(_UNREGISTERED)).then("registered"))
    postings = vouchers.postings.join(heads.select("voucher", "place"), on="voucher", maintain_order="left")
    return Vouchers(
        heads.select("series", "number", "day", "registered", "text", voucher="place"),
        postings.sort("place", "step", maintain_order=True).select("coding", "ore", voucher="place"),
    )


def _balances(catalog: Catalog, opening: Mapping[str, int], postings: pl.DataFrame, codings: pl.DataFrame) -> Balances:
    sums = postings.group_by("coding").agg(pl.col("ore").sum()).join(codings, on="coding")
    moved = dict(sums.group_by("account").agg(pl.col("ore").sum()).sort("account").iter_rows())
    closing = {account: opening.get(account, 0) + moved.get(account, 0) for account in sorted(catalog.balance_accounts)}
    return Balances(
        opening,
        {account: ore for account, ore in closing.items() if ore},
        {account: ore for account, ore in moved.items() if account not in catalog.balance_accounts},
    )
