"""Typed rows of an extract to the ledger's raw tables (``sources.ledger.schema``).

Belongs here: what every system's extracts share once columns are ours: vouchers, names, what a file covers. Not here:
how a system says period, measure or side (``sources.ledger.raindance``, ``sources.ledger.unit4``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl
import pyarrow as pa

from sources.ledger.extracts.table import Table
from sources.ledger.extracts.values import dates_for_none
from sources.ledger.schema import SCHEMAS
from sources.reading import Problem, Reading
from sources.tabular.extract import ROW_NO
from sources.tabular.values import folded

POSTINGS = "ledger__postings"
PERIOD_AMOUNTS = "ledger__period_amounts"
FORECASTS = "ledger__forecasts"
HEADERS = "ledger__voucher_headers"
ACCOUNTS = "ledger__accounts"
VALUES = "ledger__dimension_values"
ISSUES = "ledger__issues"
VOUCHER = ("fiscal_year", "voucher_series", "voucher_no")
#: The numbers that SIE reserves for dimensions of these meanings; what has no meaning comes after.
DIMENSION_NO = {"unit": 1, "activity": 2, "project": 6, "counterparty": 20}
FIRST_FREE_NO = 21
#: Our columns in an extract under the names of the raw tables.
RAW_NAMES = {
    "outcome": "amount_sek",
    "budget": "amount_sek",
    "forecast": "amount_sek",
    "side": "amount_sek",
    "amount_in_currency": "amount_sek",
    "debit": "debit_sek",
    "dimension": "dimension_no",
    "no_date": "voucher_date",
}


@dataclass(slots=True)
class Said:
    """What an extract says, on its way to a ``Reading``: raw tables by name, problems, facts; ``part`` as there."""

    frames: dict[str, pl.DataFrame]
    problems: list[Problem] = field(default_factory=list)
    issues: list[tuple[int, str, str, str]] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    part: str = ""


def with_vouchers(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``voucher_row_no``, the first row of each voucher; series and number are text, never null."""
    frame = frame.with_columns(pl.col("voucher_series", "voucher_no").fill_null(""))
    return frame.with_columns(pl.col(ROW_NO).min().over(VOUCHER).alias("voucher_row_no"))


def note_missing_dates(table: Table, no_date: Collection[date]) -> None:
    """Note vouchers without a date, as faults of ``no_date``: what that leaves null differs between raw tables."""
    cells = table.texts["voucher_date"]
    reason = "ett verifikat ska ha ett datum; rätta i ekonomisystemet och exportera igen"
    table.fault(cells.is_null(), "no_date", f"verifikatdatum saknas; {reason}", "voucher_date")
    for_none = dates_for_none(cells, no_date)
    table.fault(for_none, "no_date", f"betyder att datum saknas; {reason}", "voucher_date")


def postings(frame: pl.DataFrame) -> pl.DataFrame:
    """Return ``ledger__postings``: ``outcome`` is the amount; a posting without a date of its own has its voucher's."""
    return frame.with_columns(
        pl.lit("TRANS").alias("kind"),
        pl.col("outcome").alias("amount_sek"),
        pl.coalesce("transaction_date", "voucher_date").alias("transaction_date"),
    ).select(SCHEMAS[POSTINGS].names)


def period_budget(frame: pl.DataFrame) -> pl.DataFrame:
    """Return ``ledger__period_amounts`` of kind PBUDGET: a budget that lies in the ledger."""
    return frame.select(
        ROW_NO,
        pl.lit("PBUDGET").alias("kind"),
        pl.lit(0, pl.Int32).alias("year_no"),
        "fiscal_year",
        "period",
        *_CODES,
        pl.lit(value=True).alias("has_objects"),
        pl.col("budget").alias("amount_sek"),
        pl.lit(None, pl.Decimal(18, 6)).alias("quantity"),
    )


_CODES = ("account", "unit_code", "activity_code", "project_code", "counterparty_code", "other_dimensions")


def forecasts(frame: pl.DataFrame) -> pl.DataFrame:
    """Return ``ledger__forecasts``.

    A forecast's vouchers are dated in the month the round looks from and hold the whole year; the round was reported on
    the last day one of them was registered.
    """
    month = pl.col("voucher_date").dt.month().cast(pl.Int32)
    registered = pl.coalesce("registered_on", "voucher_date")
    return frame.select(
        ROW_NO,
        "fiscal_year",
        month.alias("forecast_month"),
        registered.max().over("fiscal_year", month).alias("reported_on"),
        *_CODES,
        pl.col("forecast").alias("amount_sek"),
    )


