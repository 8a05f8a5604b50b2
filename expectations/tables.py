"""A delivery's tables as they are tried: with their helper columns, a batch at a time.

Belongs here: what of a table a batch must know that stands outside it. Not here: the helper columns (``helpers``),
where rows come from (``batches``). Imported by the first check (polars, pyarrow).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence

import polars as pl
import pyarrow as pa

from expectations import helpers
from expectations.arrival import ArrivalContext
from expectations.batches import Rows
from expectations.loader import FREE_TEXT_COLUMNS, Suite
from sources.reading import Problem

_VOUCHER = ["fiscal_year", "voucher_series", "voucher_no"]


class FrameRows:
    """The rows of a frame in memory."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self.schema: pa.Schema = to_arrow(frame.clear()).schema
        self.num_rows = frame.height

    def batches(self, size: int, columns: Collection[str] | None = None) -> Iterator[pa.Table]:
        """Yield the rows; each batch is turned into Arrow on its own."""
        frame = self.frame if columns is None else self.frame.select(n for n in self.frame.columns if n in columns)
        for start in range(0, max(self.num_rows, 1), size):
            yield to_arrow(frame.slice(start, size))


class HelpedTable:
    """A raw table with the columns its suite needs beside its own; ``Rows``, so a suite can be run over it.

    A table whose helper columns compare rows is one batch. Free text that no rule looks at is not read. ``strays`` are
    the problems whose row is not in the table. The first time the table is gone through, ``watch`` is shown every frame
    once.
    """

    def __init__(
        self,
        suite: Suite,
        rows: Rows,
        problems: Sequence[Problem],
        context: ArrivalContext,
        *,
        batch_rows: int,
        watch: Callable[[pl.DataFrame], None] = lambda _: None,
    ) -> None:
        self.name = suite.table
        self.raw_names: list[str] = rows.schema.names
        self.num_rows = rows.num_rows
        self.rows_tried = 0
        self._watch = watch
        self._rows, self._context, self._batch_rows = rows, context, batch_rows
        told = {name for check in suite.checks for name in (*check.columns, *check.placeholders, check.column)}
        self._columns = {name for name in self.raw_names if name not in FREE_TEXT_COLUMNS or name in told}
        self._problems = sorted((p for p in problems if p.table == self.name), key=lambda problem: problem.row_no)
        self._lines = [problem.row_no for problem in self._problems]
        self._of_no_row, self.strays = self._placed()
        in_batches = self.num_rows > batch_rows and self.name in helpers.ROW_BY_ROW
        self._first_rows = self._first_of_unplaced() if in_batches else None
        self._whole = None if in_batches else self._helped(pa.concat_tables(rows.batches(batch_rows, self._columns)))
        self.schema: pa.Schema = to_arrow(self._empty()).schema

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the table in batches, in the order of its rows."""
        if self._whole is not None:
            yield self._whole
            return
        for batch in self._rows.batches(self._batch_rows, self._columns):
            yield self._helped(batch)

    def batches(self, size: int, columns: Collection[str] | None = None) -> Iterator[pa.Table]:
        """Yield the rows as Arrow; ``size`` is what the table was made for, all columns are given."""
        assert columns is None
        assert size == self._batch_rows
        is_first = not self.rows_tried
        for frame in self.frames():
            if is_first:
                self.rows_tried += frame.height
                self._watch(frame)
            yield to_arrow(frame)

    def among(self, column: str, values: pl.Series) -> pl.DataFrame:
        """Return the rows whose ``column`` has one of the values."""
        if values.is_empty():
            return self._empty()
        found = [frame.filter(pl.col(column).is_in(values.implode())) for frame in self.frames()]
        return pl.concat(found)

    def _empty(self) -> pl.DataFrame:
        if self._whole is not None:
            return self._whole.clear()
        return self._helped(self._rows.schema.empty_table().select([n for n in self.raw_names if n in self._columns]))

    def _helped(self, batch: pa.Table) -> pl.DataFrame:
        frame = from_arrow(batch)
        if self._first_rows is not None:
            frame = frame.join(self._first_rows, on=_VOUCHER, how="left", nulls_equal=True, maintain_order="left")
        return helpers.with_helpers(self.name, frame, self._problems_of(frame), self._context)

    def _problems_of(self, frame: pl.DataFrame) -> list[Problem]:
        """Return the problems of the rows of a batch, and those of vouchers' own lines, which are no row."""
        if not self._problems or frame.is_empty():
            return []
        rows, ends = frame["row_no"], [frame["row_no"].min(), frame["row_no"].max()]
        near = self._problems[bisect_left(self._lines, ends[0]) : bisect_right(self._lines, ends[1])]
        own = set(rows.filter(rows.is_in([problem.row_no for problem in near])))
        if self._of_no_row and "voucher_row_no" in frame.columns:
            own |= self._of_no_row.intersection(frame["voucher_row_no"].unique())
        return [problem for problem in self._problems if problem.row_no in own] if own else []

    def _placed(self) -> tuple[set[int], list[Problem]]:
        """Return which problems are of no row of the table, and those of them that are of no voucher either."""
        if not self._problems:
            return set(), []
        asked = pl.Series(self._lines, dtype=pl.Int64).unique()
        found: dict[str, set[int]] = {"row_no": set(), "voucher_row_no": set()}
        for batch in self._rows.batches(self._batch_rows, found.keys()):
            frame = from_arrow(batch)
            for name in frame.columns:
                found[name].update(frame[name].filter(frame[name].is_in(asked.implode())))
        of_no_row = set(self._lines) - found["row_no"]
        strays = of_no_row - found["voucher_row_no"]
        return of_no_row, [problem for problem in self._problems if problem.row_no in strays]

    def _first_of_unplaced(self) -> pl.DataFrame | None:
        """Return the first row of each voucher (``first_row_no``) where some rows do not say where theirs begins."""
        needed = {"row_no", "voucher_row_no", *_VOUCHER}
        if not needed <= set(self.raw_names):
            return None
        batches = (from_arrow(batch) for batch in self._rows.batches(self._batch_rows, ["voucher_row_no"]))
        if not any(batch["voucher_row_no"].null_count() for batch in batches):
            return None
        first = pl.col("row_no").min().alias("first_row_no")
        parts = [
            from_arrow(batch).group_by(_VOUCHER).agg(first) for batch in self._rows.batches(self._batch_rows, needed)
        ]
        return pl.concat(parts).group_by(_VOUCHER).agg(pl.col("first_row_no").min())


def from_arrow(table: pa.Table) -> pl.DataFrame:
    """Return an Arrow table as a frame."""
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


def to_arrow(frame: pl.DataFrame) -> pa.Table:
    """Return a frame as an Arrow table whose types every library knows."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())
