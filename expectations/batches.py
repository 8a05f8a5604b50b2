"""Tables that may be larger than memory: gone through a batch at a time, as often as it takes.

Belongs here: where rows come from (Arrow tables, Parquet files), always in the same order. Not here: what is looked
for in them (``runner``), the columns added to them (``helpers``). Imported where used (pyarrow).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

BATCH_ROWS = 250_000


class Rows(Protocol):
    """A table that is read anew each time it is gone through."""

    @property
    def schema(self) -> pa.Schema:
        """Its columns."""

    @property
    def num_rows(self) -> int:
        """How many rows all batches hold together."""

    def batches(self, size: int, columns: Collection[str] | None = None) -> Iterator[pa.Table]:
        """Yield the rows in order, at most ``size`` at a time and at least one batch; all columns or those named."""


class TableRows:
    """The rows of a table in memory."""

    def __init__(self, table: pa.Table) -> None:
        self.schema: pa.Schema = table.schema
        self.num_rows: int = table.num_rows
        self._table = table

    def batches(self, size: int, columns: Collection[str] | None = None) -> Iterator[pa.Table]:
        """Yield slices of the table; nothing is copied."""
        table = self._table.select(_in_order(self.schema, columns))
        for start in range(0, max(self.num_rows, 1), size):
            yield table.slice(start, size)


class ParquetRows:
    """The rows of a Parquet file, without those ``left_out`` (by ``row_no``)."""

    def __init__(self, path: Path, left_out: Collection[int] = ()) -> None:
        metadata = pq.read_metadata(path)
        self.schema: pa.Schema = metadata.schema.to_arrow_schema()
        self.num_rows: int = metadata.num_rows - len(set(left_out))
        self._path = path
        self._left_out = pa.array(sorted(set(left_out)), pa.int64())

    def batches(self, size: int, columns: Collection[str] | None = None) -> Iterator[pa.Table]:
        """Yield the rows; a batch may be smaller than ``size``."""
        names = _in_order(self.schema, columns)
        read = [*names, *({"row_no"} - set(names) if len(self._left_out) else ())]
        is_empty = True
        with pq.ParquetFile(self._path) as file:
            for batch in file.iter_batches(size, columns=read):
                is_empty = False
                yield self._kept(pa.Table.from_batches([batch])).select(names)
        if is_empty:
            yield self.schema.empty_table().select(names)

    def _kept(self, table: pa.Table) -> pa.Table:
        if not len(self._left_out):
            return table
        return table.filter(pc.invert(pc.is_in(table["row_no"], value_set=self._left_out)))


def as_rows(table: pa.Table | Rows) -> Rows:
    """Return a table in memory as ``Rows``; what already is one stays as it is."""
    return TableRows(table) if isinstance(table, pa.Table) else table


def column(rows: pa.Table | Rows, name: str) -> set[Any]:
    """Return the different values of one column."""
    found: set[Any] = set()
    for batch in as_rows(rows).batches(BATCH_ROWS, [name]):
        found.update(pc.unique(batch[name]).to_pylist())
    return found


def _in_order(schema: pa.Schema, columns: Collection[str] | None) -> list[str]:
    return [name for name in schema.names if columns is None or name in columns]
