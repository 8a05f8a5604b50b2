"""The raw tables of this source, column by column.

Belongs here: names, types and units of ``followup__*``. Not here: how a file is read.

In every table ``reader_remark`` says in Swedish what of the row is read otherwise than it stands, or should not stand
there; it is made of our own words and those of the lists, never of anything a person has written. Null where all is as
it should be.
"""

from __future__ import annotations

import pyarrow as pa

_OF_BOARD = [("row_no", pa.int64()), ("year", pa.int32()), ("board_code", pa.string())]
_REMARK = ("reader_remark", pa.string())

# One row per board, year and risk. ``assessment`` may be left out where a report shows it by a sign only.
INTERNAL_CONTROL = pa.schema(
    [
        *_OF_BOARD,
        ("risk_code", pa.string()),
        ("risk_name", pa.string()),
        ("risk_description", pa.string()),
        ("control_description", pa.string()),
        ("assessment", pa.string()),
        ("result", pa.string()),
        ("action", pa.string()),
        _REMARK,
    ]
)

# One row per board, year and assignment: what the council or the board has told the administration to do.
ASSIGNMENTS = pa.schema(
    [
        *_OF_BOARD,
        ("assignment_code", pa.string()),
        ("assignment_text", pa.string()),
        ("status", pa.string()),
        ("comment", pa.string()),
        ("decided_on", pa.date32()),
        ("reported_on", pa.date32()),
        _REMARK,
    ]
)

# One row per board, year, contract and requirement that was followed up. Several suppliers have commas between.
CONTRACT_REVIEWS = pa.schema(
    [
        *_OF_BOARD,
        ("contract_code", pa.string()),
        ("contract_name", pa.string()),
        ("supplier_name", pa.string()),
        ("requirement_no", pa.int32()),
        ("requirement_text", pa.string()),
        ("fulfilled", pa.string()),
        ("deficiency", pa.string()),
        ("effect", pa.string()),
        ("action", pa.string()),
        _REMARK,
    ]
)

# One row per board, year, contract, measure and group, in ``unit``. The group is a supplier, a fuel, an administration,
# whatever the measure is parted by; ``Alla`` is the whole.
CONTRACT_MEASURES = pa.schema(
    [
        *_OF_BOARD,
        ("contract_code", pa.string()),
        ("measure_code", pa.string()),
        ("measure_name", pa.string()),
        ("group_name", pa.string()),
        ("value", pa.decimal128(18, 4)),
        ("unit", pa.string()),
        _REMARK,
    ]
)

# One row per board, year and activity, with the principle it serves.
SUSTAINABILITY = pa.schema(
    [
        *_OF_BOARD,
        ("activity_no", pa.int32()),
        ("principle_no", pa.int32()),
        ("principle_text", pa.string()),
        ("activity_text", pa.string()),
        _REMARK,
    ]
)

SCHEMAS: dict[str, pa.Schema] = {
    "followup__internal_control": INTERNAL_CONTROL,
    "followup__assignments": ASSIGNMENTS,
    "followup__contract_reviews": CONTRACT_REVIEWS,
    "followup__contract_measures": CONTRACT_MEASURES,
    "followup__sustainability": SUSTAINABILITY,
}
