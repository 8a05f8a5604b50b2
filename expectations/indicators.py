"""Add to indicator values the columns their suite needs: what the goals' register says of them, and other vintages.

Belongs here: helper columns of ``indicator__values``. Not here: other helpers (``helpers``), what is right or wrong
(``suites/``). Each takes a frame and what is known, and returns the frame with columns added; they are null where
their rule does not apply. Imported where used (polars).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import pyarrow as pa

    from expectations.arrival import ArrivalContext

#: What tells one value from another, but for when it was reported.
VALUE_KEY = ("source_name", "external_code", "municipality_code", "year", "group_code")
_MEASURE = ["source_name", "external_code"]
#: Fewer answers than this and a result may not be shown: the institutes' own limits, else what protects a person.
FEWEST_ANSWERS = {"Insikt": 10, "Servicemätning": 30}
FEWEST = 5
_WITH_VALUE = ("preliminary", "final")
#: A share written as 0.85 beside percentages: at most one, where the measure otherwise is at least this.
_PERCENTAGES_FROM = 5


def described(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add what a value is to people and to rules.

    ``number`` is the value as a float, for comparing only; ``has_value`` tells whether it is as its status says,
    ``is_ours`` whether the file holds anything about us or those we compare with, ``in_time`` whether the year had
    begun when the value was reported, and ``is_answered`` whether so many have answered that it may be shown.
    """
    number = pl.col("value").cast(pl.Float64)
    said = pl.col("value").is_not_null() == pl.col("status").is_in(_WITH_VALUE)
    ours = {context.municipality_code, *context.compared_codes}
    fewest = pl.col("source_name").replace_strict(FEWEST_ANSWERS, default=FEWEST, return_dtype=pl.Int32)
    answered = pl.when(pl.col("value").is_not_null()).then(pl.col("answers") >= fewest)
    return frame.with_columns(
        number.alias("number"),
        said.alias("has_value"),
        pl.col("municipality_code").is_in(sorted(ours)).any().alias("is_ours"),
        (pl.col("year") <= pl.col("reported_on").dt.year()).alias("in_time"),
        answered.alias("is_answered"),
        fewest.alias("fewest_answers"),
        _shown("value").alias("shown_value"),
    )


