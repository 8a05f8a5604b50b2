"""The raw table of this source, column by column.

Belongs here: names and types of ``organisation__units``. Not here: how a file is read.
"""

from __future__ import annotations

import pyarrow as pa

# One row per unit and time with the same parent, board and segment. ``valid_to`` is the last day, null while open.
# ``predecessor_codes`` are the units this one was formed of, comma between, null if none.
ORGANISATION_UNITS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("unit_code", pa.string()),
        ("unit_name", pa.string()),
        ("parent_code", pa.string()),
        ("board_code", pa.string()),
        ("segment_code", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("predecessor_codes", pa.string()),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {"organisation__units": ORGANISATION_UNITS}
