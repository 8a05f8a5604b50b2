"""The raw tables of this source, column by column.

Belongs here: names, types and units of ``goal__*``. Not here: how a workbook is read.
"""

from __future__ import annotations

import pyarrow as pa

_MEASURE = pa.decimal128(18, 4)
_VALIDITY = [("valid_from_year", pa.int32()), ("valid_to_year", pa.int32())]

# One row per definition of an indicator and source of its values: where ``source_name`` and ``external_code`` say the
# values are found in the years of validity. A new definition is a new row with new years. ``direction`` is higher,
# lower or target (within ``tolerance``, in the unit); scale and ``max_jump`` are in the unit too. ``valid_to_year`` is
# the last year, null while open.
GOAL_INDICATORS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("indicator_code", pa.string()),
        ("indicator_name", pa.string()),
        ("goal_code", pa.string()),
        ("unit", pa.string()),
        ("direction", pa.string()),
        ("tolerance", _MEASURE),
        ("decimals", pa.int32()),
        ("scale_min", _MEASURE),
        ("scale_max", _MEASURE),
        ("source_name", pa.string()),
        ("external_code", pa.string()),
        *_VALIDITY,
        ("max_jump", _MEASURE),
    ]
)

# One row per goal and years with the same name, board and priority. ``agenda_2030`` lists the goals of Agenda 2030 by
# number with ``;`` between, null for none.
GOAL_GOALS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("goal_code", pa.string()),
        ("goal_name", pa.string()),
        ("board_code", pa.string()),
        ("priority_code", pa.string()),
        ("priority_name", pa.string()),
        ("agenda_2030", pa.string()),
        *_VALIDITY,
    ]
)

# One row per indicator and year: what the board wants of it, in the indicator's unit.
GOAL_TARGETS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("indicator_code", pa.string()),
        ("year", pa.int32()),
        ("target_value", _MEASURE),
    ]
)

# One row per goal, year and occasion that the board has published an assessment for, with its reason.
GOAL_ASSESSMENTS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("goal_code", pa.string()),
        ("year", pa.int32()),
        ("occasion_name", pa.string()),
        ("published_assessment", pa.string()),
        ("motivation", pa.string()),
    ]
)

# One row per year and occasion of follow-up; what was known on ``reported_on`` is what the occasion tells.
GOAL_OCCASIONS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("year", pa.int32()),
        ("occasion_name", pa.string()),
        ("reported_on", pa.date32()),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {
    "goal__indicators": GOAL_INDICATORS,
    "goal__goals": GOAL_GOALS,
    "goal__targets": GOAL_TARGETS,
    "goal__assessments": GOAL_ASSESSMENTS,
    "goal__occasions": GOAL_OCCASIONS,
}
