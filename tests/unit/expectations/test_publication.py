"""Every rule before publication passes a good mart and sees a bad one; README holds the rules as they are."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import expectations
from expectations.__main__ import MARKER, catalogue
from expectations.loader import load_suites
from expectations.publication import check_mart, suites

STATEMENT = {"board_code": "KS", "segment_code": "ordinary", "fiscal_year": 2023, "line_code": "revenue"}
MONEY = {"budget_sek": Decimal("10.00"), "outcome_sek": Decimal("9.50")}
STAFF = {"board_code": "KS", "year": 2023, "is_suppressed": False}
GOOD = {
    "budget_outcome": STATEMENT | MONEY | {"line_no": 1},
    "budget_outcome_unit": STATEMENT | MONEY | {"unit_code": "11", "unit_name": "Enhet"},
    "budget_outcome_board_month": STATEMENT | {"period": 202301, "budget_full_year_sek": Decimal("10.00")},
    "budget_outcome_month": STATEMENT
    | {"unit_code": "11", "period": 202301, "budget_ytd_sek": Decimal("10.00"), "outcome_ytd_sek": Decimal("9.50")},
    "comparable_change": STATEMENT | MONEY,
    "forecast_accuracy": STATEMENT
    | {
        "forecast_month": 8,
        "reported_on": date(2023, 9, 20),
        "forecast_sek": Decimal("9.00"),
        "accuracy_rank": 1,
    },
    "goal_assessment": {"goal_code": "2", "year": 2023, "occasion_name": "Delårsbokslut", "board_code": "KS"}
    | {"assessment": "Ej uppfyllt", "rule_version": "2023-1", "indicators_met": 0},
    "indicator_outcome": {"indicator_code": "2.1", "year": 2023, "goal_code": "2", "outcome_status": "final"},
    "investment_outcome": MONEY
    | {"board_code": "KS", "fiscal_year": 2023, "level": "project", "node_code": "P1", "node_name": "Markinköp"},
    "ledger_entry": {
        "file_name": "KS_2023.se",
        "row_no": 11,
        "account": "5010",
        "amount_sek": Decimal("1.00"),
        "voucher_date": date(2023, 1, 15),
        "fiscal_year": 2023,
        "period": 202301,
    },
    "load": {
        "load_id": "l1",
        "source_code": "ledger",
        "file_name": "KS_2023.se",
        "sha256": "0" * 64,
        "received_at": datetime(2024, 1, 1, 3),
        "rows_in": 10,
        "rows_loaded": 7,
        "rows_quarantined": 2,
        "rows_duplicate": 1,
        "status": "loaded",
    },
    "disclosure_mask": STAFF | {"dimension": "unit", "group_code": "A"},
    "sick_leave": STAFF | {"employees": 11, "breakdown": "sex", "group_code": "women"},
    "sick_leave_unit": STAFF | {"employees": 11, "unit_code": "A"},
    "staff_statistics": STAFF | {"measure_code": "mean_age", "group_code": "permanent"},
    "staff_statistics_unit": STAFF | {"unit_code": "A", "measure_code": "mean_age", "group_code": "permanent"},
    "work_environment": STAFF | {"kind": "near_miss", "incidents": 0},
    "survey_result": {
        "survey_code": "puls_1",
        "year": 2023,
        "question_code": "f1",
        "group_code": "total",
        "statistic": "share",
        "respondents": 6,
        "answers": 5,
    },
}
#: What breaks a rule, where its name does not say it: ``<mart>_<column>_present`` is a null in that column.
BAD = {
    "budget_outcome_segment_known": {"segment_code": "drift"},
    "budget_outcome_line_known": {"line_code": "intäkter"},
    "budget_outcome_line_no_known": {"line_no": 11},
    "budget_outcome_year_plausible": {"fiscal_year": 23},
    "budget_outcome_outcome_present": {"outcome_sek": None},
    "budget_outcome_budget_present": {"budget_sek": None},
    "budget_outcome_unit_segment_known": {"segment_code": "drift"},
    "budget_outcome_unit_line_known": {"line_code": "intäkter"},
    "budget_outcome_unit_year_plausible": {"fiscal_year": 23},
    "budget_outcome_unit_outcome_present": {"outcome_sek": None},
    "budget_outcome_board_month_segment_known": {"segment_code": "drift"},
    "budget_outcome_board_month_line_known": {"line_code": "intäkter"},
    "budget_outcome_board_month_period_is_a_month": {"period": 202313},
    "budget_outcome_board_month_budget_full_year_present": {"budget_full_year_sek": None},
    "budget_outcome_month_segment_known": {"segment_code": "drift"},
    "budget_outcome_month_line_known": {"line_code": "intäkter"},
    "budget_outcome_month_period_is_a_month": {"period": 202300},
    "budget_outcome_month_period_in_year": {"period": 202401},
    "budget_outcome_month_year_plausible": {"fiscal_year": 23},
    "budget_outcome_month_budget_ytd_present": {"budget_ytd_sek": None},
    "budget_outcome_month_outcome_ytd_present": {"outcome_ytd_sek": None},
    "survey_result_answers_enough": {"answers": 4},
    "survey_result_respondents_enough": {"respondents": 4},
    "survey_result_statistic_known": {"statistic": "median"},
    "survey_result_year_plausible": {"year": 23},
    "disclosure_mask_dimension_known": {"dimension": "enhet"},
    "sick_leave_breakdown_known": {"breakdown": "kön"},
    "sick_leave_group_known": {"group_code": "kvinnor"},
    "staff_statistics_measure_known": {"measure_code": "medelålder"},
    "staff_statistics_group_known": {"group_code": "tillsvidare"},
    "staff_statistics_unit_measure_known": {"measure_code": "overtime_fte"},
    "work_environment_kind_known": {"kind": "tillbud"},
    "work_environment_incidents_counted": {"incidents": -1},
    "sick_leave_employees_enough": {"employees": 10},
    "sick_leave_unit_employees_enough": {"employees": 10},
    **{
        f"{mart}_year_plausible": {"year": 23}
        for mart in (
            "disclosure_mask",
            "sick_leave",
            "sick_leave_unit",
            "staff_statistics",
            "staff_statistics_unit",
            "work_environment",
        )
    },
    "comparable_change_segment_known": {"segment_code": "drift"},
    "comparable_change_line_known": {"line_code": "intäkter"},
    "comparable_change_year_plausible": {"fiscal_year": 23},
    "comparable_change_outcome_present": {"outcome_sek": None},
    "forecast_accuracy_segment_known": {"segment_code": "drift"},
    "forecast_accuracy_line_known": {"line_code": "intäkter"},
    "forecast_accuracy_year_plausible": {"fiscal_year": 23},
    "forecast_accuracy_month_is_a_month": {"forecast_month": 13},
    "forecast_accuracy_forecast_present": {"forecast_sek": None},
    "forecast_accuracy_rank_is_1_to_5": {"accuracy_rank": 6},
    "goal_assessment_assessment_known": {"assessment": "Uppfyllt"},
    "goal_assessment_year_plausible": {"year": 23},
    "goal_assessment_met_not_negative": {"indicators_met": -1},
    "indicator_outcome_status_known": {"outcome_status": "slutlig"},
    "indicator_outcome_year_plausible": {"year": 23},
    "investment_outcome_level_known": {"level": "projekt"},
    "investment_outcome_year_plausible": {"fiscal_year": 23},
    "investment_outcome_budget_present": {"budget_sek": None},
    "investment_outcome_outcome_present": {"outcome_sek": None},
    "ledger_entry_amount_present": {"amount_sek": None},
    "ledger_entry_account_is_digits": {"account": "50"},
    "ledger_entry_period_is_a_month": {"period": 202313},
    "ledger_entry_period_in_year": {"period": 202401},
    "load_sha256_is_a_digest": {"sha256": "abc"},
    "load_status_known": {"status": "ok"},
    "load_no_rows_lost": {"rows_loaded": 6},
}
RULES = [(suite.table, check.name) for suite in load_suites("published") for check in suite.checks]


def mart_of(rows, mart):
    schema = pa.Table.from_pylist([GOOD[mart]]).schema
    schema = pa.schema([(f.name, pa.decimal128(18, 2)) if pa.types.is_decimal(f.type) else f for f in schema])
    return pa.Table.from_pylist(rows, schema=schema)


def outcome(mart, rows, name):
    return next(o for o in check_mart(mart, mart_of(rows, mart)) if o.name == name)


def bad_rows(mart, name):
    good = GOOD[mart]
    if name.endswith("_has_rows"):
        return []
    if name.endswith("_grain_unique"):
        return [good, good]
    if name in BAD:
        return [good | BAD[name]]
    column = name.removeprefix(f"{mart}_").removesuffix("_present")
    assert column in good
    return [good | {column: None}]


@pytest.mark.parametrize("mart", suites())
def test_good_mart_passes(mart):
    assert [o for o in check_mart(mart, mart_of([GOOD[mart]], mart)) if not o.passed] == []


@pytest.mark.parametrize(("mart", "name"), RULES)
def test_rule_sees_its_bad_example(mart, name):
    result = outcome(mart, bad_rows(mart, name), name)
    assert not result.passed
    assert result.error is None


def test_missing_column_of_a_mart_is_a_failure():
    rows = mart_of([GOOD["load"]], "load").drop_columns(["rows_duplicate"])
    failed = {o.name: o.error for o in check_mart("load", rows) if not o.passed}
    assert failed == {"load_no_rows_lost": "kolumnen rows_unaccounted saknas i load"}


def test_readme_holds_the_rules_as_they_are():
    readme = Path(expectations.__file__).with_name("README.md").read_text(encoding="utf-8")
    assert MARKER + readme.split(MARKER)[1] == catalogue(), "run: python -m expectations"


def values(outcomes):
    return [asdict(each) | {"failing_keys": each.failing_keys.to_pylist()} for each in outcomes]


@pytest.mark.parametrize("mart", suites())
def test_every_defect_of_a_mart_is_seen_the_same_in_batches(mart):
    names = [name for of, name in RULES if of == mart and not name.endswith("_has_rows")]
    # Each defect is a row of its own, and the repeated row stands last too: in another batch than the first.
    rows = mart_of([GOOD[mart], *(bad_rows(mart, name)[-1] for name in names), GOOD[mart]], mart)
    whole = check_mart(mart, rows)
    assert {each.name for each in whole if not each.passed} == set(names)
    assert values(check_mart(mart, rows, batch_rows=3)) == values(whole)


ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "row_no": st.integers(1, 4),
            "file_name": st.sampled_from(["a.se", "b.se", None]),
            "account": st.sampled_from(["5010", "50", None]),
            "amount_sek": st.sampled_from([Decimal("1.00"), None]),
            "period": st.sampled_from([202301, 202313, 202401, None]),
        }
    ),
    max_size=9,
)


@settings(max_examples=8, deadline=None)
@given(ENTRIES, st.integers(1, 4))
def test_a_mart_has_the_same_outcomes_whatever_the_batch(entries, batch_rows):
    rows = mart_of([GOOD["ledger_entry"] | entry for entry in entries], "ledger_entry")
    assert values(check_mart("ledger_entry", rows, batch_rows=batch_rows)) == values(check_mart("ledger_entry", rows))
