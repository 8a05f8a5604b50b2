"""The raw table of this source, column by column.

Belongs here: names, types and units of ``budget__lines``. Not here: how a file is read.
"""

from __future__ import annotations

import pyarrow as pa

# One row per line of the export. Ledger sign: costs +, income -. ``period`` is YYYYMM, null for the whole year.
BUDGET_LINES = pa.schema(
    [
        ("row_no", pa.int64()),
        ("fiscal_year", pa.int32()),
        ("period", pa.int32()),
        ("unit_code", pa.string()),
        ("account", pa.string()),
        ("activity_code", pa.string()),
        ("project_code", pa.string()),
        ("amount_sek", pa.decimal128(18, 2)),
        ("version", pa.string()),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {"budget__lines": BUDGET_LINES}
