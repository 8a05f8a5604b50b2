"""One year's general ledger: balanced vouchers whose sums per account are the plan's.

Belongs here: counter postings, payments, settlements, opening and closing balances, voucher numbers. Not here: how an
amount is split over the year (``rhythms.py``) or the file format (``sie_writer.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from sources.example.catalog import Catalog, PlanRow
from sources.example.rhythms import RHYTHMS, Occasion, split
from sources.example.workdays import Workdays, workdays
from sources.example.years import BANK, EQUITY, PRIOR_RESULT

_OBJECTS = ("unit_code", "activity_code", "project_code")
_POSTING = ("voucher", "step", "account", *_OBJECTS, "ore", "text")
_INVOICED = ("L", "K", "N")
# Vouchers are known by number until they are sorted; each kind has a range of its own.
_FIRST_PAYMENT, _FIRST_SETTLEMENT, _FIRST_OPENING = 100_000_000, 200_000_000, 300_000_000
_FIRST_INVOICE_NO = 100_000
_OPENING_INVOICES = 150
_PAYMENT_SERIES = {"2441": "U", "1511": "I"}


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

    ``postings`` has one row per posting in file order: series, number, day, registered, voucher_text, account,
    unit_code, activity_code, project_code (empty where none), text and ore (int64, debit +).
    """

    year: int
    postings: pl.DataFrame
    balances: Balances


def opening_2022(catalog: Catalog) -> dict[str, int]:
    """Return the first opening balance: balance account to öre, adding up to zero."""
    return {account.code: account.opening_ore for account in catalog.balance_accounts.values() if account.opening_ore}


def book_year(catalog: Catalog, year: int, opening: Mapping[str, int], *, seed: int, scale: int) -> LedgerYear:
    """Return a year's vouchers for a solved plan.

    ``scale`` multiplies the number of invoices, internal sales and pay groups, never their sums. The same arguments
    give the same rows.
    """
    calendar = workdays(year)
    rng = np.random.default_rng((seed, year))
    parts = _parts(catalog, calendar, seed, scale)
    vouchers = _voucher_heads(parts)
    counters = _counters(parts)
    documents, payments = _payments(catalog, counters, vouchers, calendar, rng)
    settled, settlements = _settlements(catalog, pl.concat([parts.select(_POSTING), counters]), vouchers, calendar)
    opened, openings = _opening_settlements(catalog, opening, calendar, rng, scale)
    heads = _numbered(pl.concat([vouchers, documents, settled, opened]), calendar, rng)
    postings = (
        pl.concat([parts.select(_POSTING), counters, payments, settlements, openings])
        .filter(pl.col("ore") != 0)
        .with_row_index("place")
        .join(heads, on="voucher")
        .sort("series", "number", "step", "place")
        .drop("voucher", "step", "place")
    )
    return LedgerYear(year, postings, _balances(catalog, opening, postings))


def _balances(catalog: Catalog, opening: Mapping[str, int], postings: pl.DataFrame) -> Balances:
    moved = dict(postings.group_by("account").agg(pl.col("ore").sum()).sort("account").iter_rows())
    closing = {account: opening.get(account, 0) + moved.get(account, 0) for account in sorted(catalog.balance_accounts)}
    return Balances(
        opening,
        {account: ore for account, ore in closing.items() if ore},
        {account: ore for account, ore in moved.items() if account in catalog.accounts},
    )


def _parts(catalog: Catalog, calendar: Workdays, seed: int, scale: int) -> pl.DataFrame:
    """Return one row per result posting with its account's rules and the voucher it stands in."""
    units = {unit.code: unit.name for unit in catalog.units}
    frames, vouchers = [], 0
    for name, rhythm in RHYTHMS.items():
        rows = [
            _row_parts(catalog, calendar, index, row, units[row.unit_code], (seed, scale))
            for index, row in enumerate(catalog.plan)
            if catalog.accounts[row.account].rhythm == name and row.ore[f"outcome_{calendar.year}"]
        ]
        if not rows:
            continue
        frame = pl.concat(rows).filter(pl.col("ore") != 0)
        if rhythm.cut:
            cuts = np.random.default_rng((seed, calendar.year, len(frames)))
            frame = frame.with_columns(pl.Series("chance", cuts.random(frame.height)))
            frame = frame.sort("unit_code", "day", "chance")
            frame = frame.with_columns(piece=(pl.col("chance") < rhythm.cut).cum_sum().cast(pl.Int64)).drop("chance")
        else:
            frame = frame.sort(*rhythm.together, "row", maintain_order=True)
        identity = pl.struct(rhythm.together).rle_id().cast(pl.Int64)
        frame = frame.with_columns(voucher=identity + vouchers, series=pl.lit(rhythm.series), step=pl.lit(0))
        vouchers = int(frame["voucher"].max()) + 1
        frames.append(frame)
    return pl.concat(frames)


def _row_parts(
    catalog: Catalog, calendar: Workdays, index: int, row: PlanRow, unit_name: str, chance: tuple[int, int]
) -> pl.DataFrame:
    account, amount = catalog.accounts[row.account], row.ore[f"outcome_{calendar.year}"]
    seed, scale = chance
    rng = np.random.default_rng((seed, calendar.year, index, 1))
    parts = RHYTHMS[account.rhythm].parts(Occasion(account.code, abs(amount), calendar, rng, scale))
    return pl.DataFrame({"day": parts.days, "piece": parts.pieces, "ore": split(amount, parts.weights)}).with_columns(
        row=pl.lit(index),
        unit_code=pl.lit(row.unit_code),
        activity_code=pl.lit(row.activity_code),
        project_code=pl.lit(row.project_code),
        account=pl.lit(row.account),
        text=pl.lit(account.text),
        unit_name=pl.lit(unit_name),
        side_account=pl.lit(account.side_account),
        side_pct=pl.lit(account.side_pct),
        counter_account=pl.lit(account.counter_account),
    )


def _voucher_heads(parts: pl.DataFrame) -> pl.DataFrame:
    """Return voucher, series, day and text: what is booked and, where there is one, its invoice number or unit."""
    number = pl.col("voucher") + _FIRST_INVOICE_NO
    return (
        parts.group_by("voucher", maintain_order=True)
        .agg(pl.col("series", "day", "text", "unit_name").first(), units=pl.col("unit_code").n_unique())
        .select(
            "voucher",
            "series",
            "day",
            voucher_text=pl.when(pl.col("series").is_in(_INVOICED))
            .then(pl.format("{}, faktura {}", "text", number))
            .when(pl.col("units") == 1)
            .then(pl.format("{}, {}", "text", "unit_name"))
            .otherwise("text"),
        )
    )


def _counters(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the postings on balance accounts that balance each voucher."""
    with_side = parts.with_columns(side=(pl.col("ore") * pl.col("side_pct") / 100).round().cast(pl.Int64))
    sides = (
        with_side.filter(pl.col("side_account") != "")
        .group_by("voucher", account="side_account")
        .agg(ore=pl.col("side").sum())
        .with_columns(step=pl.lit(1))
    )
    counters = (
        with_side.group_by("voucher", account="counter_account")
        .agg(ore=-(pl.col("ore") + pl.col("side")).sum())
        .with_columns(step=pl.lit(2))
    )
    return _balance_postings(pl.concat([sides, counters], how="diagonal").sort("voucher", "step", "account"))


def _balance_postings(frame: pl.DataFrame) -> pl.DataFrame:
    """Give postings on balance accounts the empty objects and text they always have."""
    return frame.with_columns(pl.lit("").alias(name) for name in (*_OBJECTS, "text")).select(
        pl.col(name).cast(pl.Int32) if name == "step" else pl.col(name) for name in _POSTING
    )


def _moved(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the two postings per row (voucher, account, target, ore) that move ``ore`` from account to target."""
    given = frame.select("voucher", "account", ore=-pl.col("ore"), step=pl.lit(0))
    taken = frame.select("voucher", "ore", account="target", step=pl.lit(1))
    return _balance_postings(pl.concat([given, taken], how="diagonal"))


def _payments(
    catalog: Catalog, counters: pl.DataFrame, vouchers: pl.DataFrame, calendar: Workdays, rng: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pay each invoice some thirty days later, unless that is next year; return voucher heads and postings."""
    texts = {code: account.text for code, account in catalog.balance_accounts.items() if account.settled == "document"}
    due = counters.filter(pl.col("account").is_in(list(texts)), pl.col("ore") != 0).join(vouchers, on="voucher")
    due = due.sort("voucher")
    paid = calendar.after(due["day"].to_numpy(), rng.integers(28, 36, due.height))
    due = (
        due.with_columns(paid=pl.Series(paid, dtype=pl.Date))
        .filter(pl.col("paid").dt.year() == calendar.year)
        .with_columns(source="voucher")
        .with_columns(voucher=pl.int_range(pl.len(), dtype=pl.Int64) + _FIRST_PAYMENT)
    )
    heads = due.select(
        "voucher",
        series=pl.col("account").replace_strict(_PAYMENT_SERIES),
        day="paid",
        voucher_text=pl.format(
            "{} faktura {}", pl.col("account").replace_strict(texts), pl.col("source") + _FIRST_INVOICE_NO
        ),
    )
    return heads, _moved(due.with_columns(target=pl.lit(BANK)))


def _settlements(
    catalog: Catalog, postings: pl.DataFrame, vouchers: pl.DataFrame, calendar: Workdays
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Settle taxes, pensions and dealings with other boards on the 12th of the month after."""
    texts = {code: account.text for code, account in catalog.balance_accounts.items() if account.settled == "monthly"}
    paid_on = {month: calendar.on(month + 1, 12).item() for month in range(1, 12)}
    due = (
        postings.filter(pl.col("account").is_in(list(texts)))
        .join(vouchers.select("voucher", month=pl.col("day").dt.month().cast(pl.Int64)), on="voucher")
        .filter(pl.col("month") < 12)
        .group_by("account", "month")
        .agg(pl.col("ore").sum())
        .sort("month", "account")
        .with_columns(voucher=pl.int_range(pl.len(), dtype=pl.Int64) + _FIRST_SETTLEMENT)
    )
    heads = due.select(
        "voucher",
        series=pl.lit("B"),
        day=pl.col("month").replace_strict(paid_on, return_dtype=pl.Date),
        voucher_text=pl.col("account").replace_strict(texts),
    )
    return heads, _moved(due.with_columns(target=pl.lit(BANK)))


def _opening_settlements(
    catalog: Catalog, opening: Mapping[str, int], calendar: Workdays, rng: np.random.Generator, scale: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Settle in January what the year before left, and carry its result to equity when the council has adopted it."""
    moved = []
    for account in catalog.balance_accounts.values():
        ore, text = opening.get(account.code, 0), f"{account.text}, ingående balans"
        if not ore or not account.settled:
            continue
        if account.settled == "monthly":
            moved.append((account.code, BANK, "B", calendar.on(1, 12), text, ore))
            continue
        pieces = split(ore, rng.lognormal(0.0, 0.9, _OPENING_INVOICES * scale)).tolist()
        days = np.sort(rng.choice(calendar.days[:21], len(pieces)))
        series = _PAYMENT_SERIES[account.code]
        moved += [(account.code, BANK, series, day, text, piece) for day, piece in zip(days, pieces, strict=True)]
    if opening.get(PRIOR_RESULT):
        text = f"Resultat {calendar.year - 1} till eget kapital"
        moved.append((PRIOR_RESULT, EQUITY, "A", calendar.on(4, 28), text, opening[PRIOR_RESULT]))
    columns = dict(
        zip(("account", "target", "series", "day", "voucher_text", "ore"), zip(*moved, strict=True), strict=True)
    )
    frame = pl.DataFrame(columns | {"day": np.array(columns["day"])}).filter(pl.col("ore") != 0)
    frame = frame.with_columns(voucher=pl.int_range(pl.len(), dtype=pl.Int64) + _FIRST_OPENING)
    return frame.select("voucher", "series", "day", "voucher_text"), _moved(frame)


def _numbered(heads: pl.DataFrame, calendar: Workdays, rng: np.random.Generator) -> pl.DataFrame:
    """Number the vouchers from 1 in each series, by day, and say when each was registered."""
    heads = heads.sort("series", "day", "voucher")
    registered = calendar.after(heads["day"].to_numpy(), rng.integers(0, 4, heads.height))
    return heads.with_columns(
        number=pl.int_range(1, pl.len() + 1).over("series"), registered=pl.Series(registered, dtype=pl.Date)
    )
