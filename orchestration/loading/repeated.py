"""How much a delivery says again of what it replaces: half of a file that comes after the other half, nothing.

Belongs here: comparing the rows of deliveries with each other. Not here: what follows from it (``expectations``).
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.home import Home
from orchestration.loading.raw_files import raw_path
from sources.register import Delivery
from sources.registry import Source

# Of a register of a row or two every row may well have changed.
_FEWEST_ROWS = 5
_OF_THE_FILE = ("load_id", "row_no", "voucher_row_no")


def repeated_rows(home: Home, source: Source, delivery: Delivery, older: Sequence[Delivery]) -> int | None:
    """Return how many rows of the principal table ``older`` deliveries share with this one, value for value.

    None where there is nothing to compare: nothing older, too few rows, or a file without that table.
    """
    import polars as pl

    from expectations.arrival import principal_table

    tables = [table for table in source.tables if raw_path(home, table, delivery.load_id).exists()]
    principal = principal_table(source.code, tables)
    before = [path for other in older if (path := raw_path(home, principal, other.load_id)).exists()]
    if not before or principal not in tables or sum(other.rows_in for other in older) < _FEWEST_ROWS:
        return None
    replaced, replacing = pl.scan_parquet(before), pl.scan_parquet(raw_path(home, principal, delivery.load_id))
    names = [name for name in replacing.collect_schema().names() if name not in _OF_THE_FILE]
    repeated = replaced.join(replacing.select(names).unique(), on=names, how="semi", nulls_equal=True)
    return int(repeated.select(pl.len()).collect().item())
