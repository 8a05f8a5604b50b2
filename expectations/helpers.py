"""Add to a raw table the columns its suite looks at.

Belongs here: one helper column for each rule that is more than a comparison, computed over the whole table, so that
a suite stays readable. A helper is null where its rule does not apply: Great Expectations leaves nulls alone. Not
here: what is looked up in a register (``lookups``), what is right or wrong (``suites/``), sums (``controls``).
Imported where used (polars).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import polars as pl

from expectations import answers, indicators, lookups, staff
from sources.reading import Problem

if TYPE_CHECKING:
    from expectations.arrival import ArrivalContext

#: Kommun-Bas: the account classes and groups that have a line in the statement of operations, and all with a place.
_OPERATING = r"^([3-7]|8[45])"
_PLACED = r"^([1-7]|8[45])"
#: What becomes of the rows of a delivery.
_FATES = ("rows_loaded", "rows_quarantined", "rows_duplicate")
#: The columns of a mart, beside amounts, that its helpers are made of.
MART_HELPERS_NEED = frozenset({"period", "rows_in", *_FATES})


def with_ore(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with an integer ``*_ore`` beside each decimal ``*_sek``."""
    sek = [name for name, kind in frame.schema.items() if name.endswith("_sek") and kind.is_decimal()]
    return frame.with_columns((pl.col(name) * 100).cast(pl.Int64).alias(f"{name[:-4]}_ore") for name in sek)


def with_helpers(
    table_name: str, frame: pl.DataFrame, problems: Sequence[Problem], context: ArrivalContext
) -> pl.DataFrame:
    """Return a raw table with the columns its suite needs: one row per row of ``frame``, in its order.

    Every table gets ``unreadable_column``: the columns of that row the reader has a problem with, comma between, else
    null.
    A column that a helper needs and the frame lacks leaves the helper out: the rule then fails and names the column.
    """
    frame = _with_unreadable(with_ore(frame), table_name, problems)
    for needs, add in _HELPERS.get(table_name, ()):
        if needs <= set(frame.columns):
            frame = add(frame, context)
    return frame


