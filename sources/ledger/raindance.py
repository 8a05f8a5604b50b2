"""Read Raindance extracts: EK_FAKTA_VERIFIKAT, EK_FAKTA_VERHUVUD and the dimension tables.

    postings  ->  ledger__postings (UTFALL_V), ledger__period_amounts (BUDGET_V), ledger__forecasts (PROGN_V)
    headers   ->  ledger__voucher_headers
    values, EK_DIM_OBJ_*  ->  ledger__accounts, ledger__dimension_values

Knows what Raindance means by its columns and nothing else: files, headers and cells are in ``extracts``. Amounts have
the ledger's sign in the extract already: debit +, income negative.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sources.ledger import BUDGET_FACT
from sources.ledger.extracts import canonical
from sources.ledger.extracts.canonical import FORECASTS, PERIOD_AMOUNTS, POSTINGS, RAW_NAMES, Said
from sources.ledger.extracts.maps import Field, Layout, named_codes
from sources.ledger.extracts.table import MEND, Table, typed_table
from sources.ledger.extracts.values import MONEY, Typing
from sources.reading import Company, Rejected
from sources.tabular.extract import ROW_NO, Texts
from sources.tabular.values import folded


def read_postings(table: Table, layout: Layout, _: Company) -> Said:
    """Return the postings, and what the same table says of budget and forecast.

    Every row is a posting, so that a voucher's rows can be counted; one that only plans (BUDGET_V or PROGN_V, and
    nothing in UTFALL_V) has amount 0 and does not count. A file of nothing but plans is of part ``plans``.
    """
    canonical.note_missing_dates(table, layout.system.no_date)
    says = {measure: _says(table, measure) for measure in ("outcome", "budget", "forecast")}
    counts = says["outcome"] | ~(says["budget"] | says["forecast"])
    missing = counts & table.frame["outcome"].is_null() & ~table.faulted("outcome")
    table.fault(missing, "outcome", f"beloppet saknas: UTFALL_V är tomt. {MEND}")
    frame = canonical.with_vouchers(_dated(table.frame)).with_columns(counts.alias("counts"))
    outcome = pl.when("counts").then("outcome").otherwise(pl.lit(0, MONEY)).alias("outcome")
    said = Said({POSTINGS: canonical.postings(frame.with_columns(outcome))}, part="" if counts.any() else "plans")
    said.problems += table.problems(POSTINGS, RAW_NAMES, frame[ROW_NO], without=("budget", "forecast"))
    if says["budget"].any():
        said.frames[PERIOD_AMOUNTS] = rows = canonical.period_budget(frame.filter(says["budget"]))
        said.facts[BUDGET_FACT] = str(rows.height)
        renamed = RAW_NAMES | {"voucher_date": "period", "no_date": "period"}
        said.problems += table.problems(PERIOD_AMOUNTS, renamed, rows[ROW_NO], without=(*_NO_PLAN, "forecast"))
    if says["forecast"].any():
        said.frames[FORECASTS] = rows = canonical.forecasts(frame.filter(says["forecast"]))
        said.facts["forecast_rows"] = str(rows.height)
        renamed = RAW_NAMES | {"voucher_date": "forecast_month", "no_date": "forecast_month"}
        said.problems += table.problems(FORECASTS, renamed, rows[ROW_NO], without=(*_NO_PLAN, "budget"))
    return said


# Columns that a budget or a forecast lacks: a fault in them is the posting's alone.
_NO_PLAN = ("outcome", "quantity", "registered_on")


def _says(table: Table, measure: str) -> pl.Series:
    """Return, row by row, whether a measure has an amount other than zero, or one that could not be read."""
    return (table.frame[measure] != 0).fill_null(False) | table.faulted(measure)


def _dated(frame: pl.DataFrame) -> pl.DataFrame:
    """Add fiscal year and period: the calendar year and month of the voucher's date."""
    day = pl.col("voucher_date").dt
    return frame.with_columns(
        day.year().cast(pl.Int32).alias("fiscal_year"),
        (day.year() * 100 + day.month()).cast(pl.Int32).alias("period"),
        pl.lit(None, pl.Date).alias("transaction_date"),
    )


def read_values(table: Table, layout: Layout, company: Company) -> Said:
    """Return the names of all dimensions from one table; DIM is the code string's column, with or without ``_ID``."""
    known = named_codes(layout.system, company)
    stems = {folded(column.removesuffix("_ID")): column for column in known}
    stems |= {folded(column): column for column in known}
    return canonical.names(table, canonical.column_named(table, stems), known)


def read_dimension(texts: Texts, layout: Layout, company: Company, file_name: str) -> Said:
    """Return the names of one dimension table (EK_DIM_OBJ_*): ``<dimension>_ID`` and ``<dimension>_TEXT``.

    The levels above a dimension stand beside it in the same way; the file's name says which is meant. Raises
    ``Rejected`` where neither the name nor the code string tells.
    """
    known = named_codes(layout.system, company)
    stems = [name.removesuffix("_ID") for name in layout.places if name.endswith("_ID")]
    in_name = [stem for stem in stems if folded(stem) in folded(file_name)]
    in_codes = [stem for stem in stems if f"{stem}_ID" in known]
    chosen = max(in_name, key=len) if in_name else in_codes[0] if len(in_codes) == 1 else None
    chosen = stems[0] if chosen is None and len(stems) == 1 else chosen
    if chosen is None:
        found = ", ".join(stems)
        raise Rejected(f"Filen har flera dimensioner ({found}); döp den efter tabellen, EK_DIM_OBJ_<dimension>.")
    fields = {
        "value_code": Field(headers=(f"{chosen}_ID",), type="code", required=True),
        "value_name": Field(headers=(f"{chosen}_TEXT",), type="text", required=True),
    }
    places = {"value_code": layout.places[f"{chosen}_ID"], "value_name": layout.places[f"{chosen}_TEXT"]}
    said = canonical.names(typed_table(texts, places, fields, [], Typing("sek", ())), pl.lit(f"{chosen}_ID"), known)
    said.part = f"names {chosen.casefold()}"
    return said


def read_headers(table: Table, layout: Layout, _: Company) -> Said:
    """Return ``ledger__voucher_headers`` of EK_FAKTA_VERHUVUD."""
    canonical.note_missing_dates(table, layout.system.no_date)
    return canonical.headers(table)


READERS: dict[str, Callable[[Table, Layout, Company], Said]] = {
    "postings": read_postings,
    "headers": read_headers,
    "values": read_values,
}
