"""The raw table of this source, column by column.

Belongs here: names and types of ``project__nodes``. Not here: how a file is read.
"""

from __future__ import annotations

import pyarrow as pa

# One row per node of the investment tree and time with the same parent and board. ``level`` is category, subcategory
# or project; ``sort_no`` orders nodes of one parent, null where the file gives no order. ``valid_to`` is the last day,
# null while open.
PROJECT_NODES = pa.schema(
    [
        ("row_no", pa.int64()),
        ("node_code", pa.string()),
        ("node_name", pa.string()),
        ("parent_code", pa.string()),
        ("level", pa.string()),
        ("board_code", pa.string()),
        ("sort_no", pa.int32()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {"project__nodes": PROJECT_NODES}
