"""Add to a raw table the columns its suite needs of a register: units and projects, as they hold on a day or in a year.

Belongs here: helper columns looked up in a register, and those of the registers themselves. Not here: other helpers
(``helpers``), what is right or wrong (``suites/``). Each takes a frame and what is known, and returns the frame with
columns added; they are null where their rule does not apply. Imported where used (polars).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from expectations.arrival import ArrivalContext

#: Result accounts whose postings must belong to a unit; 89 only carries the year's result to the balance sheet.
_NEEDS_UNIT = r"^([3-7]|8[0-8])"
#: Fixed assets, whose postings are investments by project; the fourth digit 9 is their accumulated depreciation.
_FIXED_ASSETS = r"^1[12]"
_DEPRECIATION = r"^1[12]\d9"


def unit_given(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``unit_given``: false where a result account has no unit; null elsewhere and without a register."""
    applies = pl.col("account").str.contains(_NEEDS_UNIT) & pl.lit(context.units is not None)
    return frame.with_columns(pl.when(applies).then(pl.col("unit_code").is_not_null()).alias("unit_given"))


def unit_valid_on(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``unit_valid``: the unit holds on the voucher's date; null for units the register does not know."""
    return unit_valid_from_to(frame, context, pl.col("voucher_date"), pl.col("voucher_date"))


def unit_valid_in_year(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``unit_valid``: the unit holds on some day of the year; null for units the register does not know."""
    year = pl.col("fiscal_year")
    return unit_valid_from_to(frame, context, pl.date(year, 1, 1), pl.date(year, 12, 31))


def unit_valid_from_to(frame: pl.DataFrame, context: ArrivalContext, start: pl.Expr, end: pl.Expr) -> pl.DataFrame:
    """Add ``unit_valid``: the unit holds on some day from start to end; null for units the register does not know."""
    if context.units is None:
        return frame.with_columns(pl.lit(None, pl.Boolean).alias("unit_valid"))
    return _holding(frame, _frame(context.units), ["unit_code"], "unit_valid", start, end)


def _holding(
    frame: pl.DataFrame, register: pl.DataFrame, keys: list[str], name: str, start: pl.Expr, end: pl.Expr
) -> pl.DataFrame:
    """Add ``name``: some row of ``register`` with the same ``keys`` holds on a day from start to end; null if none."""
    rows = register.select(*keys, "valid_from", "valid_to").drop_nulls("valid_from")
    holds = (pl.col("valid_from") <= pl.col("end")) & (
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("start"))
    )
    frame = frame.with_columns(start.alias("start"), end.alias("end"))
    told = [*keys, "start", "end"]
    pairs = frame.select(told).unique().drop_nulls().join(rows, on=keys)
    found = pairs.group_by(told).agg(holds.any().alias(name))
    return frame.join(found, on=told, how="left", maintain_order="left").drop("start", "end")


def investment_project(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``project_given`` and, on the voucher's date, ``project_known``, to investments; null without a register."""
    if context.projects is None:
        return frame.with_columns(pl.lit(None, pl.Boolean).alias(name) for name in ("project_given", "project_known"))
    account, given = pl.col("account"), pl.col("project_code").is_not_null()
    invests = account.str.contains(_FIXED_ASSETS) & ~account.str.contains(_DEPRECIATION)
    day = pl.col("voucher_date")
    frame = _holding(frame, _projects(context.projects), ["project_code"], "_holds", day, day)
    return frame.with_columns(
        pl.when(invests).then(given).alias("project_given"),
        pl.when(invests & given & day.is_not_null())
        .then(pl.col("_holds").fill_null(value=False))
        .alias("project_known"),
    ).drop("_holds")


def budget_project(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``project_valid`` and ``project_on_board`` in the year; null for projects the register does not know."""
    if context.projects is None:
        return frame.with_columns(
            pl.lit(None, pl.Boolean).alias(name) for name in ("project_valid", "project_on_board")
        )
    year, register = pl.col("fiscal_year"), _projects(context.projects)
    start, end = pl.date(year, 1, 1), pl.date(year, 12, 31)
    frame = _holding(frame, register, ["project_code"], "project_valid", start, end)
    frame = _holding(frame, register, ["project_code", "board_code"], "_on_board", start, end)
    holds = pl.col("project_valid") & pl.col("board_code").is_not_null()
    on_board = pl.when(holds).then(pl.col("_on_board").fill_null(value=False))
    return frame.with_columns(on_board.alias("project_on_board")).drop("_on_board")


def _projects(nodes: object) -> pl.DataFrame:
    return _frame(nodes).rename({"node_code": "project_code"})


def unit_rows(frame: pl.DataFrame, _: ArrivalContext) -> pl.DataFrame:
    """Add to the register of units whether dates are in order, a row is alone in its days, the parent is in it."""
    known = pl.col("parent_code").is_in(_codes(frame, "unit_code"))
    return register_rows(frame, "unit_code").with_columns(known.alias("parent_known"))


def unit_predecessors(frame: pl.DataFrame, _: ArrivalContext) -> pl.DataFrame:
    """Add ``predecessors_known``: every predecessor is a unit of the register; null where there is none."""
    codes = set(frame["unit_code"])
    known = [None if named is None else codes.issuperset(named.split(",")) for named in frame["predecessor_codes"]]
    return frame.with_columns(pl.Series("predecessors_known", known, pl.Boolean))


def node_rows(frame: pl.DataFrame, _: ArrivalContext) -> pl.DataFrame:
    """Add to the register of projects what units have, and ``in_tree``: a category, or under a node of the register."""
    under = pl.col("parent_code").is_in(_codes(frame, "node_code")).fill_null(value=False)
    in_tree = pl.when(pl.col("level") == "category").then(pl.col("parent_code").is_null()).otherwise(under)
    return register_rows(frame, "node_code").with_columns(in_tree.alias("in_tree"))


def _codes(frame: pl.DataFrame, name: str) -> pl.Series:
    return frame[name].unique().drop_nulls().implode()


def register_rows(frame: pl.DataFrame, code: str) -> pl.DataFrame:
    """Add ``dates_in_order`` and ``alone_in_its_days``: no other row of the ``code`` holds on a day of this one."""
    end = pl.col("valid_to").fill_null(pl.date(9999, 12, 31))
    order = ["valid_from", "row_no"]
    latest_before = pl.col("_end").cum_max().shift(1).over(code, order_by=order)
    next_start = pl.col("valid_from").shift(-1).over(code, order_by=order)
    collides = (latest_before >= pl.col("valid_from")).fill_null(value=False)
    collides |= (next_start <= pl.col("_end")).fill_null(value=False)
    dated = pl.col(code).is_not_null() & pl.col("valid_from").is_not_null()
    return (
        frame.with_columns(end.alias("_end"))
        .with_columns(
            (pl.col("valid_from") <= pl.col("_end")).alias("dates_in_order"),
            pl.when(dated).then(~collides).alias("alone_in_its_days"),
        )
        .drop("_end")
    )


def _frame(table: object) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame
