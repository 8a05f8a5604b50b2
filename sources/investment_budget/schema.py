"""The raw table of this source, column by column.

Belongs here: names, types and units of ``investment_budget__lines``. Not here: how a file is read.
"""

from __future__ import annotations

import pyarrow as pa

# One row per line of the export. Expenditure +. ``project_code`` is any node of the project register; ``version`` is
# original, revised (instead of original) or carried_over (beside either).
INVESTMENT_BUDGET_LINES = pa.schema(
    [
        ("row_no", pa.int64()),
        ("fiscal_year", pa.int32()),
        ("board_code", pa.string()),
        ("project_code", pa.string()),
        ("amount_sek", pa.decimal128(18, 2)),
        ("version", pa.string()),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {"investment_budget__lines": INVESTMENT_BUDGET_LINES}
