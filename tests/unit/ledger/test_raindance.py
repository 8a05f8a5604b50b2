"""What Raindance says, and each way in which it can be wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from extract_examples import HEADS, csv, fact, facts, head, postings, reading, reason, told

from sources.ledger import is_companion, read
from sources.reading import Company, ReadOptions, Rejected

P = "ledger__postings"
B = "ledger__period_amounts"
C = "ledger__forecasts"
H = "ledger__voucher_headers"


def changed(place=0, **changes):
    rows = facts()
    rows[place] |= changes
    return rows


def with_column(name, *values):
    return [row | {name: value} for row, value in zip(facts(), values, strict=True)]


def test_no_date_is_null_and_the_posting_has_its_vouchers_date():
    rows = [
        row | {"REGDATUM": day}
        for row, day in zip(facts(), ["1799-12-31", "1899-12-31", "", "2023-03-05"], strict=True)
    ]
    found = postings(reading(rows))
    assert [row["registered_on"] for row in found] == [None, None, None, date(2023, 3, 5)]
    assert {row["transaction_date"] for row in found} == {date(2023, 1, 28), date(2023, 2, 28)}


@pytest.mark.parametrize("day", ["1799-12-31", "1899-12-31 00:00:00", ""])
def test_a_voucher_without_a_date_is_a_problem(day):
    found = reading(changed(VERDATUM=day))
    assert told(found) == [(P, 2, "voucher_date", day)]
    assert "ett verifikat ska ha ett datum" in reason(found)
    assert (postings(found)[0]["voucher_date"], postings(found)[0]["period"]) == (None, None)


@pytest.mark.parametrize("value", ["2023-02-30", "i mars"])
def test_a_date_that_is_none_is_a_problem(value):
    assert told(reading(changed(VERDATUM=value))) == [(P, 2, "voucher_date", value)]


@pytest.mark.parametrize(
    ("value", "says"), [("12,5O", "inte ett tal"), ("1,505", "kan vara 1505 eller 1,505"), ("1,2345", "två decimaler")]
)
def test_an_amount_that_cannot_be_read_keeps_its_row(value, says):
    found = reading(changed(UTFALL_V=value))
    assert told(found) == [(P, 2, "amount_sek", value)]
    assert says in reason(found)
    assert postings(found)[0]["amount_sek"] is None
    assert found.rows_in == len(postings(found)) == 4


def test_a_missing_amount_is_a_problem():
    found = reading(changed(UTFALL_V=""))
    assert told(found) == [(P, 2, "amount_sek", "")]
    assert "UTFALL_V är tomt" in reason(found)


def test_a_row_of_the_wrong_width_is_a_problem_and_no_other_row_is():
    lines = csv(facts()).decode().split("\r\n")
    lines[1] = lines[1].replace(";Hyra;", ";Hyra; och el;")
    lines[3] = lines[3].rpartition(";")[0]
    found = reading("\r\n".join(lines).encode())
    assert [(table, row_no, column) for table, row_no, column, _ in told(found) if column == "row_no"] == [
        (P, 2, "row_no"),
        (P, 4, "row_no"),
    ]
    assert [row["row_no"] for row in postings(found)] == [2, 3, 4, 5]


@pytest.mark.parametrize("column", ["FORETAG", "VERTYP", "VERNR", "VERDATUM", "UTFALL_V", "KONTO_ID"])
def test_a_missing_column_is_named(column):
    rows = [{name: value for name, value in row.items() if name != column} for row in facts()]
    with pytest.raises(Rejected, match=f"Kolumnen {column}.*saknas"):
        reading(rows)


def test_a_ledger_without_a_unit_says_what_may_be_one():
    rows = [{name: value for name, value in row.items() if name != "ANSV_ID"} for row in facts()]
    with pytest.raises(Rejected, match=r"ANSV_ID eller KST_ID saknas.*\[sources.ledger.companies.1489\]"):
        reading(rows)


@pytest.mark.parametrize("column", ["FRI2_ID", "KALLA", "PROR12_V"])
def test_an_unmapped_column_is_named_until_the_company_says_what_it_means(column):
    rows = with_column(column, "1", "2", "", "")
    with pytest.raises(Rejected, match=f"Kolumnen {column} är okänd.*companies.1489"):
        reading(rows)
    assert postings(reading(rows, company=Company({column: "ignored"})))[0]["other_dimensions"] is None
    assert postings(reading(rows, company=Company({column.lower(): "other"})))[0]["other_dimensions"] == f"{column}=1"


def test_the_company_decides_what_its_columns_mean():
    rows = with_column("KST_ID", "77", "", "", "")
    assert postings(reading(rows))[0]["unit_code"] == "11100"
    assert postings(reading(rows))[0]["other_dimensions"] == "KST_ID=77"
    found = postings(reading(rows, company=Company({"KST_ID": "unit"})))[0]
    assert (found["unit_code"], found["other_dimensions"]) == ("77", "ANSV_ID=11100")


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"KST_ID": "unit"}, "Kolumnen KST_ID saknas, men inställningarna"),
        ({"ANSV_ID": "unit", "VERK_ID": "unit"}, "flera kolumner betydelsen unit"),
    ],
)
def test_what_the_company_has_decided_must_fit_the_file(columns, says):
    with pytest.raises(Rejected, match=says):
        reading(facts(), company=Company(columns))


def test_a_company_that_is_not_configured_is_named():
    with pytest.raises(Rejected, match=r"Företaget 77 \(FORETAG\) finns inte i inställningarna"):
        reading([row | {"FORETAG": "77"} for row in facts()])
    with pytest.raises(Rejected, match="flera företag"):
        reading(changed(FORETAG="77"))


def test_several_companies_do_not_replace_each_other():
    options = ReadOptions(companies={"1489": Company(organisation_number="212000-1553"), "77": Company()})
    found = read(csv(facts()), "verifikat.csv", options)
    assert (found.part, found.organisation_number) == ("1489", "212000-1553")


def test_amounts_in_ore_are_read_as_the_company_says():
    rows = [
        row | {"UTFALL_V": amount} for row, amount in zip(facts(), ["125050", "-125050", "-700", "700"], strict=True)
    ]
    found = reading(rows, company=Company(amount_unit="ore"))
    assert [row["amount_sek"] for row in postings(found)] == [
        Decimal("1250.50"), Decimal("-1250.50"), Decimal("-7.00"), Decimal("7.00"),
    ]  # fmt: skip
    assert "ören" in found.facts["amount_unit"]


def test_kronor_in_a_file_of_ore_are_a_problem():
    found = reading(changed(UTFALL_V="125050,50"), company=Company(amount_unit="ore"))
    assert ("ledger__postings", 2, "amount_sek", "125050,50") in told(found)
    assert "blandar kronor och ören" in found.problems[0].reason


def test_ore_in_a_file_of_kronor_are_a_problem_where_the_file_writes_its_decimals():
    found = reading(changed(UTFALL_V="125050"))
    assert told(found) == [(P, 2, "amount_sek", "125050")]
    assert "det kan vara ören" in reason(found)


def test_whole_kronor_are_no_problem_where_the_file_never_pads():
    rows = [row | {"UTFALL_V": amount} for row, amount in zip(facts(), ["12,5", "-12,5", "-7", "7"], strict=True)]
    assert reading(rows).problems == ()


def plans():
    """Two vouchers of outcome, one of budget and one of forecast; the second of outcome has a budget beside a row."""
    rows = [row | {"BUDGET_V": "0,00", "PROGN_V": "0,00"} for row in facts()]
    rows[2] |= {"BUDGET_V": "-5,00"}
    none = {"UTFALL_V": "0,00", "BUDGET_V": "0,00", "PROGN_V": "0,00"}
    rows.append(fact(3, "5010", "") | none | {"BUDGET_V": "100,00"})
    rows.append(fact(8, "5010", "") | none | {"PROGN_V": "1200,00", "REGDATUM": "2023-09-19"})
    rows.append(fact(8, "6010", "") | none | {"PROGN_V": "50,00", "REGDATUM": "2023-09-20"})
    return rows


def test_budget_and_forecast_stand_beside_the_postings():
    found = reading(plans())
    assert found.problems == ()
    rows = postings(found)
    assert [(row["row_no"], row["counts"], row["amount_sek"]) for row in rows][3:] == [
        (5, True, Decimal("7.00")),
        (6, False, Decimal("0.00")),
        (7, False, Decimal("0.00")),
        (8, False, Decimal("0.00")),
    ]
    columns = ("row_no", "kind", "fiscal_year", "period", "account", "unit_code", "has_objects", "amount_sek")
    assert [tuple(row[name] for name in columns) for row in found.tables[B].to_pylist()] == [
        (4, "PBUDGET", 2023, 202302, "6010", "11100", True, Decimal("-5.00")),
        (6, "PBUDGET", 2023, 202303, "5010", "11100", True, Decimal("100.00")),
    ]
    columns = ("row_no", "fiscal_year", "forecast_month", "reported_on", "account", "amount_sek")
    assert [tuple(row[name] for name in columns) for row in found.tables[C].to_pylist()] == [
        (7, 2023, 8, date(2023, 9, 20), "5010", Decimal("1200.00")),
        (8, 2023, 8, date(2023, 9, 20), "6010", Decimal("50.00")),
    ]


def test_a_plan_that_cannot_be_read_is_a_problem_of_the_plan_alone():
    rows = plans()
    rows[4] |= {"BUDGET_V": "hundra"}
    rows[5] |= {"PROGN_V": "1200,001"}
    assert told(reading(rows)) == [(B, 6, "amount_sek", "hundra"), (C, 7, "amount_sek", "1200,001")]


def test_a_plan_without_a_date_is_a_problem_everywhere():
    rows = plans()
    rows[4] |= {"VERDATUM": "1799-12-31"}
    assert told(reading(rows)) == [(P, 6, "voucher_date", "1799-12-31"), (B, 6, "period", "1799-12-31")]


def test_a_file_of_nothing_but_plans_replaces_no_postings():
    found = reading(plans()[4:])
    assert (found.part, is_companion(found.part)) == ("plans", True)
    assert not is_companion("")


def test_voucher_headers_are_counts_for_the_postings():
    rows = [head(1, 2, SUMMADEBET="1 250,50"), head(2, 3, SUMMADEBET="", VERDATUM="2023-02-28T00:00:00")]
    found = reading(rows, HEADS)
    assert found.tables[H].to_pylist() == [
        {"row_no": 2, "fiscal_year": 2023, "voucher_series": "A", "voucher_no": "1", "rows_expected": 2}
        | {"voucher_date": date(2023, 1, 28), "debit_sek": Decimal("1250.50")},
        {"row_no": 3, "fiscal_year": 2023, "voucher_series": "A", "voucher_no": "2", "rows_expected": 3}
        | {"voucher_date": date(2023, 2, 28), "debit_sek": None},
    ]
    assert (found.part, found.rows_in, found.fiscal_years) == ("headers", 2, (2023,))


@pytest.mark.parametrize(("value", "says"), [("två", "inte ett tal"), ("", "ANTALRADER är tomt"), ("1,5", "heltal")])
def test_a_count_that_cannot_be_read_is_a_problem(value, says):
    found = reading([head(1, 2, ANTALRADER=value), head(2, 2)], HEADS)
    assert told(found) == [(H, 2, "rows_expected", value)]
    assert says in reason(found)


def test_headers_without_counts_are_refused():
    rows = [
        {"FTG": "1489", "VERTYP": "A", "VERNR": "1", "VERDATUM": "2023-01-28", "BOKFORINGSAR": "2023", "STATUS": "D"}
    ]
    with pytest.raises(Rejected, match="Kolumnen ANTALRADER saknas"):
        reading(rows, HEADS)


def test_names_of_all_dimensions_in_one_table():
    rows = [
        {"DIM": dim, "ID": code, "BENAMNING": name}
        for dim, code, name in [("KONTO", "6010", "Lokalhyra"), ("ANSV", "11100", "Kansli"), ("FRI", "9", "Annat")]
    ]
    found = reading(rows, "raindance_dimensioner.csv")
    assert found.tables["ledger__accounts"].to_pylist() == [
        {"row_no": 2, "fiscal_year": None, "account": "6010", "account_name": "Lokalhyra", "account_type": None}
    ]
    columns = ("row_no", "fiscal_year", "dimension_no", "dimension_name", "meaning", "value_code", "value_name")
    assert [tuple(row[name] for name in columns) for row in found.tables["ledger__dimension_values"].to_pylist()] == [
        (3, None, 1, "Ansvar", "unit", "11100", "Kansli"),
        (4, None, 21, "Fri", None, "9", "Annat"),
    ]
    assert (found.part, found.fiscal_years, is_companion(found.part)) == ("names", (), True)


def dimension(stem, level="KGRUPP"):
    names = {"ID": "60", "ID_TEXT": "60 Lokaler", "TEXT": "Lokaler", "PASSIV": "0"}
    return [
        {f"{level}_{name}": value for name, value in names.items()}
        | {f"{stem}_ID": "6010", f"{stem}_ID_TEXT": "6010 Lokalhyra", f"{stem}_TEXT": "Lokalhyra"}
    ]


def test_a_dimension_table_is_known_by_its_pairs_and_its_name():
    found = reading(dimension("KONTO"), "ek_dim_obj_konto.csv")
    assert found.tables["ledger__accounts"].to_pylist()[0]["account_name"] == "Lokalhyra"
    assert found.part == "names konto"
    company = Company({"AVD_ID": "unit"})
    found = reading(dimension("AVD", "KONTO"), "EK_DIM_OBJ_AVD.csv", company)
    assert found.tables["ledger__dimension_values"].to_pylist()[0]["meaning"] == "unit"
    with pytest.raises(Rejected, match=r"flera dimensioner \(KONTO, KST\)"):
        reading(dimension("KST", "KONTO"), "dimension_raindance.csv")
