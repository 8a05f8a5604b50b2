"""What the rules on indicators say, and to what they do not apply."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from indicator_examples import V, value, values


def told(example):
    return " ".join(example.check().messages)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"value": Decimal("82.5")}, "NKI Totalt 2023 är 82,5 mot 72 år 2022, mer än 10"),
        ({"value": Decimal(101)}, "NKI Totalt 2023 är 101, utanför skalan 0–100"),
        ({"value": Decimal("0.73")}, "NKI Totalt 2023 är 0,73 medan måttet annars står i procent"),
        ({"answers": 9}, "NKI Totalt 2023 har 9 svar, minst 10 krävs"),
        ({"external_code": "NKI Bygglov"}, "NKI Bygglov från Insikt finns inte i målregistret"),
        ({"status": "missing"}, "NKI Totalt 2023 har status missing och värdet 73"),
        ({"reported_on": date(2022, 12, 31)}, "NKI Totalt 2023 rapporteras 2022-12-31, innan året har börjat"),
    ],
)
def test_a_finding_names_the_measure_and_the_values(change, says):
    example = values()
    example.rows[V][0].update(change)
    assert says in told(example)


def test_a_second_final_value_needs_a_day_of_its_own():
    example = values()
    example.rows[V][1].update(value=Decimal(71))
    assert "NKI Totalt 2022 rapporterades 2024-01-15 redan som 72, nu som 71" in told(example)
    example.rows[V][1].update(reported_on=date(2024, 2, 1))
    assert example.check().messages == ()


def test_the_year_before_is_what_had_been_reported_by_then():
    example = values()
    example.rows[V] = [value(2, 2023, "80", reported_on=date(2023, 6, 1)), value(3, 2023, "79")]
    # 69 was known in June, 72 in January: both changes are within ten but the first.
    assert told(example).count("mer än 10") == 1
    assert "är 80 mot 69 år 2022" in told(example)


def test_a_small_share_is_no_share_among_percentages():
    example = values()
    example.rows[V] = [value(2, 2023, "0.8"), value(3, 2022, "0.9", reported_on=date(2024, 1, 16))]
    example.knows(earlier_values=None)
    assert "står i procent" not in told(example)


def test_nothing_is_asked_of_a_register_that_is_not_there():
    example = values()
    example.context = replace(
        example.context, indicators=None, municipality_codes=None, earlier_values=None, compared_codes=frozenset()
    )
    example.rows[V][0].update(value=Decimal(5000), external_code="X", municipality_code="1480")
    assert example.check().messages == ()


def test_no_value_is_compared_across_a_change_of_definition():
    example = values()
    # 72 in 2022 against 710 the year before, which was another definition's.
    assert "år 2021" not in told(example)
    example.rows[V][2].update(year=2022, reported_on=date(2024, 1, 16), value=Decimal(99))
    assert "år 2021" not in told(example)
