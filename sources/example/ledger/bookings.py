"""Book a year's plan and investments: every planned posting and the balance accounts it stands against.

Belongs here: turning rows of amounts into balanced vouchers. Not here: how an amount is split over the year
(``rhythms.py``) or what happens to debts and claims afterwards (``settlements.py``).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from sources.example.catalog import Catalog
from sources.example.ledger.codings import Codings
from sources.example.ledger.rhythms import RHYTHMS, Occasion, Rhythm, split
from sources.example.ledger.vouchers import Vouchers, as_postings, combined
from sources.example.ledger.workdays import Workdays

_FIRST_INVOICE_NO = 100_000


def book_plan(catalog: Catalog, codings: Codings, calendar: Workdays, *, seed: int, scale: int) -> Vouchers:
    """Return the vouchers that carry a year's outcome, rhythm by rhythm.

    The postings of every row of ``catalog.booked_rows`` add up to its ``ore["outcome_<year>"]``.
    """
    batches = []
    for place, (name, rhythm) in enumerate(RHYTHMS.items()):
        parts = _parts(catalog, calendar, name, seed, scale)
        if parts is not None:
            cuts = np.random.default_rng((seed, calendar.year, 0, place))
            batches.append(_booked(_gathered(parts, codings, rhythm, cuts), codings, rhythm))
    return combined(batches)


def _parts(catalog: Catalog, calendar: Workdays, rhythm: str, seed: int, scale: int) -> pl.DataFrame | None:
    """Return day, piece, coding and ore of every part of the rows that follow a rhythm, None if none does."""
    frames = []
    for coding, row in enumerate(catalog.booked_rows):
        amount = row.ore[f"outcome_{calendar.year}"]
        if catalog.accounts[row.account].rhythm != rhythm or not amount:
            continue
        # Chance of its own for every row: a change in one row leaves the others' vouchers as they were.
        rng = np.random.default_rng((seed, calendar.year, 1, coding))
        parts = RHYTHMS[rhythm].parts(Occasion(row.account, abs(amount), calendar, rng, scale))
        frame = pl.DataFrame({"day": parts.days, "piece": parts.pieces, "ore": split(amount, parts.weights)})
        frames.append(frame.with_columns(coding=pl.lit(coding, pl.Int32)))
    return pl.concat(frames).filter(pl.col("ore") != 0) if frames else None


def _gathered(parts: pl.DataFrame, codings: Codings, rhythm: Rhythm, cuts: np.random.Generator) -> pl.DataFrame:
    """Give each part the number of the voucher it stands in."""
    parts = parts.join(codings.table.select("coding", "unit_code", "account"), on="coding", maintain_order="left")
    if rhythm.cut:
        parts = parts.with_columns(pl.Series("chance", cuts.random(parts.height))).sort("unit_code", "day", "chance")
        parts = parts.with_columns(piece=(pl.col("chance") < rhythm.cut).cum_sum())
    else:
        parts = parts.sort(*rhythm.together, "coding", maintain_order=True)
    return parts.select("day", "coding", "ore", voucher=pl.struct(rhythm.together).rle_id().cast(pl.Int64))


def _booked(parts: pl.DataFrame, codings: Codings, rhythm: Rhythm) -> Vouchers:
    """Add what balances the parts: VAT or tax on the side, and debt, claim or bank for the rest."""
    rules = codings.table.select("coding", "side_coding", "side_pct", "counter_coding", "text", "owner_name")
    parts = parts.join(rules, on="coding", maintain_order="left").with_columns(
        side=(pl.col("ore") * pl.col("side_pct") / 100).round().cast(pl.Int64)
    )
    sides = (
        parts.filter(pl.col("side_coding").is_not_null())
        .group_by("voucher", coding="side_coding")
        .agg(ore=pl.col("side").sum(), step=pl.lit(1))
    )
    counters = parts.group_by("voucher", coding="counter_coding").agg(
        ore=-(pl.col("ore") + pl.col("side")).sum(), step=pl.lit(2)
    )
    balancing = pl.concat([as_postings(sides), as_postings(counters)]).sort("voucher", "step", "coding")
    planned = as_postings(parts.with_columns(step=pl.lit(0)))
    return Vouchers(_heads(parts, rhythm), pl.concat([planned, balancing]))


def _heads(parts: pl.DataFrame, rhythm: Rhythm) -> pl.DataFrame:
    """Name each voucher after its first posting and its invoice number or, if it is one owner's, the owner."""
    first = parts.group_by("voucher", maintain_order=True).agg(
        pl.col("day", "text", "owner_name").first(), owners=pl.col("owner_name").n_unique()
    )
    if rhythm.is_invoice:
        named = pl.format("{}, faktura {}", "text", pl.col("voucher") + _FIRST_INVOICE_NO)
    else:
        named = pl.when(pl.col("owners") == 1).then(pl.format("{}, {}", "text", "owner_name")).otherwise("text")
    return first.select("voucher", pl.lit(rhythm.series).alias("series"), "day", text=named)
