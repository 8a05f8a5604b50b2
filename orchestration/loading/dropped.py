"""Rows that a correction leaves out: judged by nobody, loaded by nobody, and yet counted.

Belongs here: keeping them from the rules, and their place in the quarantine, so that no row of a file is lost. Not
here: which rows they are (``sources.corrections``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sources.reading import Problem
from sources.register import Delivery

if TYPE_CHECKING:
    import pyarrow as pa

CHECK_NAME = "correction"


def left_out(dropped: Sequence[Problem], table: str) -> list[int]:
    """Return the numbers of the dropped rows of one table: what is judged is what is to be loaded."""
    return [each.row_no for each in dropped if each.table == table]


def quarantined(quarantine: pa.Table, dropped: Sequence[Problem], delivery: Delivery) -> pa.Table:
    """Return a delivery's quarantine with a row for each dropped one; it is no failure of the file, so a warning."""
    import pyarrow as pa

    where = f"{delivery.source_code}/{delivery.file_name}"
    rows = [
        {
            "load_id": delivery.load_id,
            "source_code": delivery.source_code,
            "table_name": each.table,
            "row_no": each.row_no,
            "row_key": None,
            "check_name": CHECK_NAME,
            "severity": "warning",
            "column_name": each.column,
            "value": each.value,
            "message": f"{where} rad {each.row_no}: raden är utelämnad av rättelsen {each.value}: {each.reason}",
            "who_fixes": "drift",
        }
        for each in dropped
    ]
    return pa.concat_tables([quarantine, pa.Table.from_pylist(rows, schema=quarantine.schema)])
