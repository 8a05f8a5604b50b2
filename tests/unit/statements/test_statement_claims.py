"""Statements as they come: claims, values as printed and what is wrong with them."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.reading import ReadOptions, Rejected
from sources.statements import read
from sources.statements.checks import MAX_FIGURES
from sources.statements.read_claims import printed_value
from sources.statements.schema import SCHEMAS

FIXTURES = Path(__file__).parents[2] / "fixtures" / "statements"
TABLE = "budget_outcome/KS/ordinary/2023"


def read_fixture(name):
    return read((FIXTURES / name).read_bytes(), name, ReadOptions())


def rows(reading):
    return reading.tables["statement__claims"].to_pylist()


def test_a_claim_keeps_its_value_as_printed_and_its_figures_in_order():
    reading = read_fixture("good/two_claims.csv")
    assert reading.tables["statement__claims"].schema == SCHEMAS["statement__claims"]
    assert (reading.problems, reading.fiscal_years, reading.rows_in) == ((), (2023,), 4)
    first, second, deviation, not_held = rows(reading)
    assert first | {"row_no": 2} == {
        **{"row_no": 2, "statement_id": "P1", "claim_no": 1, "board_code": "KS", "year": 2023},
        **{"statement_text": "Intäkterna är 91,7 mnkr och har ökat.", "relation": "equals"},
        **{"claimed_value": Decimal("91.7000"), "claimed_decimals": 1, "is_signed": False, "claimed_unit": "mnkr"},
        **{"base_year": None, "claimed_rank": None, "figure_ids": f"{TABLE}/revenue/outcome", "against_ids": None},
        **{"share_of_id": None, "not_held": None},
    }
    assert (second["relation"], second["base_year"], second["statement_text"]) == (
        "increased",
        2022,
        first["statement_text"],
    )
    assert (deviation["claimed_value"], deviation["claimed_decimals"], deviation["is_signed"]) == (
        Decimal("-0.2000"),
        2,
        True,
    )
    assert (not_held["relation"], not_held["not_held"]) == (None, "Andra kommuner finns inte.")


@pytest.mark.parametrize(
    ("name", "column", "says"),
    [
        ("no_number", "claimed_value", "är inte ett tal"),
        ("five_decimals", "claimed_value", "fler än fyra decimaler"),
        ("unknown_unit", "claimed_unit", "ordet är okänt; använd något av kr"),
        ("unknown_relation", "relation", "ordet är okänt; använd något av är"),
        ("no_figure", "figure_ids", "ange relation och siffror, eller vad som saknas"),
        ("no_id", "figure_ids", "är inget id på en siffra"),
        ("two_stars", "figure_ids", "är inget id på en siffra"),
        ("nothing_claimed", "claimed_value", "är behöver ett värde eller siffror att jämföra med"),
        ("nothing_to_compare", "against_ids", "ökat och minskat behöver siffror att jämföra med"),
        ("count_without_value", "claimed_value", "antal behöver ett värde"),
        ("not_in_pairs", "against_ids", "ange en, eller lika många"),
        ("same_claim_twice", "statement_id,claim_no", "rad 2 och 3 har samma nyckel"),
        ("other_year", "year", "år är en annan än på rad 2"),
        ("no_text", "statement_text", "påståendets text saknas"),
    ],
)
def test_what_is_wrong_with_a_claim_is_a_problem_and_the_row_stays(name, column, says):
    reading = read_fixture(f"bad/{name}.csv")
    assert says in next(problem.reason for problem in reading.problems if problem.column == column)
    assert len(rows(reading)) == reading.rows_in


def test_a_claim_that_cannot_be_read_takes_its_statement_along():
    text = (FIXTURES / "good/two_claims.csv").read_text(encoding="utf-8").replace("Ökat", "Ungefär")
    problems = read(text.encode(), "p.csv", ReadOptions()).problems
    assert [problem.row_no for problem in problems] == [3, 2]
    assert "påståendets led på rad 3 går inte att läsa" in problems[-1].reason


def test_a_column_of_figures_too_many_is_refused():
    text = (FIXTURES / "good/two_claims.csv").read_text(encoding="utf-8")
    many = " ".join(f"{TABLE}/line_{number}/outcome" for number in range(MAX_FIGURES + 1))
    (problem,) = read(text.replace(f"{TABLE}/rent/deviation", many).encode(), "p.csv", ReadOptions()).problems
    assert (problem.column, problem.value) == ("figure_ids", f"{MAX_FIGURES + 1} siffror")


def test_headers_that_fit_no_profile_are_named():
    with pytest.raises(Rejected, match="Kolumnen Text saknas"):
        read_fixture("bad/headers_missing.csv")


def test_every_bad_fixture_is_seen_to_fail():
    for path in (FIXTURES / "bad").iterdir():
        try:
            assert read(path.read_bytes(), path.name, ReadOptions()).problems, path.name
        except Rejected:
            continue


@given(st.integers(-(10**9), 10**9), st.integers(0, 4), st.sampled_from(["", "+", "-", "\N{MINUS SIGN}"]))
def test_a_printed_value_is_read_with_its_decimals_and_its_sign(digits, decimals, sign):
    number = Decimal(abs(digits)).scaleb(-decimals)
    text = sign + f"{number:.{decimals}f}".replace(".", ",")
    value = number if sign in {"", "+"} else -number
    assert printed_value(text) == (value, decimals, bool(sign))


@pytest.mark.parametrize("text", ["", " ", "-"])
def test_nothing_is_no_value(text):
    assert printed_value(text) == (None, None, False)
