"""The raw tables of this source, column by column.

Belongs here: names, types and units of ``indicator__*``. Not here: how a file is read, which indicators the board has
chosen (``sources.followup``).
"""

from __future__ import annotations

import pyarrow as pa

# One row per source, measure, municipality, year and group of one delivery. ``external_code`` is the KPI's id or the
# institute's own name of the measure, as sent. ``value`` is in the source's unit (percent as 85, never 0.85) and null
# where ``status`` is missing or withdrawn; ``margin_of_error`` is in the same unit, plus or minus.
INDICATOR_VALUES = pa.schema(
    [
        ("row_no", pa.int64()),
        ("source_name", pa.string()),
        ("external_code", pa.string()),
        ("external_name", pa.string()),
        ("municipality_code", pa.string()),
        ("year", pa.int32()),
        ("group_code", pa.string()),
        ("value", pa.decimal128(18, 4)),
        ("status", pa.string()),
        ("reported_on", pa.date32()),
        ("answers", pa.int32()),
        ("margin_of_error", pa.decimal128(18, 4)),
        ("unit_text", pa.string()),
    ]
)

# One row per municipality (or region) that Kolada knows.
INDICATOR_MUNICIPALITIES = pa.schema(
    [
        ("row_no", pa.int64()),
        ("municipality_code", pa.string()),
        ("municipality_name", pa.string()),
    ]
)

# One row per group of municipalities and member.
INDICATOR_GROUP_MEMBERS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("group_code", pa.string()),
        ("group_name", pa.string()),
        ("municipality_code", pa.string()),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {
    "indicator__values": INDICATOR_VALUES,
    "indicator__municipalities": INDICATOR_MUNICIPALITIES,
    "indicator__group_members": INDICATOR_GROUP_MEMBERS,
}
