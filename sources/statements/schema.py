"""The raw table of this source, column by column.

Belongs here: names, types and units of ``statement__claims``. Not here: how a file is read.
"""

from __future__ import annotations

import pyarrow as pa

# One row per claim of a statement; most statements have one. ``claimed_value`` is in ``claimed_unit``, printed with
# ``claimed_decimals``; ``is_signed`` tells that a sign was printed, so that the value is more than a size. A figure is
# the id of a row of the mart ``figure``, or a pattern with one ``*`` for any part of it; ``figure_ids`` and
# ``against_ids`` are such with ``;`` between, in the order they were written. ``not_held`` says what no mart holds.
STATEMENT_CLAIMS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("statement_id", pa.string()),
        ("claim_no", pa.int32()),
        ("board_code", pa.string()),
        ("year", pa.int32()),
        ("statement_text", pa.string()),
        ("relation", pa.string()),
        ("claimed_value", pa.decimal128(18, 4)),
        ("claimed_decimals", pa.int32()),
        ("is_signed", pa.bool_()),
        ("claimed_unit", pa.string()),
        ("base_year", pa.int32()),
        ("claimed_rank", pa.int32()),
        ("figure_ids", pa.string()),
        ("against_ids", pa.string()),
        ("share_of_id", pa.string()),
        ("not_held", pa.string()),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {"statement__claims": STATEMENT_CLAIMS}
