"""The raw tables of this source, column by column.

Belongs here: names, types and units of ``hr__*``. Not here: how a file is read, what is counted. No column holds a
personnummer, a name, a birth date, free text or the system's employment id: ``person_key`` and ``employment_key`` are
pseudonyms (``sources.hr.identity``), which are still personal data.
"""

from __future__ import annotations

import pyarrow as pa

#: Rows of the tables of hours are numbered by their line in the file times this, and the month: a line of a wide file
#: holds twelve of them.
ROWS_PER_LINE = 100
RATE = pa.decimal128(5, 2)
HOURS = pa.decimal128(9, 2)

# One row per employment and period of unchanged terms. ``valid_from``-``valid_to`` is the time of the terms,
# ``employed_from``-``employed_to`` of the whole employment; both last days are within, null while open.
# ``former_person_key`` is the person's earlier key, where the register says that they had another number before.
EMPLOYMENTS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("person_key", pa.string()),
        ("former_person_key", pa.string()),
        ("employment_key", pa.string()),
        ("birth_year", pa.int32()),
        ("sex", pa.string()),
        ("employment_form", pa.string()),
        ("unit_code", pa.string()),
        ("occupation_code", pa.string()),
        ("contracted_rate_pct", RATE),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("employed_from", pa.date32()),
        ("employed_to", pa.date32()),
        ("leaving_reason", pa.string()),
        ("employer_number", pa.string()),
    ]
)

# One row per spell as reported: a changed extent is a new row. ``absent_to`` is the last day, null while it lasts.
ABSENCES = pa.schema(
    [
        ("row_no", pa.int64()),
        ("fiscal_year", pa.int32()),
        ("person_key", pa.string()),
        ("employment_key", pa.string()),
        ("cause", pa.string()),
        ("absent_from", pa.date32()),
        ("absent_to", pa.date32()),
        ("extent_pct", RATE),
    ]
)

# One row per employment and month: ordinary working time by the schedule, hours.
SCHEDULED_HOURS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("fiscal_year", pa.int32()),
        ("person_key", pa.string()),
        ("employment_key", pa.string()),
        ("period", pa.int32()),
        ("scheduled_hours", HOURS),
    ]
)

# One row per employment, month and kind: hours worked by the hourly paid, and beyond the schedule by the others.
WORKED_HOURS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("fiscal_year", pa.int32()),
        ("person_key", pa.string()),
        ("employment_key", pa.string()),
        ("period", pa.int32()),
        ("kind", pa.string()),
        ("hours", HOURS),
    ]
)

# One row per reported work injury or near miss. ``incident_code`` is the system's own number of the report.
INCIDENTS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("fiscal_year", pa.int32()),
        ("incident_code", pa.string()),
        ("kind", pa.string()),
        ("happened_on", pa.date32()),
        ("unit_code", pa.string()),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {
    "hr__employments": EMPLOYMENTS,
    "hr__absences": ABSENCES,
    "hr__scheduled_hours": SCHEDULED_HOURS,
    "hr__worked_hours": WORKED_HOURS,
    "hr__incidents": INCIDENTS,
}
