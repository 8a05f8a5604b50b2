"""Write the rows of a table that is too large to hold, as its reader gives them.

Belongs here: the Parquet file that grows batch by batch, and the few of its rows that corrections are about. Not here:
reading (``sources``), what a correction does (``sources.corrections``), tables that fit in memory (``reading``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from orchestration.disk import sync
from sources.corrections import Corrected, Correction, apply_corrections, concerned
from sources.reading import Reading

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


class StreamedTable:
    """One delivery's rows of one raw table, in a Parquet file that appears when it is whole.

    Enter it, let the reader ``take`` rows, ``correct`` what was read, ``keep`` it. What is not kept leaves no trace.
    """

    def __init__(self, table: str, path: Path, load_id: str) -> None:
        self._table, self._path, self._load_id = table, path, load_id
        self._growing = path.with_name(f".{os.getpid()}-{path.name}")
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> StreamedTable:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._close()
        finally:
            # Closing writes: a disk that is full must not keep what filled it.
            self._growing.unlink(missing_ok=True)

    def take(self, rows: pa.Table) -> None:
        """Write the next rows, one row group for each call that brings any."""
        if self._writer is None:
            self._writer = _writer(self._growing, with_load_id(rows, self._load_id))
        if rows.num_rows:
            self._writer.write_table(with_load_id(rows, self._load_id))

    def correct(self, reading: Reading, corrections: Sequence[Correction]) -> Corrected:
        """Return the reading, which lacks the rows taken, with its corrections; those rows are corrected in the file.

        Raises ``Rejected`` where an entry does not find what it expects.
        """
        own = [entry for entry in corrections if entry.table == self._table]
        if self._writer is None or not own:
            return apply_corrections(reading, corrections)
        self._close()
        rows = concerned((batch.drop_columns(["load_id"]) for batch in self._batches()), own)
        corrected = apply_corrections(replace(reading, tables={self._table: rows, **reading.tables}), corrections)
        rest = dict(corrected.reading.tables)
        self._rewrite(rest.pop(self._table))
        return replace(corrected, reading=replace(corrected.reading, tables=rest))

    def _rewrite(self, rows: pa.Table) -> None:
        """Put ``rows`` in place of those with the same number."""
        import pyarrow as pa

        corrected = self._growing.with_suffix(".corrected")
        try:
            batches = self._batches()
            first = next(batches)
            with _writer(corrected, first) as writer:
                for batch in chain([first], batches):
                    own = _those(rows, batch["row_no"], among=True)
                    others = _those(batch, own["row_no"], among=False)
                    writer.write_table(pa.concat_tables([others, with_load_id(own, self._load_id)]).sort_by("row_no"))
            corrected.replace(self._growing)
        finally:
            corrected.unlink(missing_ok=True)

    def keep(self) -> None:
        """Let the file appear under its name, if rows were taken at all."""
        if self._writer is not None:
            self._close()
            sync(self._growing)
            self._growing.replace(self._path)

    def _batches(self) -> Iterator[pa.Table]:
        import pyarrow.parquet as pq

        with pq.ParquetFile(self._growing) as file:
            yield from (file.read_row_group(number) for number in range(file.num_row_groups))

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def with_load_id(rows: pa.Table, load_id: str) -> pa.Table:
    """Return the rows with ``load_id`` as their first column."""
    import pyarrow as pa

    column = pa.repeat(pa.scalar(load_id, pa.string()), rows.num_rows)
    return rows.add_column(0, pa.field("load_id", pa.string()), column)


def _those(rows: pa.Table, row_nos: pa.ChunkedArray, *, among: bool) -> pa.Table:
    import pyarrow.compute as pc

    found = pc.is_in(rows["row_no"], value_set=row_nos)
    return rows.filter(found if among else pc.invert(found))


def _writer(path: Path, rows: pa.Table) -> pq.ParquetWriter:
    import pyarrow.parquet as pq

    return pq.ParquetWriter(path, rows.schema, compression="zstd")
