"""Add to the tables of a survey the columns their suites look at: the question of an answer, and its scale.

Belongs here: helper columns of ``survey__answers`` and ``survey__questions``. Not here: other helpers (``helpers``),
what is right or wrong (``suites/``). Each takes a frame and what is known, and returns the frame with columns added;
they are null where their rule does not apply. Imported where used (polars).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from expectations import lookups
from sources.surveys.schema import ROWS_PER_LINE

if TYPE_CHECKING:
    from expectations.arrival import ArrivalContext

_ASKED = ["survey_code", "year", "question_code"]


def answer_rows(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``file_row``, ``question_known``, ``answer_in_scale`` and ``weight_positive``.

    A question that is asked in one round goes before one of every round, the first told before later ones.
    """
    found = frame.join(_questions(context), on=_ASKED, how="left", maintain_order="left_right")
    holds = pl.col("asked_in_round").is_null() | (pl.col("asked_in_round") == pl.col("round_no"))
    asked = (
        found.filter(pl.col("told").is_not_null() & holds.fill_null(value=False))
        .sort("row_no", pl.col("asked_in_round").is_null(), "told")
        .unique("row_no", keep="first", maintain_order=True)
        .select("row_no", "scale_min", "scale_max", "told")
    )
    value = pl.col("answer_value")
    return (
        frame.join(asked, on="row_no", how="left", maintain_order="left")
        .with_columns(
            (pl.col("row_no") // ROWS_PER_LINE).alias("file_row"),
            pl.col("told").is_not_null().alias("question_known"),
            ((value >= pl.col("scale_min")) & (value <= pl.col("scale_max"))).alias("answer_in_scale"),
            (pl.col("weight") > 0).alias("weight_positive"),
        )
        .drop("told")
    )


def unit_of_answer(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``unit_valid``: the unit holds on the day of the survey, or some day of its year; null for unknown units."""
    day, year = pl.col("measured_on"), pl.col("year")
    start = pl.coalesce(day, pl.date(year, 1, 1)).alias("start")
    end = pl.coalesce(day, pl.date(year, 12, 31)).alias("end")
    named = frame.with_columns(pl.col("group_code").alias("unit_code"))
    return lookups.unit_valid_from_to(named, context, start, end).drop("unit_code")


def question_rows(frame: pl.DataFrame, _: ArrivalContext) -> pl.DataFrame:
    """Add ``scale_in_order`` and, for shares, ``favourable_in_scale``: some answers are favourable, not all."""
    favourable = pl.col("favourable_from")
    within = (favourable > pl.col("scale_min")) & (favourable <= pl.col("scale_max"))
    return frame.with_columns(
        (pl.col("scale_min") < pl.col("scale_max")).fill_null(value=False).alias("scale_in_order"),
        pl.when(pl.col("statistic") == "share").then(within.fill_null(value=False)).alias("favourable_in_scale"),
    )


def _questions(context: ArrivalContext) -> pl.DataFrame:
    """Return the questions that are known, in the order they are told."""
    if context.survey_questions is None:
        kinds = {"survey_code": pl.String, "year": pl.Int32, "question_code": pl.String, "asked_in_round": pl.Int32}
        return pl.DataFrame(schema={**kinds, "scale_min": pl.Int32, "scale_max": pl.Int32, "told": pl.UInt32})
    known = pl.from_arrow(context.survey_questions)
    assert isinstance(known, pl.DataFrame)
    return known.select(*_ASKED, pl.col("round_no").alias("asked_in_round"), "scale_min", "scale_max").with_row_index(
        "told"
    )
