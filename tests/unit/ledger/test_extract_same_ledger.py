"""One ledger in three systems and four file formats gives the same rows."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pyarrow as pa
import pytest
from extract_examples import FACTS, csv, facts, parquet, postings, reading, transactions, workbook

from sources.ledger import read, summarise
from sources.ledger.schema import SCHEMAS
from sources.reading import ReadOptions

# Where a row stands, and texts that a system does not keep, are what differs.
LABELS = ["row_no", "voucher_row_no"]
NOT_IN_UNIT4 = [*LABELS, "voucher_text", "registered_on"]


def rows(good, name, without):
    table = read(good(name), name, ReadOptions()).tables["ledger__postings"]
    assert table.schema == SCHEMAS["ledger__postings"]
    return pl.DataFrame(pl.from_arrow(table)).drop(without)


@pytest.mark.parametrize(
    ("name", "without"), [("same_ledger_raindance.csv", LABELS), ("same_ledger_unit4.csv", NOT_IN_UNIT4)]
)
def test_raindance_and_unit4_say_what_sie_says(good, name, without):
    assert rows(good, name, without).rows(named=True) == rows(good, "same_ledger.se", without).rows(named=True)


def test_the_rows_are_the_files_own_lines(good):
    table = read(good("same_ledger_raindance.csv"), "x.csv", ReadOptions()).tables["ledger__postings"]
    assert table["row_no"].to_pylist() == [2, 3, 4, 5, 6, 7]
    assert table["voucher_row_no"].to_pylist() == [2, 2, 4, 4, 6, 6]


def typed_parquet(rows):
    """The columns as a database types them: dates, decimals, whole numbers."""
    import datetime as dt

    types = {"VERDATUM": pa.timestamp("us"), "REGDATUM": pa.date32(), "UTFALL_V": pa.decimal128(18, 4)}
    types |= {"FORETAG": pa.int64(), "VERNR": pa.int32(), "VERTYP": pa.dictionary(pa.int32(), pa.string())}
    make = {
        "VERDATUM": dt.datetime.fromisoformat,
        "REGDATUM": dt.date.fromisoformat,
        "UTFALL_V": lambda text: Decimal(text.replace(",", ".")),
        "FORETAG": int,
        "VERNR": int,
    }
    columns = {
        name: pa.array([make.get(name, str)(row[name]) for row in rows], types.get(name, pa.string()))
        for name in rows[0]
    }
    return parquet(columns)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("verifikat.xlsx", workbook),
        ("verifikat.parquet", typed_parquet),
        ("verifikat.txt", lambda rows: csv(rows, "\t")),
        ("verifikat.csv", lambda rows: csv(rows).decode().encode("utf-16")),
    ],
)
def test_the_file_format_does_not_matter(name, make):
    wanted = pl.DataFrame(pl.from_arrow(reading(facts()).tables["ledger__postings"]))
    found = pl.DataFrame(pl.from_arrow(reading(make(facts()), name).tables["ledger__postings"]))
    numbers = [1, 2, 3, 4] if name.endswith("parquet") else [2, 3, 4, 5]
    assert found["row_no"].to_list() == numbers
    assert found.drop(LABELS).equals(wanted.drop(LABELS))


def test_floats_are_kronor_and_codes_again():
    rows = facts()
    floats = {name: pa.array([float(row[name].replace(",", ".")) for row in rows]) for name in ("KONTO_ID", "UTFALL_V")}
    texts = {name: pa.array([row[name] for row in rows]) for name in rows[0] if name not in floats}
    found = postings(reading(parquet(texts | floats), "verifikat.parquet"))
    assert [(row["account"], row["amount_sek"]) for row in found][:2] == [
        ("6010", Decimal("1250.50")),
        ("2440", Decimal("-1250.50")),
    ]


def test_the_figures_of_an_extract_are_those_of_the_sie_file(good):
    keys = ["vouchers", "postings", "amount_sum", "amount_abs", "unbalanced_vouchers"]
    sie = summarise(good("same_ledger.se"), "same_ledger.se")
    for name, system in (("same_ledger_raindance.csv", "raindance"), ("same_ledger_unit4.csv", "unit4")):
        figures = summarise(good(name), name)
        assert {key: figures[key] for key in keys} == {key: sie[key] for key in keys}
        assert (figures["type"], figures["table"], figures["issues"]) == (system, "postings", [])
    assert (sie["vouchers"], sie["amount_abs"]) == (3, "2701.10")


def test_a_covered_year_is_told_by_the_rows():
    found = reading(facts())
    assert (found.fiscal_years, found.period_from, found.period_to) == ((2023,), 202301, 202302)
    assert (found.organisation_number, found.generated_on, found.part, found.rows_in) == (None, None, "", 4)
    assert found.facts["system"] == "raindance"
    assert reading(transactions(), "agltransact.csv").fiscal_years == (2023,)
    assert FACTS.startswith("raindance")