def registered(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add ``is_registered`` and ``in_scale``, with the scale as people write it; null without a register of goals.

    A measure whose definition has changed is in the register with each definition's years; a value of a year that
    none covers is judged by the nearest of them.
    """
    if context.indicators is None:
        empty = {"is_registered": pl.Boolean, "in_scale": pl.Boolean, "scale": pl.String}
        empty |= {"max_jump": pl.Float64, "defined_from": pl.Int32}
        return frame.with_columns(pl.lit(None, kind).alias(name) for name, kind in empty.items())
    # However the register spells it: a letter in the wrong case is nothing to set a value aside for.
    spelt = [pl.col(name).str.to_lowercase() for name in _MEASURE]
    register = _frame(context.indicators).select(
        *spelt, pl.col("scale_min", "scale_max", "max_jump").cast(pl.Float64), "valid_from_year", "valid_to_year"
    )
    year, last = pl.col("year"), pl.col("valid_to_year").fill_null(9999)
    distance = (
        pl.when(year < pl.col("valid_from_year"))
        .then(pl.col("valid_from_year") - year)
        .when(year > last)
        .then(year - last)
        .otherwise(0)
    )
    found = (
        frame.select("row_no", "year", *spelt)
        .join(register, on=_MEASURE)
        .with_columns(distance.alias("_distance"))
        .sort("row_no", "_distance", "valid_from_year")
        .unique("row_no", keep="first", maintain_order=True)
        .select(
            *("row_no", "scale_min", "scale_max", "max_jump"),
            pl.col("valid_from_year").cast(pl.Int32).alias("defined_from"),
            pl.lit(value=True).alias("is_registered"),
        )
    )
    frame = frame.join(found, on="row_no", how="left", maintain_order="left")
    scale = pl.concat_str(_shown("scale_min"), pl.lit("–"), _shown("scale_max"))
    in_scale = pl.col("number").is_between(pl.col("scale_min"), pl.col("scale_max"))
    return frame.with_columns(
        # A file that has a column for an index that was not measured says nothing of it.
        pl.when(pl.col("value").is_not_null()).then(pl.col("is_registered").fill_null(value=False)),
        in_scale.alias("in_scale"),
        scale.alias("scale"),
    ).drop("scale_min", "scale_max")


def beside_others(frame: pl.DataFrame, context: ArrivalContext) -> pl.DataFrame:
    """Add what other values of the file and of earlier deliveries say.

    ``agrees``: no earlier delivery says something else with the same reported day. ``is_percent``: it is not a
    share (0.85) among percentages (85). ``is_plausible``: it is as near ``prior``, the value of the year before as last
    reported by then, as the register says; null across a change of definition.
    """
    own = frame.select("row_no", *VALUE_KEY, "reported_on", "status", "number")
    others = _others(context)
    every = pl.concat([own.drop("row_no"), others]).filter(pl.col("number").is_not_null())
    frame = _share(_prior(frame, every), every)
    key = [*VALUE_KEY, "reported_on"]
    said = ["number", "status"]
    same = frame.select("row_no", *key, *said).join(others, on=key, suffix="_before")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in said)
    odd = same.filter(differs).sort("row_no", "status_before", "number_before").unique("row_no", keep="first")
    told = odd.select("row_no", _shown("number_before").fill_null("saknas").alias("said_before"))
    frame = frame.join(told, on="row_no", how="left", maintain_order="left")
    return frame.with_columns(pl.col("said_before").is_null().alias("agrees"))


def _share(frame: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    largest = every.group_by(_MEASURE).agg(pl.col("number").max().alias("_largest"))
    frame = frame.join(largest, on=_MEASURE, how="left", maintain_order="left")
    looks_so = pl.col("number").is_between(0, 1, closed="right") & (pl.col("_largest") >= _PERCENTAGES_FROM)
    return frame.with_columns((~looks_so).alias("is_percent")).drop("_largest")


def _prior(frame: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    keys = list(VALUE_KEY)
    known = every.select(*keys, "reported_on", pl.col("number").alias("prior_number")).with_columns(pl.col("year") + 1)
    prior = (
        frame.select("row_no", *keys, "defined_from", pl.col("reported_on").alias("_by"))
        .join(known, on=keys)
        .filter(pl.col("reported_on") <= pl.col("_by"), pl.col("year") > pl.col("defined_from"))
        .sort("row_no", "reported_on", "prior_number")
        .unique("row_no", keep="last", maintain_order=True)
        .select("row_no", "prior_number")
    )
    frame = frame.join(prior, on="row_no", how="left", maintain_order="left")
    jump = (pl.col("number") - pl.col("prior_number")).abs()
    return frame.with_columns(
        (jump <= pl.col("max_jump")).alias("is_plausible"),
        _shown("prior_number").alias("prior"),
        _shown("max_jump").alias("largest_jump"),
        (pl.col("year") - 1).alias("prior_year"),
    ).drop("prior_number")


def _others(context: ArrivalContext) -> pl.DataFrame:
    kinds = {"source_name": pl.String, "external_code": pl.String, "municipality_code": pl.String, "year": pl.Int32}
    kinds |= {"group_code": pl.String, "reported_on": pl.Date, "status": pl.String, "number": pl.Float64}
    if context.earlier_values is None:
        return pl.DataFrame(schema=kinds)
    return _frame(context.earlier_values).select(
        *VALUE_KEY, "reported_on", "status", pl.col("value").cast(pl.Float64).alias("number")
    )


def _shown(name: str) -> pl.Expr:
    """Return a figure as people write it: as few decimals as it has, and a decimal comma."""
    text = pl.col(name).cast(pl.Float64).round(4).cast(pl.String)
    return text.str.strip_suffix(".0").str.replace(".", ",", literal=True)


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame
