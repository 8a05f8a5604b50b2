"""Vouchers under way: heads and postings that know each other by a number.

Belongs here: the shape all bookings share and what is done to any of them. Not here: why something is booked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

_POSTING = {"voucher": pl.Int64, "step": pl.Int8, "coding": pl.Int32, "ore": pl.Int64}


@dataclass(frozen=True, slots=True)
class Vouchers:
    """Some balanced vouchers.

    ``heads`` has one row per voucher: voucher (its place, from 0), series, day, text. ``postings`` has one row per
    posting: voucher, step (what is planned before sides before counters), coding, ore (debit +).
    """

    heads: pl.DataFrame
    postings: pl.DataFrame


def as_postings(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of a posting, typed, leaving out postings of nothing."""
    return frame.filter(pl.col("ore") != 0).select(pl.col(name).cast(kind) for name, kind in _POSTING.items())


def transfers(frame: pl.DataFrame) -> Vouchers:
    """Make a voucher of each row (series, day, text, coding, target, ore) moving ``ore`` from coding to target."""
    rows = frame.filter(pl.col("ore") != 0).with_columns(voucher=pl.int_range(pl.len(), dtype=pl.Int64))
    given = rows.select("voucher", "coding", ore=-pl.col("ore"), step=pl.lit(0))
    taken = rows.select("voucher", "ore", coding="target", step=pl.lit(1))
    return Vouchers(
        rows.select("voucher", "series", "day", "text"), pl.concat([as_postings(given), as_postings(taken)])
    )


def combined(batches: Sequence[Vouchers]) -> Vouchers:
    """Return all vouchers of some batches, numbered on."""
    heads, postings, offset = [], [], 0
    for batch in batches:
        heads.append(batch.heads.with_columns(pl.col("voucher") + offset))
        postings.append(batch.postings.with_columns(pl.col("voucher") + offset))
        offset += batch.heads.height
    return Vouchers(pl.concat(heads), pl.concat(postings))
