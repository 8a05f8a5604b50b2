"""Investments, their budgets and forecasts, judged against the registers and lines that hold when they come."""

from datetime import date
from decimal import Decimal

import pytest
from arrival_examples import F, P, V, forecast, investment, investment_budget, invests, ledger, organisation, prognosis
from goal_examples import register


def outcome(verdict, name):
    return next(o for o in verdict.outcomes if o.name == name)


def test_an_investment_on_a_known_project_and_its_depreciation_need_no_word():
    example = ledger(P)
    invests()(example)
    assert example.check().messages == ()


@pytest.mark.parametrize(
    ("changes", "rule", "says"),
    [
        ({"project_code": "P9"}, "postings_project_known", "projekt P9 finns inte i projektregistret 2023-04-15"),
        ({"project_code": "P3"}, "postings_project_known", "projekt P3 finns inte i projektregistret 2023-04-15"),
        ({"project_code": None}, "postings_project_given", "investeringskonto 1211 är konterat utan projekt"),
    ],
    ids=["unknown", "expired", "none"],
)
def test_an_investment_outside_the_register_is_loaded_with_a_warning(changes, rule, says):
    example = ledger(P)
    invests(**changes)(example)
    verdict = example.check()
    assert not outcome(verdict, rule).passed
    (text,) = verdict.messages
    assert text.startswith(f"ledger/KS_2023.se rad 41: {says}. Detta är en varning; ")
    assert verdict.rows_loaded == verdict.rows_in


def test_without_a_project_register_investments_are_not_judged():
    example = ledger(P)
    invests(project_code="P9")(example)
    example.knows(projects=None)
    assert example.check().messages == ()


def test_a_project_of_operations_need_not_be_in_the_register():
    example = ledger(P)
    example.rows[P][0]["project_code"] = "30101"
    assert example.check().messages == ()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"project_code": "P9"}, "projekt P9 finns inte i projektregistret"),
        ({"project_code": "P3"}, "projekt P3 gäller ingen dag under 2023"),
        ({"board_code": "SBN"}, "projekt P1 hör inte till nämnd SBN under 2023"),
    ],
)
def test_a_budget_for_a_project_that_is_not_there_sets_the_file_aside(changes, says):
    example = investment_budget()
    example.rows[V][0].update(changes)
    example.knows(max_quarantined_share=0.0)
    verdict = example.check()
    assert verdict.rows_loaded == 0
    assert "Filen är inte inläst" in verdict.rejected_reason
    assert [row["message"].split(". ")[0] for row in verdict.quarantine.to_pylist()] == [
        f"investment_budget/investeringsbudget_2023.csv rad 2: {says}"
    ]


def test_a_budget_of_a_year_in_which_a_project_ended_is_right():
    example = investment_budget()
    example.rows[V].append(investment(6, "P3", "1.00", fiscal_year=2022))
    assert example.check().messages == ()


def test_a_total_that_is_not_the_sum_of_its_lines_is_named_with_both():
    example = forecast()
    example.rows[F][3]["amount_sek"] = Decimal("-70.01")
    verdict = example.check()
    (row,) = verdict.quarantine.to_pylist()
    assert (row["row_no"], row["column_name"], row["row_key"]) == (5, "amount_sek", "08 2023-09-20 ordinary costs")
    assert "costs anges till -70,01 men raderna ger -70,00" in row["message"]


@pytest.mark.parametrize("amount", ["5.00", "0.00"])
def test_a_total_without_any_of_its_lines_is_refused_whatever_it_says(amount):
    example = forecast()
    example.rows[F] = [prognosis(2, "result", amount)]
    verdict = example.check()
    assert not outcome(verdict, "forecast_total_agrees").passed


def test_totals_are_summed_within_board_segment_and_round():
    example = forecast()
    example.rows[F] += [
        prognosis(20, "revenue", "1.00", reported_on=date(2023, 9, 21)),
        prognosis(21, "result", "1.00", reported_on=date(2023, 9, 21)),
        prognosis(22, "revenue", "2.00", board_code="SBN"),
        prognosis(23, "result", "2.00", board_code="SBN"),
    ]
    assert example.check().messages == ()


def test_an_unreadable_line_is_told_once_and_not_as_a_wrong_total():
    example = forecast()
    example.rows[F][1]["amount_sek"] = None
    verdict = example.check()
    assert outcome(verdict, "forecast_total_agrees").passed
    assert set(verdict.quarantine["check_name"].to_pylist()) == {"forecast_amount_present"}


def test_a_round_that_another_file_holds_is_refused_by_name():
    example = forecast()
    example.knows(other_rounds=frozenset({"2023 08 2023-09-20"}), max_quarantined_share=0.0)
    verdict = example.check()
    assert "omgången 08 2023-09-20 finns redan i en annan fil" in verdict.quarantine["message"][0].as_py()
    assert verdict.rejected_reason


def test_forecasts_and_projects_ask_for_no_register_of_units():
    example = forecast()
    example.knows(units=None, projects=None)
    assert example.check().messages == ()


def test_a_register_read_before_predecessors_were_known_is_judged_with_a_warning():
    example = organisation()
    example.dropped = [("organisation__units", "predecessor_codes")]
    verdict = example.check()
    assert verdict.rejected_reason is None
    assert [o.name for o in verdict.outcomes if not o.passed] == ["units_predecessors_known"]


def test_a_register_of_several_sheets_is_whole_with_all_of_them():
    example = register()
    example.rows["goal__targets"][0]["year"] = 23
    assert example.check().rows_loaded == 3
    example.knows(max_quarantined_share=0.0)
    verdict = example.check()
    assert verdict.rows_loaded == 0
    assert "målvärdet för indikator 1.1 gäller år 23" in verdict.quarantine["message"][0].as_py()
    assert "Filen är inte inläst" in verdict.rejected_reason
