"""Add to the tables of a staff system the columns their suites look at: days, shares, and what other files say.

Belongs here: helper columns of ``hr__*`` and the control of months. Not here: other helpers (``helpers``), what is
right or wrong (``suites/``). Each takes a frame and what is known, and returns the frame with columns added; they are
null where their rule does not apply. Imported where used (polars).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from expectations import lookups
from sources.hr.schema import ROWS_PER_LINE, SCHEMAS

if TYPE_CHECKING:
    import pyarrow as pa

    from expectations.arrival import ArrivalContext

_FOREVER = pl.date(9999, 12, 31)
_PERSON = "person_key"
_EMPLOYMENT = "employment_key"
_STORED = {name for schema in SCHEMAS.values() for name in schema.names}


def employment_rows(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add whether the dates of terms and employment are in order, terms are alone in their days and within the
    employment, and an employment is of one person; and ``rate_hundredths``, ``rate_is_percent``, ``leaving_told``.
    """
    start, end = pl.col("valid_from"), pl.col("valid_to")
    hired, left = pl.col("employed_from"), pl.col("employed_to")
    every = _with_others(frame, context)
    every = every.with_columns(_current_person(every))
    persons = pl.col("person").drop_nulls().n_unique().over(_EMPLOYMENT)
    one_person = pl.when(pl.col(_EMPLOYMENT).is_not_null()).then(persons < 2).alias("one_person")
    alone = lookups.register_rows(every, _EMPLOYMENT).with_columns(one_person)
    within = (start <= left.fill_null(_FOREVER)) & (end.fill_null(_FOREVER) >= hired)
    ended = left.is_not_null() & (pl.col("employment_form") == "permanent")
    return (
        frame.join(_own(alone, "alone_in_its_days", "one_person"), on="row_no", how="left", maintain_order="left")
        .with_columns(
            (start <= end).alias("terms_in_order"),
            (hired <= left).alias("employment_in_order"),
            pl.when((start <= end.fill_null(_FOREVER)) & (hired <= left.fill_null(_FOREVER)))
            .then(within)
            .alias("terms_in_employment"),
            pl.when(ended).then(pl.col("leaving_reason").is_not_null()).alias("leaving_told"),
        )
        .with_columns(*_share("contracted_rate_pct", "rate"))
    )


