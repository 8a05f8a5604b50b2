"""Every way an amount, date, period or code is written, and the ways that are refused."""

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sources.tabular.values import (
    parse_amount,
    parse_code,
    parse_codes,
    parse_date,
    parse_fraction,
    parse_hours,
    parse_number,
    parse_percent,
    parse_period,
    parse_text,
    parse_whole,
    parse_year,
)

MONEY = st.decimals(min_value="-9999999999999999.99", max_value="9999999999999999.99", places=2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1\u202f234\u202f567,5", "1234567.50"),
        ("1\u2009234", "1234"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1234.5", "1234.50"),
        ("1234,5600", "1234.56"),
        (",50", "0.50"),
        ("\u2212500", "-500"),
        ("- 500", "-500"),
        ("500-", "-500"),
        ("1 234,50-", "-1234.50"),
        ("(500,00)", "-500"),
        ("+500", "500"),
        ("'500", "500"),
        ("1 234 kr", "1234"),
        ("500:-", "500"),
        ("-12 SEK", "-12"),
        ("0", "0"),
        ("007", "7"),
    ],
)
def test_amounts_as_people_write_them(text, value):
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "  ", "-", "\u2212", "\u2013", " - ", "\u00a0", "'"])
def test_missing_amount_is_none(text):
    assert parse_amount(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tusen", "inte ett tal"),
        ("12 34", "inte ett tal"),
        ("1 234 56", "inte ett tal"),
        ("1 234.567,00", "inte ett tal"),
        ("--5", "inte ett tal"),
        ("-(5)", "inte ett tal"),
        ("1234,", "inte ett tal"),
        ("5 tkr", "inte ett tal"),
        ("#REF!", "inte ett tal"),
        ("\u0661\u0662", "inte ett tal"),
        ("1.234", "kan vara 1234 eller 1,234"),
        ("12,345", "kan vara 12345 eller 12,345"),
        ("0,125", "fler än två decimaler"),
        ("1234,567", "fler än två decimaler"),
        ("1,23E+05", "exponentform"),
        ("1" + "0" * 16, "för stort"),
    ],
)
def test_what_is_no_amount_is_refused_with_a_reason(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_amount(text)


def _styles(value: Decimal) -> dict[str, str]:
    """Return ``value`` in each way Swedes and their systems write it."""
    digits = f"{abs(value):.2f}"
    grouped = f"{abs(value):,.2f}"
    minus = "-" if value < 0 else ""
    swedish = grouped.replace(",", " ").replace(".", ",")
    return {
        "plain comma": minus + digits.replace(".", ","),
        "plain point": minus + digits,
        "space": minus + swedish,
        "no-break space": minus + swedish.replace(" ", "\u00a0"),
        "narrow space": minus + swedish.replace(" ", "\u202f"),
        "thin space": minus + swedish.replace(" ", "\u2009"),
        "thousands dot": minus + swedish.replace(" ", "."),
        "english": minus + grouped,
        "unicode minus": minus.replace("-", "\u2212") + swedish,
        "trailing minus": swedish + minus,
        "parentheses": f"({swedish})" if minus else swedish,
        "apostrophe": "'" + minus + swedish,
        "kronor": minus + swedish + " kr",
    }


@given(MONEY)
@example(Decimal("-0.01"))
@example(Decimal("1234.00"))
def test_every_amount_comes_back_from_every_style(value):
    for style, text in _styles(value).items():
        assert parse_amount(text) == value, style
        assert parse_amount(f"  {text} ") == value, style


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_refused(text):
    kinds = {
        parse_amount: Decimal,
        parse_number: Decimal,
        parse_date: date,
        parse_period: int,
        parse_year: int,
        parse_code: str,
    }
    for parse, kind in kinds.items():
        with contextlib.suppress(ValueError):
            value = parse(text)
            assert value is None or isinstance(value, kind), parse.__name__


def test_number_keeps_its_decimals():
    assert parse_number("1,234") == Decimal("1.234")
    assert parse_number("98,7654321") == Decimal("98.7654321")


@pytest.mark.parametrize("text", ["2023-01-31", "20230131", "2023/01/31", "2023.01.31", "2023-01-31 00:00:00", "44957"])
def test_dates_year_first_or_as_excel_counts(text):
    assert parse_date(text) == date(2023, 1, 31)


@pytest.mark.parametrize(
    "text", ["31/1 2023", "01-31-2023", "2023-02-30", "20231301", "2023", "snart", "2023-01-31 12:00"]
)
def test_other_dates_are_refused(text):
    with pytest.raises(ValueError, match="datum"):
        parse_date(text)


@pytest.mark.parametrize(
    "text", ["202301", "2023-01", "2023-01-01", "jan", "Januari", "jan 2023", "jan-2023", "1", "01"]
)
def test_periods(text):
    assert parse_period(text, 2023) == 202301


@pytest.mark.parametrize("text", ["", "-", "helår", "Hela året"])
def test_whole_year_is_no_period(text):
    assert parse_period(text, 2023) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("202300", "period 00"),
        ("13", "period 13"),
        ("202213", "period 13"),
        ("202212", "hör inte till budgetåret 2023"),
        ("Q1", "ingen period"),
    ],
)
def test_what_is_no_period_is_refused(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_period(text, 2023)


def test_month_alone_needs_a_year():
    with pytest.raises(ValueError, match="saknar år"):
        parse_period("5")


def test_year():
    assert parse_year("2023") == 2023
    assert parse_year("-") is None
    for text in ("23", "3023", "2023/24", "ÅR"):
        with pytest.raises(ValueError, match="fyra siffror"):
            parse_year(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("01100", "01100"), ("11100.0", "11100"), (" 0100\u00a0", "0100"), ("'0100", "0100"), ("1E5", "1E5"), ("", None)],
)
def test_codes_keep_leading_zeros(text, code):
    assert parse_code(text) == code


def test_code_that_excel_made_a_number_is_refused():
    with pytest.raises(ValueError, match="exponentform"):
        parse_code("1,11E+11")


def test_text():
    assert parse_text(" Stab\u00a0") == "Stab"
    assert parse_text(" ") is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [("", None), ("-", None), ("0110", "0110"), ("0110, 0120", "0110,0120"), ("11100.0;0120/11100", "11100,0120")],
)
def test_several_codes_in_a_cell(text, codes):
    assert parse_codes(text) == codes


@pytest.mark.parametrize(("text", "value"), [("", None), ("3", 3), ("3,0", 3), ("\u22123", -3), ("1 000", 1000)])
def test_whole_numbers(text, value):
    assert parse_whole(text) == value


@pytest.mark.parametrize("text", ["1,5", "först", "99999999999"])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(ValueError, match="tal"):
        parse_whole(text)


@pytest.mark.parametrize(
    ("text", "percent", "fraction"),
    [
        ("75", "75.00", None),
        ("37,5 %", "37.50", "37.50"),
        ("0,75", "0.75", "75.00"),
        ("1.0", "1.00", "100.00"),
        ("0,66666", "0.67", "66.67"),
        ("100", "100.00", None),
        ("-5", "-5.00", None),
        ("0", "0.00", "0.00"),
    ],
)
def test_shares_are_per_cent_whichever_way_they_are_written(text, percent, fraction):
    assert parse_percent(text) == Decimal(percent)
    if fraction is None:
        with pytest.raises(ValueError, match="är mer än 1"):
            parse_fraction(text)
    else:
        assert parse_fraction(text) == Decimal(fraction)


@pytest.mark.parametrize("parse", [parse_percent, parse_fraction, parse_hours])
def test_a_missing_share_or_hour_is_none(parse):
    assert parse(" - ") is None


def test_a_share_beyond_all_measure_is_refused():
    with pytest.raises(ValueError, match="ingen procentsats"):
        parse_percent("7500")


@pytest.mark.parametrize(
    ("text", "hours"),
    [("152,25", "152.25"), ("152:15", "152.25"), ("7:40", "7.67"), ("160", "160.00"), ("-2", "-2.00")],
)
def test_hours_with_decimals_or_minutes(text, hours):
    assert parse_hours(text) == Decimal(hours)


@pytest.mark.parametrize(
    ("text", "says"), [("123456", "för många timmar"), ("7:75", "inte ett tal"), ("x", "inte ett tal")]
)
def test_what_is_no_hours_is_refused(text, says):
    with pytest.raises(ValueError, match=says):
        parse_hours(text)
