"""From a SIE file to the ledger's raw tables."""

from datetime import date
from decimal import Decimal

import pytest

from sources.ledger import read
from sources.ledger.schema import SCHEMAS
from sources.reading import ReadOptions


def rows(reading, table, *columns):
    return [tuple(row.values()) for row in reading.tables[f"ledger__{table}"].select(list(columns)).to_pylist()]


@pytest.fixture
def year(good):
    return read(good("year_4e.se"), "KS_2023.se", ReadOptions())


def test_every_table_has_its_schema(year):
    assert all(table.schema == SCHEMAS[name] for name, table in year.tables.items())
    # What only extracts of other systems say.
    assert SCHEMAS.keys() - year.tables.keys() == {"ledger__forecasts", "ledger__voucher_headers"}


def test_what_the_delivery_covers(year):
    assert year.rows_in == 8
    assert year.organisation_number == "212000-0001"
    assert year.fiscal_years == (2023,)
    assert (year.period_from, year.period_to) == (202301, 202303)
    assert year.generated_on == date(2024, 1, 15)
    assert year.problems == ()
    assert year.facts["ksumma"] == "stämmer"


def test_dimensions_are_known_by_name(year):
    codes = rows(year, "postings", "row_no", "unit_code", "activity_code", "project_code", "other_dimensions")
    assert (40, "100", "2200", None, None) in codes
    assert (46, "110", None, "P1", "7=A9") in codes
    assert (41, None, None, None, None) in codes


def test_dimensions_mean_what_the_configuration_says(good):
    options = ReadOptions(dimensions={"verksamhet": "unit", "projekt": "unit"})
    reading = read(good("year_4e.se"), "KS_2023.se", options)
    assert (40, "2200", "1=100") in rows(reading, "postings", "row_no", "unit_code", "other_dimensions")
    assert (46, None, "1=110;6=P1;7=A9") in rows(reading, "postings", "row_no", "unit_code", "other_dimensions")
    clash = "Dimension 6 betyder också unit: den läses som övrig dimension."
    assert (23 - 1, "DIM", "warning", clash) in rows(reading, "issues", "row_no", "label", "severity", "reason")


def test_reserved_dimensions_need_no_declaration(good):
    reading = read(good("salaries_4i.si"), "lon.si", ReadOptions())
    assert rows(reading, "postings", "unit_code") == [("100",), (None,), ("110",), (None,)]


def test_only_trans_counts(year):
    kinds = rows(year, "postings", "kind", "counts")
    assert [kind for kind, counts in kinds if not counts] == ["BTRANS", "RTRANS"]


def test_a_missing_date_is_the_vouchers(year):
    dates = dict(rows(year, "postings", "row_no", "transaction_date"))
    assert dates[45] == date(2023, 2, 28)


def test_accounts_have_their_type(year):
    assert rows(year, "accounts", "account", "account_type") == [
        ("1910", "T"),
        ("2440", "S"),
        ("3110", "I"),
        ("6011", "K"),
    ]


def test_objects_carry_dimension_and_meaning(year):
    assert rows(year, "dimension_values", "dimension_name", "meaning", "value_code", "value_name") == [
        ("Ansvar", "unit", "100", "Kansliet"),
        ("Ansvar", "unit", "110", "IT-enheten"),
        ("Verksamhet", "activity", "2200", "Översiktsplan"),
        ("Projekt", "project", "P1", "Bro över ån"),
    ]


def test_balances_and_period_amounts(year):
    assert ("OIB", 0, 2023, "1910", "100", Decimal("1000.00")) in rows(
        year, "balances", "kind", "year_no", "fiscal_year", "account", "unit_code", "amount_sek"
    )
    assert rows(year, "period_amounts", "kind", "period", "unit_code", "has_objects", "amount_sek") == [
        ("PSALDO", 202301, None, False, Decimal("300.00")),
        ("PSALDO", 202301, "100", True, Decimal("200.00")),
        ("PBUDGET", 202301, None, False, Decimal("350.00")),
    ]


def test_without_a_fiscal_year_the_vouchers_tell(good):
    reading = read(good("salaries_4i.si"), "lon.si", ReadOptions())
    assert reading.fiscal_years == (2023,)
    assert set(rows(reading, "postings", "fiscal_year")) == {(2023,)}


def test_without_vouchers_the_file_covers_what_it_says(good):
    reading = read(good("periods_type3.se"), "plan.se", ReadOptions())
    assert (reading.period_from, reading.period_to) == (202301, 202301)
    reading = read(good("balances_type1.se"), "saldon.se", ReadOptions())
    assert (reading.period_from, reading.period_to, reading.fiscal_years) == (202209, 202308, (2023,))


def test_what_cannot_be_typed_is_null_and_a_problem(good):
    reading = read(good("oddities.se"), "KS.se", ReadOptions())
    found = {(problem.row_no, problem.column): problem.value for problem in reading.problems}
    assert found == {
        (21, "amount_sek"): "12,50",
        (22, "amount_sek"): "1.005",
        (24, "other_dimensions"): "1",
        (27, "account"): "",
        (32, "voucher_row_no"): "",
        (35, "voucher_date"): "20231301",
        (36, "voucher_date"): "20231301",
    }
    table = {row["row_no"]: row for row in reading.tables["ledger__postings"].to_pylist()}
    assert all(table[row][column] is None for row, column in found if column != "other_dimensions")
    assert reading.rows_in == len(table) == 16


def test_an_incidental_value_that_cannot_be_typed_is_an_issue_and_costs_no_voucher(good):
    reading = read(good("oddities.se"), "KS.se", ReadOptions())
    table = {row["row_no"]: row for row in reading.tables["ledger__postings"].to_pylist()}
    lines = {row["row_no"] for row in reading.tables["ledger__issues"].to_pylist()}
    assert {25, 26, 39} <= lines
    assert table[25]["transaction_date"] is table[26]["quantity"] is table[40]["registered_on"] is None
    assert not {25, 26, 40, 41} & {problem.row_no for problem in reading.problems}


@pytest.mark.parametrize(
    ("stated", "read_as"),
    [
        ("212000-1553", "212000-1553"),
        ("2120001553", "212000-1553"),
        ("162120001553", "212000-1553"),
        ('""', None),
        ("okänt", "okänt"),
    ],
)
def test_organisation_numbers(stated, read_as):
    data = f"#FLAGGA 0\n#ORGNR {stated}\n#IB 0 1910 1\n".encode("cp437")
    assert read(data, "a.se", ReadOptions()).organisation_number == read_as


def test_a_forced_character_set_is_used(good):
    reading = read(good("salaries_4i.si"), "lon.si", ReadOptions(encoding="latin-1"))
    assert reading.facts["evidence"] == "bestämd i inställningarna"
