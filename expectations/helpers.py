"""Add to a raw table the columns its suite looks at.

Belongs here: one helper column for each rule that is more than a comparison, computed over the whole table, so that
a suite stays readable. A helper is null where its rule does not apply: Great Expectations leaves nulls alone. Not
here: what is right or wrong (``suites/``), sums (``controls``). Imported where used (polars).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import polars as pl

from sources.reading import Problem

if TYPE_CHECKING:
    from expectations.arrival import ArrivalContext

#: Kommun-Bas: the account classes and groups that have a line in the statement of operations, and all with a place.
_OPERATING = r"^([3-7]|8[45])"
_PLACED = r"^([1-7]|8[45])"
#: Result accounts whose postings must belong to a unit; 89 only carries the year's result to the balance sheet.
_NEEDS_UNIT = r"^([3-7]|8[0-8])"


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
    fates = ["rows_loaded", "rows_quarantined", "rows_duplicate"]
    if {"rows_in", *fates} <= set(frame.columns):
        known = pl.sum_horizontal(pl.col(fates).cast(pl.Int64), ignore_nulls=False)
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
    by_voucher = marks.rename({"row_no": "voucher_row_no", "unreadable_column": "of_voucher"})
    return (
        marked.join(by_voucher, on="voucher_row_no", how="left", maintain_order="left")
        .with_columns(pl.coalesce("unreadable_column", "of_voucher").alias("unreadable_column"))
        .drop("of_voucher")
    )


def _voucher(frame: pl.DataFrame, _: ArrivalContext) -> pl.DataFrame:
    """Add ``voucher_at``, the line a voucher begins on, and ``voucher``, its name to people."""
    number = pl.concat_str("voucher_series", "voucher_no", separator=" ", ignore_nulls=True).str.strip_chars()
    first = pl.col("row_no").min().over("fiscal_year", "voucher_series", "voucher_no")
    return frame.with_columns(
        pl.coalesce("voucher_row_no", first).alias("voucher_at"),
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


def _unit_given(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``unit_given``: false where a result account has no unit; null elsewhere and without a register."""
    applies = pl.col("account").str.contains(_NEEDS_UNIT) & pl.lit(context.units is not None)
    return frame.with_columns(pl.when(applies).then(pl.col("unit_code").is_not_null()).alias("unit_given"))


def _unit_valid_on(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    return _unit_valid(frame, context, pl.col("voucher_date"), pl.col("voucher_date"))


def _unit_valid_in_year(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    year = pl.col("fiscal_year")
    return _unit_valid(frame, context, pl.date(year, 1, 1), pl.date(year, 12, 31))


def _unit_valid(frame: pl.DataFrame, context: ArrivalContext, start: pl.Expr, end: pl.Expr) -> pl.DataFrame:
    """Add ``unit_valid``: some row of the register holds in the interval; null for units it does not know."""
    if context.units is None:
        return frame.with_columns(pl.lit(None, pl.Boolean).alias("unit_valid"))
    units = _frame(context.units).select("unit_code", "valid_from", "valid_to").drop_nulls("valid_from")
    holds = (pl.col("valid_from") <= pl.col("end")) & (
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("start"))
    )
    frame = frame.with_columns(start.alias("start"), end.alias("end"))
    pairs = frame.select("unit_code", "start", "end").unique().drop_nulls().join(units, on="unit_code")
    valid = pairs.group_by("unit_code", "start", "end").agg(holds.any().alias("unit_valid"))
    keys = ["unit_code", "start", "end"]
    return frame.join(valid, on=keys, how="left", maintain_order="left").drop("start", "end")


def _unit_rows(frame: pl.DataFrame, _: ArrivalContext) -> pl.DataFrame:
    """Add to the register whether dates are in order, the parent is in it, and a row is alone in its days."""
    end = pl.col("valid_to").fill_null(pl.date(9999, 12, 31))
    order = ["valid_from", "row_no"]
    latest_before = pl.col("_end").cum_max().shift(1).over("unit_code", order_by=order)
    next_start = pl.col("valid_from").shift(-1).over("unit_code", order_by=order)
    collides = (latest_before >= pl.col("valid_from")).fill_null(value=False)
    collides |= (next_start <= pl.col("_end")).fill_null(value=False)
    dated = pl.col("unit_code").is_not_null() & pl.col("valid_from").is_not_null()
    codes = frame["unit_code"].unique().drop_nulls().implode()
    return (
        frame.with_columns(end.alias("_end"))
        .with_columns(
            (pl.col("valid_from") <= pl.col("_end")).alias("dates_in_order"),
            pl.col("parent_code").is_in(codes).alias("parent_known"),
            pl.when(dated).then(~collides).alias("alone_in_its_days"),
        )
        .drop("_end")
    )


def _frame(table: object) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


_DATES = ("voucher_date", "transaction_date")
_Helper = Callable[[pl.DataFrame, "ArrivalContext"], pl.DataFrame]
#: For each table: the columns a helper needs, and the helper.
_HELPERS: dict[str, list[tuple[set[str], _Helper]]] = {
    "ledger__postings": [
        ({"row_no", "fiscal_year", "voucher_row_no", "voucher_series", "voucher_no"}, _voucher),
        (set(_DATES), _dates),
        ({"period"}, _period),
        ({"account"}, _account_has_line),
        ({"account", "unit_code"}, _unit_given),
        ({"unit_code", "voucher_date"}, _unit_valid_on),
    ],
    "ledger__period_amounts": [({"period"}, _period)],
    "budget__lines": [
        ({"period"}, _period),
        ({"account"}, _account_in_chart),
        ({"unit_code", "fiscal_year"}, _unit_valid_in_year),
    ],
    "organisation__units": [({"row_no", "unit_code", "parent_code", "valid_from", "valid_to"}, _unit_rows)],
}
