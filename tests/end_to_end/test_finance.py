"""Investments, forecasts and comparable years: every printed cell, from files to marts, and the way to the voucher."""

from __future__ import annotations

import csv
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

import sources.example
from orchestration.home import Home
from orchestration.query import as_csv, query

FIGURES = Path(sources.example.__file__).parent / "figures"
VOUCHER_GUIDE = Path(__file__).parents[2] / "docs" / "from_total_to_voucher.md"
BASE_LINES = {"revenue", "personnel", "rent", "services", "other"}
INVESTMENT_COLUMNS = {
    "budget_2023": "budget_sek",
    "outcome_2023": "outcome_sek",
    "deviation": "deviation_sek",
    "outcome_2022": "prior_outcome_sek",
    "change": "change_sek",
}


def printed(name: str) -> list[dict[str, str]]:
    with (FIGURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rounded(amount: Decimal, unit: int, decimals: str = "1") -> Decimal:
    return (amount / unit).quantize(Decimal(decimals), rounding=ROUND_HALF_UP)


def rows(home: Home, sql: str) -> list[dict[str, Any]]:
    answer = query(home.current, sql)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


@pytest.fixture(scope="module")
def tree(published_home: Home) -> list[dict[str, Any]]:
    return rows(
        published_home,
        "select node.*, parent.node_name as parent_name from investment_outcome as node left join investment_outcome "
        "as parent on node.parent_code = parent.node_code and node.fiscal_year = parent.fiscal_year "
        "where node.board_code = 'KS' and node.fiscal_year = 2023 order by node.sort_no",
    )


def test_the_investment_tree_has_the_printed_nodes_in_their_order(tree: list[dict[str, Any]]) -> None:
    def parent(row: dict[str, str]) -> str | None:
        return {"total": None, "category": "Totala utgifter"}.get(row["level"], row["category"])

    found = [(row["level"], row["node_name"], row["parent_name"]) for row in tree]
    assert found == [(row["level"], row["label"], parent(row)) for row in printed("investments.csv")]


@pytest.mark.parametrize("column", INVESTMENT_COLUMNS)
@pytest.mark.parametrize("place", range(16))
def test_a_printed_cell_of_the_investments(tree: list[dict[str, Any]], place: int, column: str) -> None:
    row = printed("investments.csv")[place]
    amount = tree[place][INVESTMENT_COLUMNS[column]]
    assert isinstance(amount, Decimal)
    assert rounded(amount, 1000) == int(row[column]), row["label"]


def test_every_node_is_the_sum_of_those_right_under_it(tree: list[dict[str, Any]]) -> None:
    for node in tree:
        below = [child for child in tree if child["parent_code"] == node["node_code"]]
        for column in INVESTMENT_COLUMNS.values():
            assert not below or node[column] == sum(child[column] for child in below), (node["node_name"], column)


def test_a_category_without_projects_is_a_row_of_zeros(tree: list[dict[str, Any]]) -> None:
    [row] = [node for node in tree if node["node_name"] == "Imageinvestering"]
    assert {row[column] for column in INVESTMENT_COLUMNS.values()} == {Decimal("0.00")}


@pytest.mark.parametrize("row", printed("forecasts.csv"), ids=lambda row: f"{row['segment']}-{row['month']}")
def test_a_printed_forecast_of_the_result(published_home: Home, row: dict[str, str]) -> None:
    [found] = rows(
        published_home,
        "select occasion_name, forecast_sek, deviation_sek from forecast_accuracy where board_code = 'KS' "
        f"and segment_code = '{row['segment']}' and fiscal_year = 2023 and forecast_month = {row['month']} "
        "and line_code = 'result'",
    )
    assert found["occasion_name"] == row["occasion"]
    assert rounded(found["forecast_sek"], 1000) == int(row["forecast_result_tkr"])
    assert rounded(found["deviation_sek"], 1000) == int(row["deviation_from_outcome"])


def test_only_the_printed_rounds_are_there(published_home: Home) -> None:
    found = rows(published_home, "select distinct segment_code, forecast_month from forecast_accuracy")
    assert {(row["segment_code"], str(row["forecast_month"])) for row in found} == {
        (row["segment"], row["month"]) for row in printed("forecasts.csv")
    }


def test_the_interim_forecast_was_nearest_for_personnel_and_farthest_for_services(published_home: Home) -> None:
    found = rows(
        published_home,
        "select line_code, accuracy_rank, abs(deviation_sek) / abs(outcome_sek) as error from forecast_accuracy "
        "where segment_code = 'ordinary' and occasion_name = 'Delårsbokslut' and accuracy_rank is not null "
        "order by accuracy_rank",
    )
    assert {row["line_code"] for row in found} == BASE_LINES
    assert (found[0]["line_code"], found[-1]["line_code"]) == ("personnel", "services")
    assert [row["accuracy_rank"] for row in found] == [1, 2, 3, 4, 5]
    assert [row["error"] for row in found] == sorted(row["error"] for row in found)


@pytest.mark.parametrize("row", printed("comparable_change.csv"), ids=lambda row: row["line"])
def test_a_printed_change_between_comparable_years(published_home: Home, row: dict[str, str]) -> None:
    [found] = rows(
        published_home,
        "select change_sek, excluded_units from comparable_change where board_code = 'KS' "
        f"and segment_code = 'ordinary' and fiscal_year = 2023 and line_code = '{row['line']}'",
    )
    assert rounded(found["change_sek"], 1_000_000, "0.1") == Decimal(row["change_2023_2022_mkr"])
    assert found["excluded_units"] == "Planenheten"


def test_the_month_shows_the_forecast_that_was_known_by_then(published_home: Home) -> None:
    found = rows(
        published_home,
        "select period, occasion_name from budget_outcome_board_month where board_code = 'KS' "
        "and segment_code = 'ordinary' and fiscal_year = 2023 and line_code = 'result' order by period",
    )
    names = [row["occasion_name"] for row in found]
    assert names == [None] * 4 + ["Fördjupad månadsuppföljning"] * 4 + ["Delårsbokslut"] * 4


def test_the_guide_from_total_to_voucher_gives_the_answers_it_prints(published_home: Home) -> None:
    text = VOUCHER_GUIDE.read_text(encoding="utf-8")
    examples = re.findall(r"```sql\n(.*?)```\n\n```csv\n(.*?)```", text, flags=re.DOTALL)
    assert len(examples) == text.count("```sql") == 3
    for sql, answer in examples:
        assert as_csv(query(published_home.current, sql)) == answer
