"""Forecasts as they come: rounds, lines and what is wrong with them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sources.forecast import read
from sources.forecast.schema import SCHEMAS
from sources.reading import ReadOptions, Rejected

FIXTURES = Path(__file__).parents[2] / "fixtures" / "forecast"


def read_fixture(name):
    return read((FIXTURES / name).read_bytes(), name, ReadOptions())


def rows(reading):
    return reading.tables["forecast__lines"].to_pylist()


def test_a_round_keeps_the_signs_of_the_statement():
    reading = read_fixture("good/interim.csv")
    assert reading.tables["forecast__lines"].schema == SCHEMAS["forecast__lines"]
    assert rows(reading)[1] == {
        "row_no": 3,
        "fiscal_year": 2023,
        "forecast_month": 8,
        "occasion_name": "Delårsbokslut",
        "reported_on": date(2023, 9, 20),
        "board_code": "KS",
        "segment_code": "ordinary",
        "line_code": "personnel",
        "amount_sek": Decimal("-107400000.50"),
    }
    assert [(row["segment_code"], row["line_code"]) for row in rows(reading)] == [
        ("ordinary", "revenue"),
        ("ordinary", "personnel"),
        ("development", "services"),
        ("ordinary", "result"),
    ]
    assert (reading.part, reading.fiscal_years, reading.rows_in) == ("08 2023-09-20", (2023,), 4)
    assert (reading.period_from, reading.period_to, reading.problems) == (202301, 202312, ())


def test_several_rounds_are_one_part_and_months_are_read_however_written():
    reading = read_fixture("good/two_rounds.csv")
    assert reading.part == "04 2023-05-22, 08 2023-09-20"
    assert [row["forecast_month"] for row in rows(reading)] == [4, 8]
    assert [row["line_code"] for row in rows(reading)] == ["municipal_grant", "financial_net"]


@pytest.mark.parametrize(
    ("name", "problem", "says"),
    [
        ("unknown_line", (2, "line_code", "Skatteintäkter"), "ordet är okänt; använd något av Verksamhetens intäkter"),
        ("month_13", (2, "forecast_month", "13"), "period 13 är ingen månad"),
        ("other_year", (2, "forecast_month", "202208"), "hör inte till"),
        ("no_date", (2, "reported_on", ""), "värdet saknas"),
    ],
)
def test_a_value_that_cannot_be_is_a_problem_and_the_row_stays(name, problem, says):
    reading = read_fixture(f"bad/{name}.csv")
    (found,) = reading.problems
    assert (found.row_no, found.column, found.value) == problem
    assert says in found.reason
    assert len(rows(reading)) == reading.rows_in == 1


def test_two_forecasts_of_one_round_with_the_same_date_are_problems_on_both():
    problems = read_fixture("bad/same_round_twice.csv").problems
    assert [problem.row_no for problem in problems] == [2, 4]
    assert problems[0].value == "2023/8/2023-09-20/KS/ordinary/rent"
    assert "rad 2 och 4 har samma nyckel; en omgång kan bara ha en prognos per datum" in problems[0].reason


def test_the_same_line_in_two_rounds_is_no_repetition():
    text = (FIXTURES / "bad/same_round_twice.csv").read_text(encoding="utf-8")
    first, again = text.splitlines()[1], text.splitlines()[3]
    text = "\n".join([text.splitlines()[0], first, again.replace("2023-09-20", "2023-09-27")])
    reading = read(text.encode(), "p.csv", ReadOptions())
    assert (reading.problems, reading.part) == ((), "08 2023-09-20, 08 2023-09-27")


def test_amounts_in_thousands_are_not_taken_for_kronor():
    with pytest.raises(Rejected, match="Kolumnen Prognos tkr är okänd"):
        read_fixture("bad/in_thousands.csv")


def test_every_bad_fixture_is_seen_to_fail():
    for path in (FIXTURES / "bad").iterdir():
        try:
            assert read(path.read_bytes(), path.name, ReadOptions()).problems, path.name
        except Rejected:
            continue