def unit_of_terms(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``unit_valid``, on some day of the terms, and ``unit_valid_to_end``, on their last one; null for units the
    register does not know.
    """
    last = pl.min_horizontal(pl.col("valid_to"), pl.col("employed_to")).fill_null(_FOREVER)
    frame = lookups.unit_valid_from_to(frame, context, last, last)
    frame = frame.rename({"unit_valid": "unit_valid_to_end"})
    return lookups.unit_valid_from_to(frame, context, pl.col("valid_from"), last)


def absence_rows(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add whether dates are in order and in the year, the row is the only one of its kind, and all absence of an
    employment is within the whole of its time; and ``extent_hundredths``, ``extent_is_percent``.
    """
    first, last = pl.date(pl.col("fiscal_year"), 1, 1), pl.date(pl.col("fiscal_year"), 12, 31)
    start, end = pl.col("absent_from"), pl.col("absent_to").fill_null(_FOREVER)
    every = _with_others(frame, context).with_columns(
        pl.max_horizontal(start, first).alias("start"), pl.min_horizontal(end, last).alias("end")
    )
    every = _within_full_time(_alone(every, ["fiscal_year", _EMPLOYMENT, "cause", "absent_from"]))
    in_order = start <= pl.col("absent_to")
    return (
        frame.join(_own(every, "alone", "within_full_time"), on="row_no", how="left", maintain_order="left")
        .with_columns(
            in_order.alias("dates_in_order"),
            pl.when(in_order.fill_null(value=True)).then((start <= last) & (end >= first)).alias("in_year"),
        )
        .with_columns(*_share("extent_pct", "extent"))
    )


def _within_full_time(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``within_full_time``: on no day from ``start`` to ``end`` is an employment absent more than the whole of it.

    The extents of an employment are added up at each day on which one begins or ends.
    """
    known = frame.filter(pl.col("start") <= pl.col("end")).drop_nulls([_EMPLOYMENT, "extent_pct"])
    extent = (pl.col("extent_pct") * 100).cast(pl.Int64)
    begins = known.select(_EMPLOYMENT, pl.col("start").alias("day"), extent.alias("change"))
    ends = known.select(_EMPLOYMENT, pl.col("end").dt.offset_by("1d").alias("day"), (-extent).alias("change"))
    changes = pl.concat([begins, ends]).group_by(_EMPLOYMENT, "day").agg(pl.col("change").sum())
    changes = changes.sort(_EMPLOYMENT, "day").with_columns(
        pl.col("change").cum_sum().over(_EMPLOYMENT).alias("total"),
        pl.col("day").shift(-1).over(_EMPLOYMENT).alias("until"),
    )
    over = changes.filter(pl.col("total") > 100_00).select(_EMPLOYMENT, "day", "until")
    hit = (
        known.join(over, on=_EMPLOYMENT)
        .filter((pl.col("start") < pl.col("until")) & (pl.col("end") >= pl.col("day")))
        .select("place")
        .unique()
    )
    return frame.with_columns((~pl.col("place").is_in(hit["place"].implode())).alias("within_full_time"))


def absence_beside(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``employment_known``, ``person_agrees``, ``in_employment`` and, for sick leave, ``has_schedule``; null
    without a register of employments, or scheduled hours of the year.
    """
    start, end = pl.col("absent_from"), pl.coalesce("absent_to", "absent_from")
    return _scheduled(_in_employment(frame, context, start, end, whole=True), context)


def hours_rows(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``file_row``, the parts of the period, ``hours_hundredths``, ``alone`` and what employments say."""
    measure = "scheduled_hours" if "scheduled_hours" in frame.columns else "hours"
    keys = [_EMPLOYMENT, "period", *({"kind"} & set(frame.columns))]
    every = _alone(_with_others(frame, context), keys)
    period = pl.col("period")
    month = pl.date(period // 100, (period % 100).clip(1, 12), 1)
    frame = frame.join(_own(every, "alone"), on="row_no", how="left", maintain_order="left").with_columns(
        (pl.col("row_no") // ROWS_PER_LINE).alias("file_row"),
        (period % 100).alias("period_month"),
        (period // 100).alias("period_year"),
        (pl.col(measure) * 100).cast(pl.Int64).alias("hours_hundredths"),
    )
    return _in_employment(frame, context, month, month.dt.month_end(), whole=False)


def incident_rows(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``alone``, for reports with a number, and ``unit_valid`` on the day; null for units nobody knows."""
    every = _alone(_with_others(frame, context), ["fiscal_year", "incident_code"])
    frame = frame.join(_own(every, "alone"), on="row_no", how="left", maintain_order="left")
    return lookups.unit_valid_from_to(frame, context, pl.col("happened_on"), pl.col("happened_on"))


def _in_employment(
    frame: pl.DataFrame, context: ArrivalContext, start: pl.Expr, end: pl.Expr, *, whole: bool
) -> pl.DataFrame:
    """Add ``employment_known``, ``person_agrees`` and ``in_employment``: the ``whole`` time, or some day of it."""
    added = ("employment_known", "person_agrees", "in_employment")
    if context.employments is None:
        return frame.with_columns(pl.lit(None, pl.Boolean).alias(name) for name in added)
    register = _frame(context.employments)
    current = _current_person(register)
    spans = register.with_columns(current).drop_nulls(_EMPLOYMENT).group_by(_EMPLOYMENT).agg(
        pl.col("person").drop_nulls().first().alias("_person"),
        pl.col("employed_from").min().alias("_from"),
        pl.col("employed_to").fill_null(_FOREVER).max().alias("_to"),
    )  # fmt: skip
    inside = (start >= pl.col("_from")) & (end <= pl.col("_to"))
    touches = (end >= pl.col("_from")) & (start <= pl.col("_to"))
    return (
        frame.join(spans, on=_EMPLOYMENT, how="left", maintain_order="left")
        .with_columns(current)
        .with_columns(
            pl.when(pl.col(_EMPLOYMENT).is_not_null()).then(pl.col("_from").is_not_null()).alias("employment_known"),
            (pl.col("person") == pl.col("_person")).alias("person_agrees"),
            (inside if whole else touches).alias("in_employment"),
        )
        .drop("person", "_person", "_from", "_to")
    )


def _scheduled(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``has_schedule``: each month of sick leave has scheduled hours; null for years without any."""
    if context.scheduled_hours is None:
        return frame.with_columns(pl.lit(None, pl.Boolean).alias("has_schedule"))
    hours = _frame(context.scheduled_hours).filter(pl.col("scheduled_hours") > 0)
    known = hours.group_by("fiscal_year").agg((pl.col("period").max() % 100).alias("_last_month"))
    year = pl.col("fiscal_year")
    start = pl.max_horizontal(pl.col("absent_from"), pl.date(year, 1, 1)).dt.month()
    end = pl.min_horizontal(pl.col("absent_to").fill_null(_FOREVER), pl.date(year, 12, 31)).dt.month()
    sick = frame.filter(cause="sick_leave").join(known, on="fiscal_year")
    sick = sick.filter(pl.col("absent_from").dt.year() <= year)
    last = pl.min_horizontal(end, pl.col("_last_month").cast(pl.Int8))
    months = sick.select("row_no", _EMPLOYMENT, (year * 100 + pl.int_ranges(start, last + 1)).alias("period"))
    months = months.explode("period").drop_nulls("period").with_columns(pl.col("period").cast(pl.Int32))
    lacking = months.join(hours, on=[_EMPLOYMENT, "period"], how="anti")["row_no"].unique()
    told = pl.when(pl.col("row_no").is_in(sick["row_no"].implode())).then(~pl.col("row_no").is_in(lacking.implode()))
    return frame.with_columns(told.alias("has_schedule"))


def month_control(scheduled: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Return one row per month of the years of scheduled hours: whether it is there, and for how many employments.

    ``in_file`` is false for a gap before the last month that has hours, ``in_parts`` the same for a file that is one of
    several; ``in_year`` is false for the months after the last. ``employments`` counts those that the register holds
    active and not hourly paid, ``scheduled`` those with hours. Null where there is nothing to compare with.
    """
    every = _with_others(scheduled, context).drop_nulls("period")
    counts = every.group_by("period").agg(pl.col(_EMPLOYMENT).n_unique().cast(pl.Int64).alias("scheduled"))
    years = every.select(pl.col("period") // 100).unique().sort("period")["period"].to_list()
    months = pl.DataFrame({"period": [year * 100 + month for year in years for month in range(1, 13)]})
    months = months.cast({"period": pl.Int32}).join(counts, on="period", how="left", maintain_order="left")
    last = pl.col("period").filter(pl.col("scheduled").is_not_null()).max().over(pl.col("period") // 100)
    there = pl.col("scheduled").is_not_null()
    gap = pl.when(pl.col("period") <= last).then(there)
    whole = pl.lit(not context.is_part)
    return _expected(months, context).with_columns(
        pl.when(whole).then(gap).alias("in_file"),
        pl.when(~whole).then(gap).alias("in_parts"),
        (pl.col("period") <= last).alias("in_year"),
        pl.when(there & (pl.col("employments") > 0))
        .then(100 * pl.col("scheduled") / pl.col("employments"))
        .alias("scheduled_pct"),
    )


def _expected(months: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``employments``: how many are active in the month and have a schedule; null without a register."""
    if context.employments is None or context.is_part:
        return months.with_columns(pl.lit(None, pl.Int64).alias("employments"))
    monthly = _frame(context.employments).filter(pl.col("employment_form") != "hourly")
    start = pl.max_horizontal("valid_from", "employed_from")
    end = pl.min_horizontal("valid_to", "employed_to").fill_null(_FOREVER)
    first = pl.date(pl.col("period") // 100, pl.col("period") % 100, 1)
    active = (
        months.select("period")
        .join(monthly.select(_EMPLOYMENT, start.alias("start"), end.alias("end")), how="cross")
        .filter((pl.col("start") <= first.dt.month_end()) & (pl.col("end") >= first))
        .group_by("period")
        .agg(pl.col(_EMPLOYMENT).n_unique().cast(pl.Int64).alias("employments"))
    )
    return months.join(active, on="period", how="left", maintain_order="left")


def _current_person(register: pl.DataFrame) -> pl.Expr:
    """Return ``person``: the key of a row's person, the present one where the register tells that it has changed."""
    changed = register.drop_nulls(["former_person_key", _PERSON]).unique("former_person_key", keep="first")
    changed = changed.sort("former_person_key")
    return pl.col(_PERSON).replace(changed["former_person_key"], changed[_PERSON]).alias("person")


def _share(column: str, name: str) -> tuple[pl.Expr, pl.Expr]:
    """Return ``<name>_hundredths`` and ``<name>_is_percent``: false for what is more likely a part of one."""
    value = pl.col(column)
    hundredths = (value * 100).cast(pl.Int64)
    return hundredths.alias(f"{name}_hundredths"), ((hundredths <= 0) | (hundredths > 100)).alias(f"{name}_is_percent")


def _alone(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Add ``alone``: no other row has the same keys; null where one of them is missing."""
    whole = pl.all_horizontal(pl.col(keys).is_not_null())
    return frame.with_columns(pl.when(whole).then(pl.len().over(keys) == 1).alias("alone"))


def _with_others(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Return the rows with those that other files say of the same table; ``is_own`` tells them apart, ``place`` is
    each row's own number among them all.
    """
    names = [name for name in frame.columns if name in _STORED]
    every = frame.select(names).with_columns(pl.lit(value=True).alias("is_own"))
    if context.same_table is not None:
        others = _frame(context.same_table).select(names).with_columns(pl.lit(value=False).alias("is_own"))
        every = pl.concat([every, others])
    return every.with_row_index("place")


def _own(every: pl.DataFrame, *names: str) -> pl.DataFrame:
    return every.filter(pl.col("is_own")).select("row_no", *names)


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame
