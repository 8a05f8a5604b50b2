"""Investment budgets as they come: versions, repeated lines, totals."""

from decimal import Decimal
from pathlib import Path

import pytest

from sources.investment_budget import read
from sources.investment_budget.schema import SCHEMAS
from sources.reading import ReadOptions, Rejected

FIXTURES = Path(__file__).parents[2] / "fixtures" / "investment_budget"


def read_fixture(name):
    return read((FIXTURES / name).read_bytes(), name, ReadOptions())


def test_every_version_of_two_years_with_a_total():
    reading = read_fixture("good/versions.csv")
    table = reading.tables["investment_budget__lines"]
    assert table.schema == SCHEMAS["investment_budget__lines"]
    assert table["version"].to_pylist() == ["original", "revised", "carried_over", "original"]
    assert table["amount_sek"].to_pylist() == [
        Decimal("17000000.00"),
        Decimal("2000000.50"),
        Decimal("-500.00"),
        Decimal("100.00"),
    ]
    assert table["project_code"].to_pylist() == ["0101", "0102", "0102", "1"]
    assert (reading.rows_in, reading.fiscal_years, reading.problems) == (4, (2022, 2023), ())
    assert (reading.period_from, reading.period_to) == (202201, 202312)
    assert reading.facts["total_row"] == "rad 6: 18999600,50, stämmer med raderna"


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        ("no_project", [(2, "project_code", "")]),
        ("text_in_amount", [(2, "amount_sek", "se bilaga")]),
        ("unknown_version", [(2, "version", "Önskad")]),
    ],
)
def test_values_that_cannot_be_read_are_problems_and_the_row_stays(name, problems):
    reading = read_fixture(f"bad/{name}.csv")
    assert [(problem.row_no, problem.column, problem.value) for problem in reading.problems] == problems
    assert reading.tables["investment_budget__lines"].num_rows == reading.rows_in == 1


def test_every_row_of_a_repeated_key_is_a_problem():
    problems = read_fixture("bad/repeated_key.csv").problems
    assert [problem.row_no for problem in problems] == [2, 4]
    assert problems[0].value == "2023/KS/0101/original"


def test_a_file_without_amounts_is_rejected():
    with pytest.raises(Rejected, match="Kolumnen Belopp saknas"):
        read_fixture("bad/no_amount_column.csv")
