"""Try a mart before it is let out.

Belongs here: running a published suite over a mart's rows. Not here: the rules (``suites/published``), contracts and
accounting identities (dbt), what a failure stops (``orchestration``). Light to import.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from expectations.batches import Rows
    from expectations.loader import Suite
    from expectations.runner import CheckOutcome


def check_mart(mart: str, rows: pa.Table | Rows, *, batch_rows: int | None = None) -> list[CheckOutcome]:
    """Return one outcome per rule of ``suites/published/<mart>.yml``; ``rows`` is the mart as its contract says.

    No more than ``batch_rows`` rows are held at a time; the outcomes are the same whatever the size. Raises
    ``SuiteError`` for a mart without a suite.
    """
    from expectations.batches import BATCH_ROWS, as_rows
    from expectations.loader import published_suite
    from expectations.runner import run_suite

    suite = published_suite(mart)
    return run_suite(suite, _HelpedMart(suite, as_rows(rows)), batch_rows=batch_rows or BATCH_ROWS)


class _HelpedMart:
    """A mart with the columns its suite needs beside its own, as ``Rows``; what no rule looks at is not read."""

    def __init__(self, suite: Suite, rows: Rows) -> None:
        from expectations.helpers import MART_HELPERS_NEED

        wanted = {*suite.keys, *(name for check in suite.checks for name in check.columns)}
        wanted |= {f"{name.removesuffix('_ore')}_sek" for name in wanted} | MART_HELPERS_NEED
        self._rows = rows
        self._columns = wanted.intersection(rows.schema.names)
        self.num_rows = rows.num_rows
        self.schema: pa.Schema = self._helped(rows.schema.empty_table().select(sorted(self._columns))).schema

    def batches(self, size: int, columns: Collection[str] | None = None) -> Iterator[pa.Table]:
        """Yield the rows; all columns are given."""
        assert columns is None
        for batch in self._rows.batches(size, self._columns):
            yield self._helped(batch)

    def _helped(self, batch: pa.Table) -> pa.Table:
        from expectations.helpers import with_mart_helpers
        from expectations.tables import from_arrow, to_arrow

        return to_arrow(with_mart_helpers(from_arrow(batch)))


def suites() -> tuple[str, ...]:
    """Return the marts that have a suite."""
    from expectations.loader import load_suites

    return tuple(suite.table for suite in load_suites("published"))