def headers(table: Table) -> Said:
    """Return ``ledger__voucher_headers``: how many rows each voucher has, and its debit where the system says it."""
    frame = table.frame.with_columns(
        pl.coalesce("fiscal_year", pl.col("voucher_date").dt.year()).cast(pl.Int32).alias("fiscal_year"),
        pl.col("voucher_series", "voucher_no").fill_null(""),
        pl.col("debit").alias("debit_sek"),
    )
    said = Said({HEADERS: frame.select(SCHEMAS[HEADERS].names)}, part="headers")
    said.problems += table.problems(HEADERS, RAW_NAMES, frame[ROW_NO])
    return said


def names(table: Table, dimension: pl.Expr, known: Mapping[str, tuple[str, str]]) -> Said:
    """Return ``ledger__accounts`` and ``ledger__dimension_values`` of rows (value_code, value_name), for no year.

    ``dimension`` gives each row's column of the code string; ``known`` maps such a column to (meaning, name).
    """
    frame = table.frame.with_columns(dimension.alias("_column"), pl.lit(None, pl.Int32).alias("fiscal_year"))
    columns = frame["_column"].drop_nulls().unique(maintain_order=True).to_list()
    meanings = {column: known[column][0] if column in known else "other" for column in columns}
    numbers = _numbers(meanings)
    is_account = pl.col("_column").replace_strict(meanings, default="other", return_dtype=pl.String) == "account"
    accounts = frame.filter(is_account).select(
        ROW_NO,
        "fiscal_year",
        pl.col("value_code").alias("account"),
        pl.col("value_name").alias("account_name"),
        pl.lit(None, pl.String).alias("account_type"),
    )
    called = {column: known[column][1] if column in known else column for column in columns}
    meant = {column: meaning if meaning in DIMENSION_NO else None for column, meaning in meanings.items()}
    values = frame.filter(~is_account).with_columns(
        pl.col("_column").replace_strict(numbers, default=None, return_dtype=pl.Int32).alias("dimension_no"),
        pl.col("_column").replace_strict(called, default=None, return_dtype=pl.String).alias("dimension_name"),
        pl.col("_column").replace_strict(meant, default=None, return_dtype=pl.String).alias("meaning"),
    )
    tables = {ACCOUNTS: accounts, VALUES: values.select(SCHEMAS[VALUES].names)}
    said = Said({name: rows for name, rows in tables.items() if rows.height}, part="names")
    for name, rows in said.frames.items():
        said.problems += table.problems(name, _NAME_COLUMNS[name], rows[ROW_NO])
    return said


def column_named(table: Table, columns: Mapping[str, str]) -> pl.Expr:
    """Return the column of the code string that each row's ``dimension`` names, by the folded name; else that name."""
    named = table.frame["dimension"].drop_nulls().unique()
    return pl.col("dimension").replace({name: columns.get(folded(name), name) for name in named})


_NAME_COLUMNS = {ACCOUNTS: {"value_code": "account", "value_name": "account_name"}, VALUES: RAW_NAMES}


def _numbers(meanings: Mapping[str, str]) -> dict[str, int]:
    """Return a number for each column: that of its meaning, the free ones in order for the rest."""
    free = [column for column, meaning in meanings.items() if meaning not in (*DIMENSION_NO, "account")]
    reserved = {column: DIMENSION_NO[meaning] for column, meaning in meanings.items() if meaning in DIMENSION_NO}
    return reserved | {column: FIRST_FREE_NO + place for place, column in enumerate(free)}


def to_reading(said: Said, *, organisation_number: str | None, facts: Mapping[str, str]) -> Reading:
    """Return what an extract says as a ``Reading``; its first table is the one whose rows are counted."""
    columns = {ROW_NO: pl.Int64, "label": pl.String, "severity": pl.String, "reason": pl.String}
    issues = pl.DataFrame(said.issues, columns, orient="row")
    frames = {**said.frames, **({ISSUES: issues} if issues.height else {})}
    first = next(iter(frames.values()))
    years, periods = _covered(said.frames)
    return Reading(
        tables={name: _to_arrow(frame, SCHEMAS[name]) for name, frame in frames.items()},
        rows_in=first.height,
        organisation_number=organisation_number,
        fiscal_years=years,
        period_from=min(periods, default=None),
        period_to=max(periods, default=None),
        part=said.part,
        problems=tuple(said.problems),
        facts={**facts, **said.facts},
    )


def _to_arrow(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema)


def _covered(frames: Mapping[str, pl.DataFrame]) -> tuple[tuple[int, ...], list[int]]:
    """Return the years and periods that the first table speaks of; names speak of none."""
    frame = next(iter(frames.values()))
    years = frame["fiscal_year"].drop_nulls().unique().sort().to_list()
    days = frame["voucher_date"].drop_nulls() if "voucher_date" in frame.columns else pl.Series([], dtype=pl.Date)
    periods = frame["period"].drop_nulls() if "period" in frame.columns else days.dt.year() * 100 + days.dt.month()
    ends = [int(period) for period in (periods.min(), periods.max()) if isinstance(period, int)]
    return tuple(years), ends
