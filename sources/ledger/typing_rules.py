"""Turn the text fields of a SIE file into amounts, dates and numbers, and say which could not be.

Belongs here: the types of the format and the Swedish words about them. Not here: how lines are cut (``fast``,
``tokenizer``), what the file as a whole should hold (``checks``).

Nothing is guessed: an amount with a decimal comma or three decimals becomes null and an issue. The text of a field is
never repeated in a reason, as it may be about a person; it stands in the issue's ``value``.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

MONEY = pl.Decimal(18, 2)
QUANTITY = pl.Decimal(18, 6)

ISSUES = {
    "row_no": pl.Int64,
    "label": pl.String,
    "severity": pl.String,
    "reason": pl.String,
    "column": pl.String,
    "value": pl.String,
}
"""Columns of the issues of an export. ``column`` and ``value`` are set where one field could not be typed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The type of a field: what it must look like, whether it must be there, and what it is called in Swedish."""

    kind: str
    name: str
    required: bool = False
    severity: str = "error"


RULES = {
    "vouchers": {
        "voucher_date": Rule("date", "verifikatdatumet", required=True),
        "registered_on": Rule("date", "registreringsdatumet", severity="warning"),
    },
    "postings": {
        "account": Rule("text", "kontot", required=True),
        "amount": Rule("money", "beloppet", required=True),
        "transaction_date": Rule("date", "transaktionsdatumet", severity="warning"),
        "quantity": Rule("quantity", "kvantiteten", severity="warning"),
    },
    "balances": {
        "year_no": Rule("integer", "årsnumret", required=True),
        "account": Rule("text", "kontot", required=True),
        "amount": Rule("money", "saldot", required=True),
        "quantity": Rule("quantity", "kvantiteten", severity="warning"),
    },
    "period_amounts": {
        "year_no": Rule("integer", "årsnumret", required=True),
        "period": Rule("period", "perioden", required=True),
        "account": Rule("text", "kontot", required=True),
        "amount": Rule("money", "saldot", required=True),
        "quantity": Rule("quantity", "kvantiteten", severity="warning"),
    },
    "accounts": {"account": Rule("text", "kontot", required=True)},
    "dimensions": {
        "dimension_no": Rule("integer", "dimensionsnumret", required=True),
        "parent_no": Rule("integer", "den överordnade dimensionen", severity="warning"),
    },
    "objects": {
        "dimension_no": Rule("integer", "dimensionsnumret", required=True),
        "object_no": Rule("text", "objektet", required=True),
    },
    "fiscal_years": {
        "year_no": Rule("integer", "årsnumret", required=True),
        "start_on": Rule("date", "räkenskapsårets första dag", required=True),
        "end_on": Rule("date", "räkenskapsårets sista dag", required=True),
    },
}

_SHAPES = {
    "money": r"^-?(?:[0-9]{1,16}(?:\.[0-9]{0,2}0*)?|\.[0-9]{1,2}0*)$",
    "quantity": r"^-?(?:[0-9]{1,12}(?:\.[0-9]{0,6}0*)?|\.[0-9]{1,6}0*)$",
    "integer": r"^-?[0-9]{1,9}$",
    "date": r"^[0-9]{8}$",
    "period": r"^[0-9]{4}(?:0[1-9]|1[0-2])$",
}
_SHOULD_BE = {
    "money": "siffror med punkt som decimaltecken och högst två decimaler",
    "quantity": "siffror med punkt som decimaltecken",
    "integer": "ett heltal",
    "date": "ett datum, ÅÅÅÅMMDD",
    "period": "en månad, ÅÅÅÅMM",
    "text": "text",
}
MEND = "Rätta i ekonomisystemet och exportera igen."


def type_table(name: str, fields: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the table with typed columns and its issues (columns of ``ISSUES``).

    Every row is kept. A field that cannot be typed, or a required one that is missing, is null and an issue.
    """
    rules = RULES[name]
    typed = fields.with_columns(_typed(column, rule.kind) for column, rule in rules.items())
    found = [_faults(fields)]
    found.extend(_untyped(fields, typed, column, rule) for column, rule in rules.items())
    texts = [column for column in ("text", "name", "signature") if column in fields.columns]
    typed = typed.with_columns(pl.col(column).replace("", None) for column in texts)
    return typed.drop("fault"), pl.concat(found)


def issue_rows(rows: pl.DataFrame, severity: str, reason: str | pl.Expr) -> pl.DataFrame:
    """Return one issue per row of ``rows`` (row_no, label); ``reason`` is a text or an expression that gives one."""
    said = pl.lit(reason) if isinstance(reason, str) else reason
    return rows.select(
        pl.col("row_no").cast(pl.Int64),
        pl.col("label").cast(pl.String),
        pl.lit(severity).alias("severity"),
        said.cast(pl.String).alias("reason"),
        pl.lit(None, pl.String).alias("column"),
        pl.lit(None, pl.String).alias("value"),
    )


def _typed(column: str, kind: str) -> pl.Expr:
    text = pl.col(column)
    if kind == "text":
        return text.replace("", None)
    valid = pl.when(text.str.contains(_SHAPES[kind])).then(text)
    if kind == "date":
        return valid.str.to_date("%Y%m%d", strict=False).alias(column)
    dtype = {"money": MONEY, "quantity": QUANTITY}.get(kind, pl.Int32)
    return valid.cast(dtype, strict=False).alias(column)


def _untyped(fields: pl.DataFrame, typed: pl.DataFrame, column: str, rule: Rule) -> pl.DataFrame:
    nulls = typed[column].is_null()
    if not rule.required:
        nulls &= fields[column].replace("", None).is_not_null()
    bad = fields.filter(nulls)
    is_missing = pl.col(column).is_null() | (pl.col(column) == "")
    name = rule.name.capitalize()
    reason = (
        pl.when(is_missing)
        .then(pl.lit(f"{name} saknas. {MEND}"))
        .otherwise(pl.lit(f"{name} går inte att läsa: det ska vara {_SHOULD_BE[rule.kind]}. {MEND}"))
    )
    return issue_rows(bad, rule.severity, reason).with_columns(
        pl.lit(column).alias("column"), bad[column].fill_null("").alias("value")
    )


def _faults(fields: pl.DataFrame) -> pl.DataFrame:
    return issue_rows(fields.filter(pl.col("fault").is_not_null()), "warning", pl.col("fault"))
