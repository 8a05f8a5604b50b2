"""The rows of a mart, read from a build a batch at a time.

Belongs here: what lets ``expectations`` go through a mart that may be larger than memory. Not here: what is looked for
in it (``expectations.publication``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from orchestration.publishing.compare import quote

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


class MartRows:
    """A mart as ``expectations.batches.Rows``: read anew, in the same order, each time it is gone through."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, mart: str) -> None:
        self._connection = connection
        self._relation = f"marts.{quote(mart)}"
        self.schema: pa.Schema = connection.sql(f"from {self._relation} limit 0").to_arrow_table().schema
        ((rows,),) = connection.execute(f"select count(*) from {self._relation}").fetchall()  # noqa: S608
        self.num_rows: int = rows

    def batches(self, size: int, columns: Collection[str] | None = None) -> Iterator[pa.Table]:
        """Yield the rows; a batch may be smaller than ``size``. The connection is busy until all are taken."""
        import pyarrow as pa

        names = [name for name in self.schema.names if columns is None or name in columns]
        listed = ", ".join(quote(name) for name in names)
        is_empty = True
        for batch in self._connection.sql(f"select {listed} from {self._relation}").to_arrow_reader(size):  # noqa: S608
            is_empty = False
            yield pa.Table.from_batches([batch])
        if is_empty:
            yield self.schema.empty_table().select(names)
