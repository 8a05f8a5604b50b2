"""Say which rows are set aside and why.

Belongs here: the shape of the quarantine table, the rule that a voucher goes whole, and that no row is lost. Not
here: what is right or wrong (``suites/``), what follows for the file (``trial``, ``arrival``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from expectations import messages
from expectations.loader import Check
from sources.registry import source_by_code

#: One row per row set aside and rule that set it aside. ``value`` is null where the cause is another row.
SCHEMA = pa.schema(
    [
        ("load_id", pa.string()),
        ("source_code", pa.string()),
        ("table_name", pa.string()),
        ("row_no", pa.int64()),
        ("row_key", pa.string()),
        ("check_name", pa.string()),
        ("severity", pa.string()),
        ("column_name", pa.string()),
        ("value", pa.string()),
        ("message", pa.string()),
        ("who_fixes", pa.string()),
    ]
)

#: What people know a row by, beside its number.
ROW_KEYS = {
    "ledger__postings": ("fiscal_year", "voucher"),
    "ledger__accounts": ("account",),
    "ledger__dimension_values": ("dimension_no", "value_code"),
    "ledger__balances": ("kind", "account"),
    "ledger__period_amounts": ("kind", "period", "account"),
    "ledger__forecasts": ("fiscal_year", "forecast_month", "account"),
    "ledger__voucher_headers": ("fiscal_year", "voucher_series", "voucher_no"),
    "budget__lines": ("fiscal_year", "unit_code", "account", "version"),
    "organisation__units": ("unit_code", "valid_from"),
    "project__nodes": ("node_code", "valid_from"),
    "investment_budget__lines": ("fiscal_year", "project_code", "version"),
    "forecast__lines": ("round", "segment_code", "line_code"),
    "goal__indicators": ("indicator_code", "valid_from_year"),
    "goal__goals": ("goal_code", "valid_from_year"),
    "goal__targets": ("indicator_code", "year"),
    "goal__assessments": ("goal_code", "year"),
    "goal__occasions": ("year", "reported_on"),
    "indicator__values": ("external_code", "municipality_code", "year"),
    "indicator__municipalities": ("municipality_code",),
    "indicator__group_members": ("group_code", "municipality_code"),
    "followup__internal_control": ("year", "risk_code"),
    "followup__assignments": ("year", "assignment_code"),
    "followup__contract_reviews": ("year", "contract_code", "requirement_no"),
    "followup__contract_measures": ("year", "contract_code", "measure_code", "group_name"),
    "followup__sustainability": ("year", "activity_no"),
    "statement__claims": ("statement_id", "claim_no"),
    # What a person is known by is no key for people.
    "hr__employments": (),
    "hr__absences": (),
    "hr__scheduled_hours": ("period",),
    "hr__worked_hours": ("period", "kind"),
    "hr__incidents": ("fiscal_year", "kind"),
    "survey__answers": ("survey_code", "year", "round_no", "question_code"),
    "survey__questions": ("survey_code", "year", "round_no", "question_code"),
}


#: Where the line of a row in its file stands: not in ``row_no`` where one line of a file is several rows.
_LINES = ("file_row", "row_no")


class RowsLost(AssertionError):
    """Rows in are not rows loaded + quarantined + duplicate."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One rule and the rows that fail it, with their helper columns.

    For each row: what was found (Swedish), the raw column to put right, and its value as it may be shown.
    """

    table: str
    check: Check
    rows: pl.DataFrame
    findings: Sequence[str]
    columns: Sequence[str]
    values: Sequence[str]

    @property
    def row_nos(self) -> list[int]:
        """The lines of the rows in the file; a voucher's is the line it begins on."""
        named = next(name for name in (*_LINES, "voucher_at") if name in self.rows.columns)
        lines: list[int] = self.rows[named].to_list()
        return lines


@dataclass(frozen=True, slots=True)
class Origin:
    """The delivery the rows stand in."""

    load_id: str
    source_code: str
    file_name: str

    @property
    def where(self) -> str:
        """The file as people find it."""
        return f"{self.source_code}/{self.file_name}"

    @property
    def is_pseudonymous(self) -> bool:
        """Whether its rows are about persons under pseudonyms: no value of them may be told."""
        return source_by_code(self.source_code).needs_key


def assert_conserved(rows_in: int, *, loaded: int, quarantined: int, duplicate: int = 0) -> None:
    """Raise ``RowsLost`` unless every row that came in has one fate."""
    if rows_in != loaded + quarantined + duplicate:
        raise RowsLost(f"{rows_in} rows in, but {loaded} loaded + {quarantined} quarantined + {duplicate} duplicate")


def build(origin: Origin, failures: Sequence[Failure], tables: Mapping[str, pl.DataFrame]) -> pa.Table:
    """Return the quarantine table of one delivery (``SCHEMA``): by table, row and rule.

    A posting takes its whole voucher with it: what is left of a voucher would not sum to zero.
    """
    parts = [_as_schema(origin, part) for part in _parts(origin, failures, tables) if part.height]
    if not parts:
        return SCHEMA.empty_table()
    rows = pl.concat(parts).sort("table_name", "row_no", "check_name", maintain_order=True)
    return rows.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(SCHEMA)


def _parts(origin: Origin, failures: Sequence[Failure], tables: Mapping[str, pl.DataFrame]) -> Iterator[pl.DataFrame]:
    for failure in failures:
        if "voucher_at" in failure.rows.columns:
            yield _vouchers(origin, failure, tables["ledger__postings"])
        else:
            yield _rows(origin, failure)


def _rows(origin: Origin, failure: Failure) -> pl.DataFrame:
    """Return one quarantine row per failing row."""
    where, line = pl.lit(origin.where), next(name for name in _LINES if name in failure.rows.columns)
    message = pl.format("{} rad {}: {}. Raden är satt i karantän; {}.", where, line, "finding", "action")
    return _with_cause(failure).with_columns(message.alias("message"), pl.lit(failure.table).alias("table_name"))


def _vouchers(origin: Origin, failure: Failure, postings: pl.DataFrame) -> pl.DataFrame:
    """Return one quarantine row per posting of every voucher that holds a failing row, or fails as a voucher.

    A posting that fails itself says so; the others of its voucher name the first that does.
    """
    own = "voucher_at" if failure.check.scope == "voucher" else "row_no"
    extra = [] if own == "voucher_at" else ["voucher_at"]
    causes = _with_cause(failure).select(own, *extra, "finding", "column_name", "value")
    causes = causes.with_columns(pl.col(own).alias("cause_row"))
    first = causes.sort("cause_row").unique("voucher_at", keep="first", maintain_order=True)
    shared = first.select("voucher_at", pl.col("cause_row", "finding", "column_name").name.prefix("first_"))
    aside = postings.join(shared, on="voucher_at").with_columns(*_of_check(failure))
    aside = aside.join(causes.drop(extra), on=own, how="left")
    named = pl.Series("voucher", [messages.show("voucher", voucher) for voucher in aside["voucher"]], pl.String)
    aside = aside.with_columns(named)
    where = pl.lit(origin.where)
    said = pl.format("{} rad {}: {}. Verifikatet är satt i karantän; {}.", where, "cause_row", "finding", "action")
    dragged = pl.format(
        "{} rad {}: verifikat {} är satt i karantän på grund av rad {}: {}. Hela verifikatet väntar; {}.",
        where, "row_no", "voucher", "first_cause_row", "first_finding", "action",
    )  # fmt: skip
    return aside.with_columns(
        pl.when(pl.col("cause_row").is_not_null()).then(said).otherwise(dragged).alias("message"),
        pl.coalesce("column_name", "first_column_name").alias("column_name"),
        pl.lit("ledger__postings").alias("table_name"),
    )


def _with_cause(failure: Failure) -> pl.DataFrame:
    """Return the failing rows with what was found in each and what the rule says of itself."""
    return failure.rows.with_columns(
        pl.Series("finding", failure.findings, pl.String),
        pl.Series("column_name", failure.columns, pl.String),
        pl.Series("value", failure.values, pl.String),
        *_of_check(failure),
    )


def _of_check(failure: Failure) -> list[pl.Expr]:
    check = failure.check
    return [
        pl.lit(check.name).alias("check_name"),
        pl.lit(check.severity).alias("severity"),
        pl.lit(check.who_fixes).alias("who_fixes"),
        pl.lit(check.message).alias("action"),
    ]


def _as_schema(origin: Origin, part: pl.DataFrame) -> pl.DataFrame:
    """Return a part with the columns of ``SCHEMA`` and people's key of each row."""
    keys = [name for name in ROW_KEYS[part["table_name"][0]] if name in part.columns]
    rows = part.select(keys).rows() if keys else []
    shown: list[str | None] = [" ".join(map(messages.show, keys, row)) for row in rows]
    return part.with_columns(
        pl.lit(origin.load_id).alias("load_id"),
        pl.lit(origin.source_code).alias("source_code"),
        pl.Series("row_key", shown or [None] * part.height, pl.String),
    ).select(SCHEMA.names)
