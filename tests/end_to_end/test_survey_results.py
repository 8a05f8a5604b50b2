"""Surveys from files to the published mart: the printed shares, and nothing of fewer than five."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

import sources.example
from orchestration.home import Home
from orchestration.query import query

FIGURES = Path(sources.example.__file__).parent / "figures" / "surveys.csv"


def printed() -> list[dict[str, str]]:
    with FIGURES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("cell", printed(), ids=lambda cell: cell["year"])
def test_a_printed_share_of_the_managers_survey(published_home: Home, cell: dict[str, str]) -> None:
    sql = (
        f"select value, unit, group_name, answers, respondents from survey_result where survey_code = "
        f"'{cell['survey_code']}' and question_code = '{cell['question_code']}' and year = {cell['year']}"
    )
    [(value, unit, group, answers, respondents)] = query(published_home.current, sql).rows
    assert (value, unit, group) == (Decimal(cell["favourable_pct"]), "percent", "Alla")
    assert 5 <= answers < respondents


def test_the_pulse_is_shown_by_round_and_unit_from_five_answers(published_home: Home) -> None:
    sql = (
        "select year, survey_code, round_no, group_code, answers, value from survey_result where survey_name = 'Pulsen'"
    )
    rows = query(published_home.current, sql).rows
    assert {(year, code) for year, code, *_ in rows} == {
        (year, f"puls_{number}") for year in (2022, 2023) for number in (1, 2, 3, 4)
    }
    assert all(code == f"puls_{round_no}" for _, code, round_no, *_ in rows)
    assert {group for *_, group, _, value in rows if value is not None} > {"total", "15000"}
    assert all(value is None for *_, group, _, value in rows if group in ("13100", "none"))
    assert min(answers for *_, answers, _ in rows if answers is not None) >= 5
