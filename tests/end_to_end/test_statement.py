"""The yardstick: every printed cell of the published operations statement, from files to marts, digit for digit."""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

import sources.example
from orchestration.home import Home
from orchestration.query import query

PRINTED = Path(sources.example.__file__).parent / "figures" / "operations.csv"
MART_COLUMN = {
    "budget_2023": "budget_sek",
    "outcome_2023": "outcome_sek",
    "deviation": "deviation_sek",
    "outcome_2022": "prior_outcome_sek",
    "change": "change_sek",
}


def printed_cells() -> list[tuple[str, str, str, int]]:
    with PRINTED.open(encoding="utf-8", newline="") as file:
        return [
            (row["segment"], row["line"], column, int(row[column]))
            for row in csv.DictReader(file)
            for column in MART_COLUMN
        ]


def tkr(amount: Decimal) -> int:
    return int((amount / 1000).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@pytest.fixture(scope="module")
def mart(published_home: Home) -> dict[tuple[str, str], dict[str, Decimal]]:
    answer = query(
        published_home.current,
        f"select segment_code, line_code, {', '.join(MART_COLUMN.values())} from budget_outcome "
        "where board_code = 'KS' and fiscal_year = 2023",
    )
    return {(row[0], row[1]): dict(zip(MART_COLUMN.values(), row[2:], strict=True)) for row in answer.rows}


def test_the_report_prints_a_hundred_cells() -> None:
    assert len(printed_cells()) == 100


@pytest.mark.parametrize(("segment", "line", "column", "printed"), printed_cells())
def test_a_printed_cell_is_the_marts_rounded_to_tkr(
    mart: dict[tuple[str, str], dict[str, Decimal]], segment: str, line: str, column: str, printed: int
) -> None:
    amount = mart[segment, line][MART_COLUMN[column]]

    assert isinstance(amount, Decimal)
    assert tkr(amount) == printed


def test_planenheten_belongs_to_the_board_from_2023_only(published_home: Home) -> None:
    answer = query(
        published_home.current,
        "select distinct fiscal_year, board_code from budget_outcome_unit where unit_name = 'Planenheten' "
        "and outcome_sek <> 0 order by fiscal_year",
    )
    assert answer.rows == [(2022, "SBN"), (2023, "KS")]


@pytest.mark.parametrize(
    ("unit_name", "line", "printed_mkr"),
    [
        ("Planenheten", "revenue", "-1.9"),
        ("IT-avdelningen", "revenue", "1.9"),
        ("Personalavdelningen", "revenue", "0.1"),
    ],
)
def test_the_deviation_that_the_report_names_for_a_unit(
    published_home: Home, unit_name: str, line: str, printed_mkr: str
) -> None:
    [[deviation]] = query(
        published_home.current,
        f"select deviation_sek from budget_outcome_unit where unit_name = '{unit_name}' and board_code = 'KS' "
        f"and fiscal_year = 2023 and line_code = '{line}'",
    ).rows
    assert (deviation / 1_000_000).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) == Decimal(printed_mkr)


def test_every_posting_of_a_statement_cell_leads_back_to_a_row_of_a_file(
    published_home: Home, example_files: Path
) -> None:
    row_no, account, amount = query(
        published_home.current,
        "select row_no, account, amount_sek from ledger_entry where file_name = 'KS_2023.se' and line_code = 'rent' "
        "order by row_no limit 1",
    ).rows[0]
    line = (example_files / "KS_2023.se").read_bytes().decode("cp437").splitlines()[row_no - 1]
    assert line.split()[:2] == ["#TRANS", account]
    assert str(amount) in line
