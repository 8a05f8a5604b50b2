"""Risks, assignments, contracts, sustainability: every printed fact, from the registers to the marts of a release."""

from __future__ import annotations

import csv
from collections import Counter
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


def rows(home: Home, sql: str) -> list[dict[str, Any]]:
    answer = query(home.current, sql)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def test_every_printed_risk_and_whether_it_needs_action(published_home: Home) -> None:
    found = rows(published_home, "from internal_control where year = 2023 and board_code = 'KS'")
    told = {row["risk_code"]: (row["risk_name"], row["needs_action"]) for row in found}
    assert told == {
        row["risk_code"]: (row["risk_name"], row["needs_action"] == "true") for row in printed("internal_control.csv")
    }
    assert all(row[text] for row in found for text in ("risk_description", "control_description", "result", "action"))


def test_risks_that_return_and_actions_that_are_not_finished(published_home: Home) -> None:
    found = {row["risk_code"]: row for row in rows(published_home, "from internal_control where year = 2023")}
    assert {code for code, row in found.items() if row["is_returning"]} == {"IK-01", "IK-03", "IK-05"}
    assert {code for code, row in found.items() if row["is_action_unfinished"]} == {"IK-03", "IK-05"}
    assert (found["IK-01"]["prior_needs_action"], found["IK-02"]["prior_needs_action"]) == (True, None)


def test_every_assignment_has_its_status(published_home: Home) -> None:
    found = rows(published_home, "from assignment where year = 2023 and board_code = 'KS'")
    assert [row["assignment_code"] for row in found] == [f"U-0{number}" for number in range(1, 9)]
    assert Counter(row["status"] for row in found) == {"Genomfört": 4, "Pågår": 3, "Ej genomfört": 1}
    assert all(row["comment"] and row["decided_on"] for row in found)
    assert {row["assignment_code"] for row in found if row["is_still_open"]} == {"U-04"}
    assert {row["assignment_code"] for row in found if row["is_completed"]} == {"U-01", "U-02", "U-07", "U-08"}
    assert all((row["reported_on"] is not None) == row["is_completed"] for row in found)


def test_every_printed_answer_of_a_contract(published_home: Home) -> None:
    found = rows(published_home, "from contract_review where year = 2023 and board_code = 'KS'")
    assert {(row["contract_code"], str(row["requirement_no"])): row["fulfilled"] for row in found} == {
        (row["contract_code"], row["requirement_no"]): row["fulfilled"] for row in printed("contract_reviews.csv")
    }
    assert {(row["contract_code"], row["contract_name"], row["supplier_name"]) for row in found} == {
        tuple(row.values()) for row in printed("contracts.csv")
    }


@pytest.mark.parametrize(
    ("contract", "requirements", "applicable", "met", "share"),
    [
        ("skolskjuts_taxi", 8, 8, 8, "100"),
        ("lokalvard", 15, 14, 12, "85.7143"),
        ("kostavtal", 28, 25, 21, "84"),
    ],
)
def test_the_share_of_requirements_met(
    published_home: Home, contract: str, requirements: int, applicable: int, met: int, share: str
) -> None:
    found = rows(
        published_home,
        f"from contract_measure where year = 2023 and contract_code = '{contract}' "
        "and measure_code like 'requirements%'",
    )
    assert {row["measure_code"]: row["value"] for row in found} == {
        "requirements": requirements,
        "requirements_applicable": applicable,
        "requirements_met": met,
        "requirements_met_pct": Decimal(share),
    }


def test_deficiencies_that_are_repeated(published_home: Home) -> None:
    found = rows(published_home, "from contract_review where is_repeated_deficiency")
    assert [(row["contract_code"], row["requirement_no"]) for row in found] == [
        *(("kostavtal", 24), ("lokalvard", 1), ("lokalvard", 4))
    ]
    counted = rows(published_home, "from contract_measure where measure_code = 'repeated_deficiencies'")
    assert {row["contract_code"]: row["value"] for row in counted} == {"kostavtal": 1, "lokalvard": 2}


def test_every_printed_measure_of_a_contract(published_home: Home) -> None:
    found = rows(published_home, "from contract_measure where not is_computed")
    keys = ("contract_code", "measure_code", "group_name", "unit")
    assert {(row["year"], *(row[key] for key in keys)): row["value"] for row in found} == {
        (int(row["year"]), *(row[key] for key in keys)): Decimal(row["value"])
        for row in printed("contract_measures.csv")
    }


def test_the_deviations_of_meals_add_up_and_the_emissions_change_as_they_do(published_home: Home) -> None:
    (deviations,) = rows(
        published_home,
        "select sum(value) filter (where group_name <> 'Alla') as parts, sum(value) filter (where group_name = 'Alla') "
        "as whole from contract_measure where measure_code = 'deviations' and year = 2023",
    )
    assert deviations == {"parts": 462, "whole": 462}
    (emission,) = rows(published_home, "from contract_measure where measure_code = 'co2_emission' and year = 2023")
    assert (emission["prior_value"], emission["difference"]) == (Decimal("1.12"), Decimal("-0.03"))
    assert emission["change_pct"] == Decimal("-2.6786")


def test_every_principle_has_an_activity(published_home: Home) -> None:
    found = rows(published_home, "from sustainability_activity where year = 2023 and board_code = 'KS'")
    assert [row["activity_no"] for row in found] == list(range(1, 13))
    assert {row["principle_no"] for row in found} == {1, 2, 3, 4, 5}
    assert len({(row["principle_no"], row["principle_text"]) for row in found}) == 5


def test_nothing_of_the_registers_is_set_aside_or_warned_of(published_home: Home) -> None:
    found = rows(published_home, "from load where source_code = 'followup'")
    assert len(found) == 5
    assert {(row["status"], row["message"] or "") for row in found} == {("loaded", "")}
