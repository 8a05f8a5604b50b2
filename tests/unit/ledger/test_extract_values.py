"""The vectorised way and the exact one say the same of every cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.ledger.extracts.values import Typing, type_texts
from sources.tabular.values import parse_amount, parse_date

NO_DATE = (date(1799, 12, 31), date(1899, 12, 31))
KRONOR, ORE = Typing("sek", NO_DATE), Typing("ore", NO_DATE)


def typed(kind, *texts, typing=KRONOR):
    values, faults = type_texts(pl.Series(texts, dtype=pl.String), kind, typing)
    return values.to_list(), faults


def as_the_exact_way_says(parse, texts):
    values, faults = [], {}
    for text in texts:
        try:
            values.append(parse(text))
        except ValueError as error:
            values.append(None)
            faults[text] = str(error)
    return values, faults


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.sampled_from("0123456789 ,.-\u00a0e"), min_size=1, max_size=14).map(str.strip).filter(bool)))
def test_amounts(texts):
    # That a file pads its decimals is judged over all its cells: here each stands alone.
    found = [typed("amount", text) for text in texts]
    expected = [as_the_exact_way_says(parse_amount, [text]) for text in texts]
    assert found == expected


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.dates(date(1800, 1, 1), date(2100, 1, 1))), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y-%m-%d 00:00:00"])
)
def test_dates(days, form):
    texts = [day.strftime(form) for day in days]
    values, faults = as_the_exact_way_says(parse_date, texts)
    assert typed("date", *texts) == ([None if value in NO_DATE else value for value in values], faults)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("amount", "1 234,50", Decimal("1234.50")),
        ("amount", "1234.5000", Decimal("1234.50")),
        ("amount", "-,50", Decimal("-0.50")),
        ("date", "2023-02-03T14:05:06.123", date(2023, 2, 3)),
        ("date", "44960", date(2023, 2, 3)),
        ("code", "6010.0", "6010"),
        ("code", "0100", "0100"),
        ("code", "-", None),
        ("period", "202312", 202312),
        ("year", "2023-01-01 00:00:00", 2023),
        ("whole", "12.000000", 12),
        ("quantity", "1,5", Decimal("1.500000")),
        ("side", "K", -1),
        ("side", "1.0", 1),
    ],
)
def test_what_systems_write(kind, text, value):
    assert typed(kind, text)[0] == [value]


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("amount", "1.234", "kan vara"),
        ("amount", "1,005", "kan vara"),
        ("date", "2023-02-30", "kalendern"),
        ("code", "1,1E+04", "exponentform"),
        ("period", "202400", "ingen månad"),
        ("year", "23", "fyra siffror"),
        ("whole", "-1", "antal"),
        ("quantity", "0,0000001", "kvantitet"),
        ("side", "?", "debet"),
    ],
)
def test_what_cannot_be_typed_is_null_and_told(kind, text, says):
    values, faults = typed(kind, text)
    assert values == [None]
    assert says in faults[text]


def test_ore_are_whole():
    assert typed("amount", "125050", "-7", "12,00", typing=ORE)[0] == [
        Decimal("1250.50"),
        Decimal("-0.07"),
        Decimal("0.12"),
    ]
    values, faults = typed("amount", "125050", "12,50", typing=ORE)
    assert values == [Decimal("1250.50"), None]
    assert "blandar kronor och ören" in faults["12,50"]


def test_a_bare_amount_among_padded_ones_is_suspected_and_zero_is_not():
    assert typed("amount", "1250,50", "0", "125050")[0] == [Decimal("1250.50"), Decimal("0.00"), None]
    assert typed("amount", "1250,55", "0", "125050")[1] == {}