def with_mart_helpers(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a mart with what published suites need: öre, the parts of a period, rows of a delivery without a fate."""
    frame = with_ore(frame)
    if "period" in frame.columns:
        frame = _period(frame)
    if {"rows_in", *_FATES} <= set(frame.columns):
        known = pl.sum_horizontal(pl.col(_FATES).cast(pl.Int64), ignore_nulls=False)
        frame = frame.with_columns((pl.col("rows_in").cast(pl.Int64) - known).alias("rows_unaccounted"))
    return frame


def _with_unreadable(frame: pl.DataFrame, table_name: str, problems: Sequence[Problem]) -> pl.DataFrame:
    """Mark unreadable rows; a ledger problem on a voucher's own line marks every posting of the voucher."""
    own = [(p.row_no, p.column) for p in problems if p.table == table_name]
    marks = pl.DataFrame(own, schema={"row_no": pl.Int64, "unreadable_column": pl.String}, orient="row")
    marks = marks.group_by("row_no").agg(pl.col("unreadable_column").unique(maintain_order=True).str.join(","))
    marked = frame.join(marks, on="row_no", how="left", maintain_order="left")
    if "voucher_row_no" not in frame.columns:
        return marked
    # Where vouchers have no line of their own, that of their first posting stands for it: its faults are its own.
    of_no_row = marks.join(frame.select("row_no"), on="row_no", how="anti")
    by_voucher = of_no_row.rename({"row_no": "voucher_row_no", "unreadable_column": "of_voucher"})
    return (
        marked.join(by_voucher, on="voucher_row_no", how="left", maintain_order="left")
        .with_columns(pl.coalesce("unreadable_column", "of_voucher").alias("unreadable_column"))
        .drop("of_voucher")
    )


def _voucher(frame: pl.DataFrame, _: ArrivalContext) -> pl.DataFrame:
    """Add ``voucher_at``, the line a voucher begins on, and ``voucher``, its name to people."""
    number = pl.concat_str("voucher_series", "voucher_no", separator=" ", ignore_nulls=True).str.strip_chars()
    at = pl.col("voucher_row_no")
    if frame["voucher_row_no"].null_count():
        # Of a batch the first row of the voucher is given: it may stand in another one.
        first = pl.col("row_no").min().over("fiscal_year", "voucher_series", "voucher_no")
        at = pl.coalesce(at, "first_row_no" if "first_row_no" in frame.columns else first)
    return frame.with_columns(
        at.alias("voucher_at"),
        pl.when(number == "").then(pl.lit("utan nummer")).otherwise(number).alias("voucher"),
    )


def _dates(frame: pl.DataFrame, _: ArrivalContext) -> pl.DataFrame:
    years = [pl.col(name).dt.year().alias(name.replace("_date", "_year")) for name in _DATES]
    return frame.with_columns(years)


def _period(frame: pl.DataFrame, _: ArrivalContext | None = None) -> pl.DataFrame:
    period = pl.col("period")
    return frame.with_columns((period % 100).alias("period_month"), (period // 100).alias("period_year"))


def _account_has_line(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    if context.line_accounts is None:
        return frame.with_columns(pl.lit(None, pl.Boolean).alias("account_has_line"))
    account = pl.col("account")
    placed = account.str.contains(_PLACED) | account.is_in(sorted(context.line_accounts))
    return frame.with_columns(placed.alias("account_has_line"))


def _account_in_chart(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    account = pl.col("account")
    known = account.str.contains(_OPERATING) | account.is_in(sorted(context.known_accounts))
    return frame.with_columns(known.alias("account_in_chart"))


def _round(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``round``, a forecast's round as people write it, and whether this file alone holds it."""
    month = pl.col("forecast_month").cast(pl.String).str.zfill(2)
    name = pl.concat_str(month, pl.col("reported_on").cast(pl.String), separator=" ")
    of_year = pl.concat_str(pl.col("fiscal_year").cast(pl.String), name, separator=" ")
    alone = ~of_year.is_in(sorted(context.other_rounds))
    return frame.with_columns(name.alias("round"), alone.alias("round_alone"))


def _stated_totals(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add to each total of a forecast ``lines_ore``, the sum of its lines, and ``total_difference_ore``.

    Null for base lines, and where an amount among the lines could not be read: that row says so itself.
    """
    of_round = list(_ROUND)
    parts = [(total, line) for total, lines in context.line_components.items() for line in lines]
    components = pl.DataFrame(parts, schema={"_total": pl.String, "line_code": pl.String}, orient="row")
    readable = pl.col("amount_ore").is_not_null().all()
    sums = (
        frame.join(components, on="line_code")
        .group_by(*of_round, "_total")
        .agg(pl.when(readable).then(pl.col("amount_ore").sum()).alias("lines_ore"), pl.lit(value=True).alias("_lines"))
        .rename({"_total": "line_code"})
    )
    frame = frame.join(sums, on=[*of_round, "line_code"], how="left", maintain_order="left", nulls_equal=True)
    # A total without any of its lines stands alone, whatever it says: the difference is all of it, and never nothing.
    alone = pl.col("line_code").is_in(sorted(context.line_components)) & pl.col("_lines").is_null()
    difference = (
        pl.when(alone)
        .then(pl.max_horizontal(pl.col("amount_ore").abs(), 1))
        .otherwise(pl.col("amount_ore") - pl.col("lines_ore"))
    )
    return frame.with_columns(
        difference.alias("total_difference_ore"),
        pl.when(alone).then(0).otherwise(pl.col("lines_ore")).alias("lines_ore"),
    ).drop("_lines")


def _years_in_order(frame: pl.DataFrame, _: ArrivalContext) -> pl.DataFrame:
    """Add whether the first year of validity comes before the last; an open end is after every year."""
    last = pl.col("valid_to_year").fill_null(9999)
    return frame.with_columns((pl.col("valid_from_year") <= last).alias("years_in_order"))


def _scale_in_order(frame: pl.DataFrame, _: ArrivalContext) -> pl.DataFrame:
    return frame.with_columns((pl.col("scale_min") < pl.col("scale_max")).alias("scale_in_order"))


def _has_target(frame: pl.DataFrame, _: ArrivalContext) -> pl.DataFrame:
    return frame.with_columns(pl.col("target_value").is_not_null().alias("has_target"))


def _reported_in_time(frame: pl.DataFrame, _: ArrivalContext) -> pl.DataFrame:
    return frame.with_columns((pl.col("reported_on").dt.year() >= pl.col("year")).alias("reported_in_time"))


_DATES = ("voucher_date", "transaction_date")
_VALUE = ("row_no", *indicators.VALUE_KEY, "value", "status", "reported_on", "answers")
#: What tells one forecast of one board and segment from another.
_ROUND = ("fiscal_year", "forecast_month", "reported_on", "board_code", "segment_code")
_Helper = Callable[[pl.DataFrame, "ArrivalContext"], pl.DataFrame]
#: Tables that may be large, and whose helpers look at one row at a time but for where its voucher begins.
ROW_BY_ROW = frozenset({"ledger__postings", "ledger__period_amounts", "ledger__voucher_headers"})
#: For each table: the columns a helper needs, and the helper.
_HELPERS: dict[str, list[tuple[set[str], _Helper]]] = {
    "ledger__postings": [
        ({"row_no", "fiscal_year", "voucher_row_no", "voucher_series", "voucher_no"}, _voucher),
        (set(_DATES), _dates),
        ({"period"}, _period),
        ({"account"}, _account_has_line),
        ({"account", "unit_code"}, lookups.unit_given),
        ({"unit_code", "voucher_date"}, lookups.unit_valid_on),
        ({"account", "project_code", "voucher_date"}, lookups.investment_project),
    ],
    "ledger__period_amounts": [({"period"}, _period)],
    "budget__lines": [
        ({"period"}, _period),
        ({"account"}, _account_in_chart),
        ({"unit_code", "fiscal_year"}, lookups.unit_valid_in_year),
    ],
    "organisation__units": [
        ({"row_no", "unit_code", "parent_code", "valid_from", "valid_to"}, lookups.unit_rows),
        ({"unit_code", "predecessor_codes"}, lookups.unit_predecessors),
    ],
    "project__nodes": [({"row_no", "node_code", "parent_code", "level", "valid_from", "valid_to"}, lookups.node_rows)],
    "investment_budget__lines": [({"fiscal_year", "board_code", "project_code"}, lookups.budget_project)],
    "forecast__lines": [
        ({"fiscal_year", "forecast_month", "reported_on"}, _round),
        ({*_ROUND, "line_code", "amount_ore"}, _stated_totals),
    ],
    "hr__employments": [
        ({"employment_key", "person_key", "valid_from", "valid_to", "contracted_rate_pct"}, staff.employment_rows),
        ({"unit_code", "valid_from", "valid_to", "employed_to"}, staff.unit_of_terms),
    ],
    "hr__absences": [
        ({"employment_key", "fiscal_year", "cause", "absent_from", "absent_to", "extent_pct"}, staff.absence_rows),
        ({"employment_key", "person_key", "cause", "absent_from", "absent_to"}, staff.absence_beside),
    ],
    "hr__scheduled_hours": [({"employment_key", "person_key", "period", "scheduled_hours"}, staff.hours_rows)],
    "hr__worked_hours": [({"employment_key", "person_key", "period", "kind", "hours"}, staff.hours_rows)],
    "hr__incidents": [({"fiscal_year", "incident_code", "unit_code", "happened_on"}, staff.incident_rows)],
    "survey__answers": [
        ({"row_no", "survey_code", "year", "round_no", "question_code", "answer_value", "weight"}, answers.answer_rows),
        ({"group_code", "year", "measured_on"}, answers.unit_of_answer),
    ],
    "survey__questions": [({"statistic", "scale_min", "scale_max", "favourable_from"}, answers.question_rows)],
    "indicator__values": [
        (set(_VALUE), indicators.described),
        (set(_VALUE), indicators.registered),
        (set(_VALUE), indicators.beside_others),
    ],
    "goal__indicators": [
        ({"valid_from_year", "valid_to_year"}, _years_in_order),
        ({"scale_min", "scale_max"}, _scale_in_order),
    ],
    "goal__goals": [({"valid_from_year", "valid_to_year"}, _years_in_order)],
    "goal__targets": [({"target_value"}, _has_target)],
    "goal__occasions": [({"year", "reported_on"}, _reported_in_time)],
}
