"""Find the rows that a rule about repeated values can concern, in a table that is gone through a batch at a time.

Belongs here: telling in eight bytes of a row whether it may have an equal. Not here: whether it has one: that is for
the rule (``runner``) to say, of the few rows left. Imported where used (polars).
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from expectations.loader import Check

_ANY_MISSING = "any_value_is_missing"


class Repeats:
    """The rows that ``check`` can concern: go through all batches with ``add``, ``settle``, and through them again."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self._hashes: list[pl.Series] = []
        self._repeated = pl.Series(dtype=pl.UInt64)

    def add(self, batch: pa.Table) -> None:
        """Take in a batch."""
        self._hashes.append(self._hashed(batch).drop_nulls())

    def settle(self) -> bool:
        """Find out which values may be repeated, and return whether any is."""
        every = pl.concat(self._hashes).sort()
        self._hashes.clear()
        self._repeated = every.filter(every == every.shift(1)).unique()
        return len(self._repeated) > 0

    def candidates(self, batch: pa.Table) -> pa.Table:
        """Return the rows of a batch that may have an equal."""
        return batch.filter(self._hashed(batch).is_in(self._repeated.implode()).fill_null(value=False).to_arrow())

    def _hashed(self, batch: pa.Table) -> pl.Series:
        frame = pl.from_arrow(batch.select(list(self.check.columns)))
        assert isinstance(frame, pl.DataFrame)
        hashed = frame.hash_rows(seed=1)
        # What lacks a value is like nothing else, where the rule ignores it; a rule on one column always does.
        if self.check.kwargs.get("ignore_row_if", _ANY_MISSING) != _ANY_MISSING:
            return hashed
        is_whole = frame.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
        return pl.select(pl.when(is_whole).then(hashed)).to_series()
