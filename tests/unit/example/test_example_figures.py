"""What the files add up to is what the report prints, read without any of the project's code."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from example_inbox import SEGMENTS, TOTALS, Row, read_budget, shown, total

import sources.example

FIGURES = Path(sources.example.__file__).parent / "figures"
MEASURES = ("budget_2023", "outcome_2023", "deviation", "outcome_2022", "change")
PLAN, DEVELOPMENT = "16000", "17000"


def printed(name: str) -> list[dict[str, str]]:
    with (FIGURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_our_copy_of_the_report_is_whole() -> None:
    cells = printed("operations.csv")
    assert len(cells) * len(MEASURES) == 100
    # The control sum of the two printed tables, added up by hand from the report.
    assert sum(int(row["outcome_2023"]) for row in cells if row["line"] == "result") == 178 - 10_523


@pytest.mark.parametrize("cell", printed("operations.csv"), ids=lambda cell: f"{cell['segment']}-{cell['line']}")
@pytest.mark.parametrize("measure", MEASURES)
def test_every_printed_cell_comes_out(rows: list[Row], cell: dict[str, str], measure: str) -> None:
    lines = TOTALS.get(cell["line"], (cell["line"],))
    amount = total(rows, measure, lambda row: row.segment == SEGMENTS[cell["segment"]] and row.line in lines)
    assert shown(amount, "tkr") == Decimal(cell[measure])


@pytest.mark.parametrize("cell", printed("comparable_change.csv"), ids=lambda cell: cell["line"])
def test_the_comparable_change_comes_out(rows: list[Row], cell: dict[str, str]) -> None:
    amount = total(rows, "change", lambda row: row.line == cell["line"] and row.unit not in {PLAN, DEVELOPMENT})
    assert shown(amount, "mkr") == Decimal(cell["change_2023_2022_mkr"])


@pytest.mark.parametrize("cell", printed("named_deviations.csv"), ids=lambda cell: cell["note"])
def test_every_named_deviation_comes_out(rows: list[Row], cell: dict[str, str]) -> None:
    def wanted(row: Row) -> bool:
        asked = ((cell["unit_code"], row.unit), (cell["account"], row.account), (cell["activity_code"], row.activity))
        return (row.segment, row.line) == ("ordinarie", cell["line"]) and all(not a or a == b for a, b in asked)

    assert shown(total(rows, cell["measure"], wanted), "mkr") == Decimal(cell["printed_mkr"])


def test_bought_services_exceed_the_budget_mostly_where_the_report_says(rows: list[Row]) -> None:
    deviation = {
        unit: total(rows, "deviation", lambda row, unit=unit: row.line == "services" and row.unit == unit)
        for unit in {row.unit for row in rows} - {DEVELOPMENT}
    }
    assert sorted(deviation, key=deviation.__getitem__)[:2] == ["13000", "11000"]


def test_other_income_above_budget_is_spread_over_the_other_units(rows: list[Row]) -> None:
    named = {PLAN, DEVELOPMENT, "15000", "12200", "14000"}
    rest = total(rows, "deviation", lambda row: row.line == "revenue" and row.unit not in named)
    assert shown(rest, "mkr") == Decimal("0.7")


def test_state_income_is_in_the_year_the_report_says(rows: list[Row]) -> None:
    years = {
        row.account: row.measure for row in rows if row.account in {"3514", "3515", "3516"} and "outcome" in row.measure
    }
    assert years == {"3514": "outcome_2022", "3515": "outcome_2022", "3516": "outcome_2023"}


def test_planenheten_is_another_boards_in_2022(rows: list[Row]) -> None:
    boards = {(row.measure, row.board) for row in rows if row.unit == PLAN}
    assert {("outcome_2022", "SBN"), ("budget_2022", "SBN"), ("outcome_2023", "KS"), ("budget_2023", "KS")} <= boards
    assert ("outcome_2022", "KS") not in boards


@pytest.mark.parametrize("measure", ["budget_2022", "budget_2023", "original_2023"])
def test_a_decided_budget_is_balanced(rows: list[Row], measure: str) -> None:
    for board, segment in {(row.board, row.segment) for row in rows if row.measure == measure}:
        amounts = [row.amount for row in rows if (row.measure, row.board, row.segment) == (measure, board, segment)]
        assert sum(amounts) == 0


def test_the_grant_of_2022_is_budgeted_as_it_came(rows: list[Row]) -> None:
    grants = {m: total(rows, m, lambda row: row.line == "municipal_grant") for m in ("budget_2022", "outcome_2022")}
    assert grants["budget_2022"] == grants["outcome_2022"] == (100_764 + 211) * 1000


def test_the_original_budget_is_whole_and_another(rows: list[Row]) -> None:
    original = {
        line: total(rows, "original_2023", lambda row, line=line: row.line == line) for line in TOTALS["result"]
    }
    revised = {line: total(rows, "budget_2023", lambda row, line=line: row.line == line) for line in TOTALS["result"]}
    assert original["personnel"] != revised["personnel"]
    assert all(abs(original[line] - revised[line]) <= abs(revised[line]) / 10 for line in original)


@pytest.mark.parametrize("year", [2022, 2023])
def test_a_budget_names_each_key_once_and_lies_in_its_year(inbox: Path, year: int) -> None:
    budget = read_budget(inbox, year)
    keys = [tuple(value for name, value in row.items() if name != "Belopp") for row in budget]
    assert len(keys) == len(set(keys))
    assert {row["Period"][:4] for row in budget} == {"", str(year)}
