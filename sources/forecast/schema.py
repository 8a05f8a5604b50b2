"""The raw table of this source, column by column.

Belongs here: names, types and units of ``forecast__lines``. Not here: how a file is read.
"""

from __future__ import annotations

import pyarrow as pa

# One row per line of a forecast of the whole year. Statement sign: income +, costs -. ``forecast_month`` (1-12) is the
# month whose books the round rests on, ``reported_on`` the day it was reported: together they are the round.
FORECAST_LINES = pa.schema(
    [
        ("row_no", pa.int64()),
        ("fiscal_year", pa.int32()),
        ("forecast_month", pa.int32()),
        ("occasion_name", pa.string()),
        ("reported_on", pa.date32()),
        ("board_code", pa.string()),
        ("segment_code", pa.string()),
        ("line_code", pa.string()),
        ("amount_sek", pa.decimal128(18, 2)),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {"forecast__lines": FORECAST_LINES}
