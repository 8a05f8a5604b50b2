"""What Unit4 says, and each way in which it can be wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from extract_examples import TRANSACTIONS, postings, reading, reason, told, transaction, transactions

from sources.reading import Company, Rejected

P = "ledger__postings"


def read(rows, company=None):
    return reading(rows, TRANSACTIONS, company)


def changed(place=0, **changes):
    rows = transactions()
    rows[place] |= changes
    return rows


def test_a_posting_without_a_date_of_its_own_has_its_vouchers():
    found = postings(read(changed(trans_date="2023-01-05")))
    assert [row["transaction_date"] for row in found][:2] == [date(2023, 1, 5), date(2023, 1, 28)]


@pytest.mark.parametrize("period", ["202400", "202313", "2023", "januari"])
def test_a_period_that_is_no_month_is_a_problem(period):
    found = read(changed(period=period))
    assert told(found) == [(P, 2, "period", period)]
    assert "är ingen månad" in reason(found)
    assert (postings(found)[0]["period"], postings(found)[0]["fiscal_year"]) == (None, 2023)


@pytest.mark.parametrize(
    ("flag", "amount"), [("-1", "1250.50"), ("1", "-1250.50"), ("K", "1250.50"), ("debet", "-1.00")]
)
def test_a_flag_against_the_sign_is_a_problem(flag, amount):
    found = read(changed(dc_flag=flag, amount=amount))
    assert told(found) == [(P, 2, "amount_sek", amount)]
    assert "fel tecken mot dc_flag" in reason(found)


def test_a_flag_that_says_nothing_is_a_problem_and_one_of_zero_is_none():
    assert told(read(changed(dc_flag="X"))) == [(P, 2, "amount_sek", "X")]
    assert read(changed(dc_flag="0", amount="0.00")).problems == ()


@pytest.mark.parametrize(("amount", "in_currency"), [("1250.50", "125050.00"), ("125050.00", "1250.50")])
def test_ore_beside_kronor_are_a_problem(amount, in_currency):
    rows = [row | {"cur_amount": row["amount"]} for row in transactions()]
    rows[0] |= {"amount": amount, "cur_amount": in_currency}
    found = read(rows)
    assert told(found) == [(P, 2, "amount_sek", amount)]
    assert "det ena är i ören" in reason(found)


def test_another_currency_may_differ():
    rows = [row | {"cur_amount": "12.51", "currency": "EUR"} for row in transactions()]
    assert read(rows).problems == ()


def test_an_invoice_dated_after_the_year_belongs_to_its_period():
    rows = [
        row | {"period": "202312", "voucher_date": "2024-01-15", "trans_date": "2024-01-16"} for row in transactions()
    ]
    found = read(rows)
    first = postings(found)[0]
    assert (first["voucher_date"], first["transaction_date"], first["period"]) == (
        date(2023, 12, 31),
        date(2024, 1, 16),
        202312,
    )
    [issue] = found.tables["ledger__issues"].to_pylist()
    assert "4 rader" in issue["reason"]


def test_a_date_far_outside_the_year_is_left_for_the_checks():
    found = postings(read(changed(voucher_date="2032-01-15", fiscal_year="2023")))
    assert found[0]["voucher_date"] == date(2032, 1, 15)


def test_the_year_is_the_periods_where_the_file_does_not_say():
    rows = [{name: value for name, value in row.items() if name != "fiscal_year"} for row in transactions()]
    assert {row["fiscal_year"] for row in postings(read(rows))} == {2023}


def test_dimensions_mean_what_the_client_says():
    rows = [transaction(1, "6010", "1.00", "K7", dim_2="11100"), transaction(1, "2440", "-1.00", "")]
    found = postings(read(rows, Company({"dim_1": "other", "dim_2": "unit", "dim_3": "activity"})))[0]
    assert (found["unit_code"], found["activity_code"], found["other_dimensions"]) == ("11100", None, "dim_1=K7")


@pytest.mark.parametrize("column", ["client", "account", "amount", "period", "voucher_no", "voucher_date"])
def test_a_missing_column_is_named(column):
    rows = [{name: value for name, value in row.items() if name != column} for row in transactions()]
    with pytest.raises(Rejected, match=f"Kolumnen {column}.*saknas"):
        read(rows)


def test_an_unmapped_column_and_an_unknown_client_are_named():
    with pytest.raises(Rejected, match="Kolumnen dim_8 är okänd"):
        read([row | {"dim_8": "x"} for row in transactions()])
    with pytest.raises(Rejected, match=r"Företaget HG \(client\) finns inte"):
        read([row | {"client": "HG"} for row in transactions()])


def names(**more):
    return [
        {"client": "1489", "attribute_id": attribute, "dim_value": code, "description": name} | more
        for attribute, code, name in [("A0", "6010", "Lokalhyra"), ("dim_1", "11100", "Kansli"), ("BX", "9", "Annat")]
    ]


def test_names_go_by_the_attributes_column():
    found = reading(names(), "agldimvalue.csv", Company({"BX": "project"}))
    assert found.tables["ledger__accounts"]["account"].to_pylist() == ["6010"]
    assert [(row["meaning"], row["value_name"]) for row in found.tables["ledger__dimension_values"].to_pylist()] == [
        ("unit", "Kansli"),
        ("project", "Annat"),
    ]
    assert (found.part, found.rows_in) == ("names", 1)


def test_names_go_by_their_position_where_it_is_given():
    found = reading(names(dim_position="2")[1:], "agldimvalue.csv")
    assert {row["meaning"] for row in found.tables["ledger__dimension_values"].to_pylist()} == {"activity"}


def test_the_chart_of_accounts():
    rows = [{"client": "1489", "account": "6010", "description": "Lokalhyra", "account_grp": "60"}]
    found = reading(rows, "aglaccounts.csv")
    assert found.tables["ledger__accounts"].to_pylist()[0]["account_name"] == "Lokalhyra"
    assert found.part == "names account"


def test_amounts_are_exact():
    assert [row["amount_sek"] for row in postings(read(transactions()))] == [
        Decimal("1250.50"), Decimal("-1250.50"), Decimal("-7.00"), Decimal("7.00"),
    ]  # fmt: skip
