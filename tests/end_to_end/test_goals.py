"""Goals and indicators: every printed cell, from institutes' files and Kolada's pages to the marts of a release."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import sources.example
from orchestration.home import Home
from orchestration.query import query

FIGURES = Path(sources.example.__file__).parent / "figures"


def printed(name: str) -> list[dict[str, str]]:
    with (FIGURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


def rows(home: Home, sql: str) -> list[dict[str, Any]]:
    answer = query(home.current, sql)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


@pytest.fixture(scope="module")
def outcomes(published_home: Home) -> dict[tuple[str, int], dict[str, Any]]:
    found = rows(published_home, "from indicator_outcome")
    return {(row["indicator_code"], row["year"]): row for row in found}


@pytest.mark.parametrize("indicator", printed("indicators.csv"), ids=lambda row: row["indicator"])
def test_every_printed_indicator_comes_out(
    outcomes: dict[tuple[str, int], dict[str, Any]], indicator: dict[str, str]
) -> None:
    code = indicator["indicator"]
    row = outcomes[code, 2023]
    assert (row["goal_code"], row["indicator_name"]) == (indicator["goal"], indicator["label"])
    assert (row["unit"], row["target_value"]) == (indicator["unit"], Decimal(indicator["target_2023"]))
    assert row["prior_value"] == number(indicator["outcome_2022"])
    for year in (2021, 2022):
        value = number(indicator[f"outcome_{year}"])
        assert outcomes.get((code, year), {}).get("outcome_value") == value
    if indicator["status_2023"] == "missing":
        told = ("carried_forward", 2022, number(indicator["outcome_2022"]))
    else:
        told = (indicator["status_2023"], 2023, number(indicator["outcome_2023"]))
    assert (row["outcome_status"], row["outcome_year"], row["outcome_value"]) == told


@pytest.mark.parametrize("goal", printed("goals.csv"), ids=lambda row: row["goal"])
def test_every_goal_is_assessed_as_it_was_published(published_home: Home, goal: dict[str, str]) -> None:
    (row,) = rows(
        published_home,
        f"from goal_assessment where goal_code = '{goal['goal']}' and year = 2023 and occasion_name = 'Årsbokslut'",
    )
    told = {row["computed_assessment"], row["published_assessment"], row["assessment"]}
    assert (told, row["is_override"]) == ({goal["published_assessment"]}, False)
    assert (row["goal_name"], row["priority_code"]) == (goal["short_name"], goal["priority"])
    assert (row["agenda_2030"] or "") == goal["agenda_2030"]


def test_goal_two_at_the_interim_closing_is_as_the_data_of_that_day_say(published_home: Home) -> None:
    (goal,) = rows(published_home, "from goal_assessment where goal_code = '2' and occasion_name = 'Delårsbokslut'")
    assert (goal["indicators_total"], goal["indicators_met"], goal["assessment"]) == (2, 0, "Ej uppfyllt")
    assert (goal["published_assessment"], goal["is_override"]) == (None, False)
    found = rows(
        published_home, "from indicator_outcome_occasion where goal_code = '2' and occasion_name = 'Delårsbokslut'"
    )
    assert [(row["indicator_code"], row["outcome_value"], row["outcome_status"]) for row in found] == [
        ("2.1", 54, "preliminary"),
        ("2.2", 40, "carried_forward"),
    ]


@pytest.mark.parametrize("vintage", printed("indicator_vintages.csv"), ids=lambda row: row["occasion"])
def test_every_printed_vintage_is_kept(published_home: Home, vintage: dict[str, str]) -> None:
    (row,) = rows(
        published_home,
        f"from indicator_vintage where indicator_code = '{vintage['indicator']}' and year = {vintage['year']} "
        f"and occasion_name = '{vintage['occasion']}'",
    )
    assert (row["value"], row["status"]) == (Decimal(vintage["value"]), vintage["status"])


def test_a_new_definition_is_not_compared_with_the_old_one(published_home: Home) -> None:
    trend = {
        row["year"]: row
        for row in rows(published_home, "from indicator_trend where indicator_code = '1.1' order by year")
    }
    assert {year: row["definition_from_year"] for year, row in trend.items()} == {
        **dict.fromkeys((2018, 2019, 2020), 2018),
        **dict.fromkeys((2021, 2022, 2023), 2021),
    }
    assert (trend[2021]["prior_value"], trend[2021]["change_value"], trend[2022]["trend_per_year"]) == (
        None,
        None,
        None,
    )
    assert (trend[2022]["change_value"], trend[2023]["trend_per_year"]) == (1, 1)


def test_the_comparison_is_of_the_group_and_says_how_many_it_rests_on(published_home: Home) -> None:
    (row,) = rows(published_home, "from indicator_trend where indicator_code = '5.1' and year = 2023")
    assert (row["comparison_median"], row["comparison_rank"], row["comparison_members"]) == (Decimal("85.5"), 3, 4)
    (row,) = rows(published_home, "from indicator_trend where indicator_code = '2.1' and year = 2023")
    assert (row["comparison_median"], row["comparison_rank"], row["comparison_members"]) == (None, None, 0)


def test_nothing_of_the_example_is_set_aside_or_warned_of(published_home: Home) -> None:
    found = rows(published_home, "from load where source_code in ('goal', 'indicator')")
    assert {row["status"] for row in found} == {"loaded"}
    assert {row["message"] for row in found} <= {None, ""}
