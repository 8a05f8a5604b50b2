"""The raw tables of this source, column by column.

Belongs here: names, types and units of ``survey__answers`` and ``survey__questions``. Not here: how a file is read.
"""

from __future__ import annotations

import pyarrow as pa

#: ``row_no`` of an answer is its row in the file times this, plus the place of its question in a wide file.
ROWS_PER_LINE = 1_000

# One row per respondent and question, blank answers too. ``respondent_no`` counts the respondents in the order of the
# file: never an id that the file holds. ``group_code`` is the unit (ansvar) the respondent belongs to, null if the file
# does not say. ``answer_value`` is a point on the question's scale; null when blank or when the respondent had no
# opinion. ``round_no`` is null for surveys without rounds, ``measured_on`` where the file has no day.
SURVEY_ANSWERS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("survey_code", pa.string()),
        ("year", pa.int32()),
        ("round_no", pa.int32()),
        ("measured_on", pa.date32()),
        ("group_code", pa.string()),
        ("respondent_no", pa.int32()),
        ("question_code", pa.string()),
        ("answer_value", pa.decimal128(9, 2)),
        ("is_no_opinion", pa.bool_()),
        ("weight", pa.decimal128(12, 6)),
    ]
)

# One row per question of a survey and year, or of one round of it. ``statistic`` is share (percent that answered
# ``favourable_from`` or more), mean (points on the scale) or index (the mean as 0-100 of the scale). ``decimals`` is
# how it is published. ``min_answers`` is the survey's own limit for showing a figure, null if it has none.
SURVEY_QUESTIONS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("survey_code", pa.string()),
        ("survey_name", pa.string()),
        ("year", pa.int32()),
        ("round_no", pa.int32()),
        ("question_code", pa.string()),
        ("question_text", pa.string()),
        ("statistic", pa.string()),
        ("unit", pa.string()),
        ("scale_min", pa.int32()),
        ("scale_max", pa.int32()),
        ("favourable_from", pa.int32()),
        ("decimals", pa.int32()),
        ("min_answers", pa.int32()),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {"survey__answers": SURVEY_ANSWERS, "survey__questions": SURVEY_QUESTIONS}
