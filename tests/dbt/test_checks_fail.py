"""Every data test and every unit test is seen to fail on something it should catch."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
import raw_tables
from broken_goal_rules import BROKEN
from dbt.contracts.graph.manifest import Manifest
from warehouses import Warehouse

TESTS_ONLY = ("--exclude-resource-type", "unit_test")

# Built tables are spoiled in place, since only the tests run: the comments tell which tests each is for.
SPOIL = [
    # dim_org_unit, no_overlap, relationships, not_null_columns
    "update core.dim_org_unit set valid_to = date '9999-12-31' where unit_code = '20'",
    "update core.dim_org_unit set board_code = 'XX', segment_code = 'xx', unit_path = null where unit_code = '30'",
    # dim_account, is_base_line
    "update core.dim_account set line_code = 'costs' where account = '6010'",
    # fct_ledger, sums_agree, vouchers_balance, ledger_matches_balances, and every total_matches_ledger
    "update core.fct_ledger set amount_sek = amount_sek + 0.01 where account = '5010'",
    "update core.fct_ledger set period = 202313, voucher_date = null where account = '6010'",
    "update core.fct_ledger set board_code = null where unit_code = '30'",
    "update core.fct_ledger set line_code = null where unit_code = '20' and fiscal_year = 2023",
    # fct_budget, the same, and a board without budget, a budget without ledger
    "update core.fct_budget set account = null, board_code = null where unit_code = '30'",
    "update core.fct_budget set budget_version = 'x', line_code = null where unit_code = '20' and fiscal_year = 2022",
    "update core.fct_budget set fiscal_year = 2030 where unit_code = '10' and fiscal_year = 2023",
    # budget_outcome, has_all_lines, totals_match_components, differences, sums_agree with the budget
    "delete from marts.budget_outcome where board_code = 'SBN' and line_code = 'rent'",
    "update marts.budget_outcome set outcome_sek = outcome_sek + 1 where line_code = 'result'",
    "update marts.budget_outcome set budget_sek = budget_sek + 1 where line_code = 'rent'",
    # budget_outcome_unit, the same, and sums_agree with budget_outcome
    "delete from marts.budget_outcome_unit where unit_code = '20' and line_code = 'rent'",
    "update marts.budget_outcome_unit set outcome_sek = outcome_sek + 2 where line_code = 'rent'",
    # budget_outcome_month, the same, and sums_agree with the year
    "delete from marts.budget_outcome_month where unit_code = '20' and line_code = 'rent' and period = 202306",
    "update marts.budget_outcome_month set outcome_sek = outcome_sek + 4, outcome_ytd_sek = outcome_ytd_sek + 4",
    "update marts.budget_outcome_month set period = 202400 where period = 202312 and line_code = 'other'",
    # budget_outcome_board_month, differences, sums_agree with the year
    "update marts.budget_outcome_board_month set forecast_full_year_sek = 0, budget_full_year_sek = budget_ytd_sek + 1",
    # comparable_change, differences, totals_match_components
    "update marts.comparable_change set outcome_sek = outcome_sek + 1 where line_code = 'costs'",
    # dim_project, a node in a ring; its parent of another board; postings and budget without a project
    "update core.dim_project set node_path = null where node_code = 'P2'",
    "update core.dim_account set is_investment = true where account = '1930'",
    "update core.fct_ledger set project_code = 'P2' where project_code = 'P1' and fiscal_year = 2022",
    "update core.fct_investment_budget set node_code = null where node_code = 'P2'",
    # investment_outcome, tree_adds_up, differences
    "update marts.investment_outcome set outcome_sek = outcome_sek + 1 where node_code = 'C1S'",
    # fct_forecast, a total that is not that of the file
    "update core.fct_forecast set forecast_sek = forecast_sek + 1 where line_code = 'result'",
    # forecast_accuracy, has_all_lines, totals_match_components, differences
    "delete from marts.forecast_accuracy where forecast_month = 4 and line_code = 'rent'",
    "update marts.forecast_accuracy set forecast_sek = forecast_sek + 1 where line_code = 'result'",
    # dim_indicator, not_null_columns; another source with another final value
    "update core.dim_indicator set unit = null where indicator_code = 'B1'",
    "insert into core.fct_indicator_value select * replace ('Insikt' as source_name, value + 1 as value) "
    "from core.fct_indicator_value where indicator_code = 'A1' and year = 2022",
    # marts of goals, accepted_values, differences
    "update marts.indicator_vintage set status = 'lost' where year = 2022",
    "update marts.indicator_outcome set outcome_status = 'lost' where year = 2022",
    "update marts.indicator_trend set change_value = 99",
    "update marts.goal_assessment set assessment = 'Bra'",
    # ledger_entry, sums_agree with the ledger
    "update marts.ledger_entry set amount_sek = 0 where account = '3010'",
    # fct_sick_leave, sums_agree with the months; marts, a reason without suppression
    "update core.fct_sick_leave set ordinary_hours = ordinary_hours + 1 where unit_code = '10'",
    *(
        f"update marts.{mart} set suppression_reason = case when not is_suppressed then 'x' end"
        for mart in ("sick_leave", "sick_leave_unit", "staff_statistics", "staff_statistics_unit")
    ),
    # survey_result, suppressed_is_empty
    "update marts.survey_result set value = 1 where is_suppressed",
    # load, accepted_values, accepted_range, rows that add up
    "update marts.load set rows_in = rows_in + 1 where source_code = 'budget'",
    "update marts.load set status = 'lost', rows_quarantined = -1 where source_code = 'ledger'",
]

EMPTY = ["core.dim_board", "core.dim_period", "core.fct_ledger", "marts.budget_outcome"]


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        f"{schema}.{table}"
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name in ('staging', 'core', 'marts')"
        ).fetchall()
    ]


@pytest.fixture(scope="module")
def closed(green: Warehouse, dbt: Callable[..., Warehouse], tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The municipality with the closing models, its raw rows and all its tables' rows there twice."""
    folder = tmp_path_factory.mktemp("closed")
    tables = raw_tables.municipality()
    tables["checks__results"] = [{"run_id": "r", "check_name": "c", "severity": "error", "passed": True}]
    tables["releases__release"] = [{"release_id": "1", "run_id": "r", "checks_passed": 1, "checks_warned": 0}]
    tables["releases__release"][0]["published_at"] = tables["deliveries__load"][0]["received_at"]
    tables["ledger__period_amounts"] = [{"load_id": "led23", "row_no": 1, "kind": "PSALDO", "fiscal_year": 2023}]
    tables["ledger__dimension_values"] = [{"load_id": "led23", "row_no": 1, "fiscal_year": 2023}]
    tables["ledger__issues"] = [{"load_id": "led23", "row_no": 1, "label": "#VER", "reason": "Trasig rad."}]
    raw_tables.write(folder / "raw", tables)
    shutil.copy(green.path, folder / "warehouse.duckdb")
    closing = dbt(folder / "warehouse.duckdb", folder / "raw", "build", "--select", "tag:closing")
    assert closing.named("success", "pass") == set(closing.statuses)
    # What staging alone can show: a node without its parent, a forecast for a line that does not exist.
    tables["project__nodes"].append(raw_tables.node(9, "P9", "project", "nowhere"))
    tables["forecast__lines"].append(raw_tables.forecast_line("fc04", 9, date(2023, 5, 20), 4, "lunch", "1.00"))
    tables["hr__employments"][0]["unit_code"] = "99"
    raw_tables.write(folder / "raw", {name: [*rows, *rows] for name, rows in tables.items()})
    return closing


def test_every_data_test_can_fail(
    closed: Warehouse, dbt: Callable[..., Warehouse], manifest: Manifest, tmp_path: Path
) -> None:
    failed: set[str] = set()
    for name, spoil in (("spoiled", SPOIL), ("empty", [f"delete from {table}" for table in EMPTY])):
        path = tmp_path / f"{name}.duckdb"
        shutil.copy(closed.path, path)
        with duckdb.connect() as connection:
            connection.execute(f"attach '{path}' as warehouse")
            connection.execute("use warehouse")
            for table in _tables(connection):
                connection.execute(f"insert into {table} select * from {table}")
            for statement in spoil:
                connection.execute(statement)
        failed |= dbt(path, closed.raw, "test", *TESTS_ONLY).named("fail", "warn")
    assert failed == {node.name for node in manifest.nodes.values() if node.resource_type == "test"}


@pytest.mark.parametrize(
    ("model", "right", "wrong", "unit_test"),
    [
        ("dim_account", "length(map.account_prefix) desc", "length(map.account_prefix) asc", "line_of_account"),
        ("dim_account", "configured.line_code, mapped.line_code", "mapped.line_code, null", "line_of_account"),
        ("dim_account", "and map.valid_to_year", "and 9999", "line_of_account_by_year"),
        ("dim_org_unit", "and child.valid_from between parent.valid_from and parent.valid_to", "", "path_of_unit"),
        ("fct_ledger", "cast(-owned.amount_sek", "cast(owned.amount_sek", "owner_and_sign_of_posting"),
        ("fct_ledger", "between units.valid_from and units.valid_to", "is not null", "owner_and_sign_of_posting"),
        ("fct_ledger", "on postings.unit_code is null", "on true", "owner_and_sign_of_posting"),
        ("fct_ledger", "where is_counted", "", "owner_and_sign_of_posting"),
        ("dim_account", "length(prefixes.account_prefix) desc", "length(prefixes.account_prefix)", "line_of_account"),
        ("dim_org_unit_year", "order by units.valid_from desc", "order by units.valid_from", "name_of_unit_in_year"),
        ("dim_org_unit_year", "bool_and(starts_on <= existed_to + 1)", "true", "comparable_units"),
        ("dim_org_unit_year", "and max(ends_on) = max(compared_to)", "", "comparable_units"),
        ("dim_org_unit_year", "and min(board_code) = max(board_code)", "", "comparable_units"),
        ("dim_org_unit_year", "and min(segment_code) = max(segment_code)", "", "comparable_units"),
        ("dim_org_unit_year", "successors.valid_from > years.compared_from", "true", "comparable_reorganisation"),
        ("dim_org_unit_year", "closed_on >= years.compared_from", "closed_on is null", "comparable_reorganisation"),
        ("dim_org_unit_year", "from linked_4", "from links", "comparable_reorganisation"),
        ("dim_org_unit_year", "instr(',' ||", "instr(", "comparable_reorganisation"),
        ("fct_budget", "when month_no = 12 then", "when month_no = 13 then", "spread_of_whole_year_budget"),
        ("fct_budget", "whole_part('line_ore', 12)", "whole_part('line_ore', 6)", "spread_of_whole_year_budget"),
        ("fct_budget", "max(profiles.year_ore) over", "max(profiles.month_ore) over", "spread_as_the_year_before"),
        ("fct_budget", "(rules.account_prefix) desc", "(rules.account_prefix) asc", "spread_as_the_year_before"),
        ("fct_budget", "fiscal_year + 1 as fiscal_year", "fiscal_year + 2 as fiscal_year", "spread_as_the_year_before"),
        ("fct_budget", "order by owned.month_period)", "order by -owned.month_period)", "spread_as_the_year_before"),
        ("fct_budget", "units.valid_from end asc", "units.valid_from end desc", "spread_of_whole_year_budget"),
        ("fct_budget", "when 'revised' then 1 when 'original' then 2", "when 'revised' then 1", "version_of_budget"),
        ("fct_budget", "over (partition by board_code, fiscal_year)", "over ()", "version_of_budget"),
        ("fct_budget", "where period_amount_kind = 'PBUDGET'", "", "version_of_budget"),
        ("fct_budget", "- coalesce(sum(amount_sek) filter (where unit_code is not null), 0)", "", "budget_in_ledger"),
        ("fct_budget", "when count(unit_code) = 0 then", "when true then", "budget_in_ledger"),
        ("fct_statement", "= components.component_code", "= components.line_code", "totals_of_statement"),
        ("fct_statement", "when periods.has_prior_ledger then", "when true then", "year_before_as_it_was"),
        ("fct_statement", "fiscal_year + 1 as fiscal_year", "fiscal_year", "year_before_as_it_was"),
        ("fct_forecast", "loads.received_at desc", "loads.received_at asc", "rounds_of_forecast"),
        ("fct_forecast", "components.line_code,", "components.component_code as line_code,", "rounds_of_forecast"),
        ("fct_ledger_forecast", "cast(-sum(", "cast(sum(", "forecast_in_the_ledger"),
        ("fct_ledger_forecast", "told.board_code is null", "true", "forecast_in_the_ledger"),
        ("dim_project", "in_year.sort_no nulls last", "in_year.row_no", "tree_of_projects"),
        ("dim_project", "nodes.valid_from desc,", "nodes.valid_from,", "tree_of_projects"),
        ("dim_project", "when nodes.valid_from > years.ends_on then 3", "", "tree_of_projects"),
        ("dim_project", "then nodes.valid_from end asc", "then nodes.valid_from end desc", "tree_of_projects"),
        ("bridge_project_ancestor", "ancestry.distance + 1", "ancestry.distance", "ancestors_of_project"),
        ("fct_investment", "and accounts.is_investment", "", "postings_that_are_investments"),
        ("fct_investment", "projects.board_code", "ledger.board_code", "postings_that_are_investments"),
        ("fct_investment_budget", "budget_version <> 'original'", "true", "version_of_investment_budget"),
        ("fct_investment_budget", "(partition by owner_board_code, fiscal_year)", "()", "version_of_investment_budget"),
        ("investment_outcome", "where parent_code is null", "", "totals_of_the_tree"),
        ("investment_outcome", "where is_valid", "", "totals_of_the_tree"),
        ("investment_outcome", "coalesce(nodes.parent_code, 'total')", "nodes.parent_code", "totals_of_the_tree"),
        ("investment_outcome", "tree.sort_path nulls last", "tree.sort_path desc", "totals_of_the_tree"),
        ("investment_outcome", "filled.budget_sek - filled.outcome_sek", "filled.outcome_sek", "totals_of_the_tree"),
        *BROKEN,
        ("hr_terms", "coalesce(renumbered.person_key, terms.person_key)", "terms.person_key", "terms_in_boards"),
        ("hr_terms", "        units.valid_to\n    ) as", "        date '9999-12-31'\n    ) as", "terms_in_boards"),
        ("hr_month", "13 as days_after", "14 as days_after", "day_bands_of_spell"),
        ("hr_month", "58 as days_after", "57 as days_after", "day_bands_of_spell"),
        ("hr_month", ">= 59 as is_long", ">= 60 as is_long", "day_bands_of_spell"),
        ("hr_month", "where cause = 'sick_leave'", "", "day_bands_of_spell"),
        ("hr_month", "min(absent_from) over", "min(counted_from) over", "spell_over_new_year"),
        ("hr_month", ", make_date(fiscal_year, 12, 31)) as counted_to", ") as counted_to", "spell_over_new_year"),
        ("hr_month", "                ) + 1\n", "                )\n", "spell_over_new_year"),
        ("hr_month", "* extent_pct", "* 100", "extent_of_spell"),
        ("hr_month", "max(counted_to) over (\n", "lag(counted_to) over (\n", "extent_of_spell"),
        ("hr_month", "hours.ends_on) desc, terms.active_from desc", "hours.ends_on) asc", "unit_of_month"),
        ("hr_month", "max(terms.employed_to) over", "max(date '9999-12-31') over", "unit_of_month"),
        ("hr_person_year", "absences.extent_pct = 100", "true", "staff_at_end_of_year"),
        ("hr_person_year", "absences.cause in ('parental_leave', 'leave_of_absence')", "true", "staff_at_end_of_year"),
        ("hr_person_year", "<> 'pension'", "<> 'x'", "leavers_of_year"),
        ("hr_person_year", "and again.employment_form = 'permanent'", "", "leavers_of_year"),
        ("hr_person_year", "order by terms.active_to desc", "order by terms.active_to asc", "leavers_of_year"),
        ("fct_staff", "bool_or(left_board) as has_left", "bool_or(left_unit) as has_left", "measures_of_staff"),
        ("fct_staff", "then summed.permanent_terms", "then summed.permanent_employees", "measures_of_staff"),
        ("disclosure_group", "greatest(staff.min_group_size, 10)", "staff.min_group_size", "sizes_of_groups"),
        ("disclosure_group", "limited.largest_hours * 6", "limited.largest_hours", "sizes_of_groups"),
        ("disclosure_group", "employees asc, group_code", "group_code", "sizes_of_groups"),
        ("disclosure_group", "and all_permanents > most_permanents", "", "sizes_of_groups"),
        ("disclosure_group", "limited.permanents between 1", "false and 0 between 1", "permanents_of_units"),
        ("disclosure_group", "limited.starters between 1", "false and 0 between 1", "permanents_of_units"),
        ("disclosure_mask", "(candidates.is_enough and ", "(", "groups_that_hide"),
        ("disclosure_mask", "when candidates.is_harmless or ", "when ", "groups_that_hide"),
        ("disclosure_mask", "between sum(ordinary_hours)", "between 0", "groups_that_hide"),
        ("disclosure_mask", "boards.is_small\n        or ", "", "groups_that_hide"),
        ("disclosure_mask", "from {{ ref('stg_releases__mask') }}", "from sized where false", "groups_that_hide"),
        ("disclosure_mask", "room_hours * 100 >= ordinary_hours", "true", "groups_across_tables"),
        ("disclosure_mask", "(sized.dimension = 'unit' and steps.without_units)", "false", "groups_across_tables"),
        ("disclosure_mask", "min(possible_steps.step), 0", "max(possible_steps.step), 0", "groups_across_tables"),
        (
            "sick_leave",
            "case when not mask.is_suppressed then sizes.employees",
            "case when true then 1",
            "sick_leave_shown",
        ),
        ("sick_leave", "'this_year.shown_pct - year_before.shown_pct'", "'this_year.shown_pct'", "sick_leave_shown"),
        ("sick_leave", "share('long_sick_hours * 100', 'sick_hours')", "share('0', '1')", "sick_leave_shown"),
        ("sick_leave_unit", "when not mask.is_suppressed then sizes", "when true then sizes", "sick_leave_of_units"),
        ("staff_statistics", "or staff.group_size between", "or 0 between", "staff_shown"),
        ("staff_statistics", "        measures.is_personal\n        and ", "", "staff_shown"),
        (
            "staff_statistics_unit",
            "and not hidden_left_pct between",
            "and hidden_left_pct not between 0 and",
            "staff_of_units",
        ),
        (
            "work_environment",
            "and incidents.happened_on between units.valid_from and units.valid_to",
            "",
            "incidents_of_boards",
        ),
        ("work_environment", "union -- one row", "except -- one row", "incidents_of_boards"),
        ("forecast_accuracy", "order by judged.relative_error asc", "order by judged.line_code", "rank_of_forecasts"),
        ("forecast_accuracy", "and compared.outcome_sek <> 0", "", "rank_of_forecasts"),
        ("forecast_accuracy", "judged.reported_on,", "", "rank_of_forecasts"),
        ("forecast_accuracy", "when years.has_ledger then", "when true then", "rank_of_forecasts"),
        ("budget_outcome_board_month", "forecasts.reported_on desc", "forecasts.reported_on", "running_forecast"),
        ("budget_outcome_board_month", "<= periods.ends_on", "is not null", "running_forecast"),
        ("comparable_change", "then 1 else 0", "then 1 else 1", "change_of_comparable_units"),
        ("comparable_change", "statement.unit_code is null or", "", "change_of_comparable_units"),
        ("comparable_change", "where not unit_years.is_comparable", "", "change_of_comparable_units"),
        ("budget_outcome_month", "unbounded preceding", "current row", "sum_to_date"),
        ("budget_outcome_unit", "and summed.fiscal_year = unit_years.fiscal_year", "", "name_of_unit"),
        (
            "fct_survey_group",
            "case when questions.load_id = answered.load_id then 1 else 2 end asc",
            "1",
            "groups_of_a_survey",
        ),
        (
            "fct_survey_group",
            "questions.round_no asc nulls last",
            "questions.round_no asc nulls first",
            "groups_of_a_survey",
        ),
        (
            "fct_survey_group",
            "questions.round_no is null or questions.round_no = answered.round_no",
            "true",
            "groups_of_a_survey",
        ),
        (
            "fct_survey_group",
            "greatest(coalesce(questions.min_answers, 0), staff.min_survey_answers)",
            "coalesce(questions.min_answers, 5)",
            "groups_of_a_survey",
        ),
        ("fct_survey_group", ">= asked.favourable_from", "> asked.favourable_from", "groups_of_a_survey"),
        ("fct_survey_group", "and not answers.is_no_opinion", "", "groups_of_a_survey"),
        (
            "fct_survey_group",
            "(partition by members.load_id) > 2",
            "(partition by members.load_id) > 1",
            "groups_of_a_survey",
        ),
        ("fct_survey_group", "order by units.valid_from desc", "order by units.valid_from", "groups_of_a_survey"),
        ("fct_survey_group", "days.measured_on >= units.valid_from", "true", "groups_of_a_survey"),
        ("survey_result", "(mean - unit_origin)", "mean", "shares_means_and_indices"),
        (
            "survey_result",
            "when 'share' then 1 else effective_no",
            "when 'x' then 1 else effective_no",
            "shares_means_and_indices",
        ),
        ("survey_result", "/ effective_no\n", "/ answers\n", "shares_means_and_indices"),
        (
            "survey_result",
            "cast(100 as double) / (judged.scale_max - judged.scale_min)",
            "100",
            "shares_means_and_indices",
        ),
        ("survey_result", "when 0 then round(", "when 9 then round(", "shares_means_and_indices"),
        (
            "survey_result",
            "case when computed.group_code = 'total' then boards.board_code end",
            "null",
            "shares_means_and_indices",
        ),
        (
            "survey_result",
            "{{ too_few('answers', 'effective_answers', 'lowest_score', 'highest_score') }}",
            "answers < min_answers",
            "groups_that_are_not_shown",
        ),
        (
            "survey_result",
            "and not {{ too_few('hidden_answers', 'hidden_effective', 'hidden_lowest', 'hidden_highest') }}",
            "",
            "groups_that_are_not_shown",
        ),
        ("survey_result", "'hidden_lowest', 'hidden_highest'", "0, 1", "groups_that_are_not_shown"),
        (
            "survey_result",
            "'hidden_answers', 'hidden_effective'",
            "'hidden_answers', 'hidden_answers'",
            "groups_that_are_not_shown",
        ),
        ("survey_result", "hiding_no >= few_groups", "answers > 0", "groups_that_are_not_shown"),
        ("survey_result", "few_with_answers > 0 and hiding_no", "hiding_no", "groups_that_are_not_shown"),
        ("survey_result", "coalesce(enough_no, hiding_no)", "enough_no", "groups_that_are_not_shown"),
        (
            "survey_result",
            "judged.is_few or uncovered.survey_code is not null",
            "uncovered.survey_code is not null",
            "groups_that_are_not_shown",
        ),
        ("survey_result", "answers asc, group_code asc", "answers desc, group_code asc", "groups_that_are_not_shown"),
        (
            "survey_result",
            "judged.is_few or uncovered.survey_code is not null",
            "judged.is_few",
            "groups_that_are_not_shown",
        ),
        ("survey_result", "and hidden_groups >= 2", "", "groups_that_are_not_shown"),
        (
            "survey_result",
            "or (measured.group_code <> 'total' and earlier.group_code is not null)",
            "",
            "groups_that_are_not_shown",
        ),
        ("survey_result", "measured.group_code <> 'total' and earlier", "earlier", "groups_that_are_not_shown"),
        ("survey_result", "and measured.year = earlier.year", "", "groups_that_are_not_shown"),
    ],
)
def test_every_unit_test_sees_a_broken_rule(
    model: str,
    right: str,
    wrong: str,
    unit_test: str,
    green: Warehouse,
    dbt: Callable[..., Warehouse],
    manifest: Manifest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    node = manifest.nodes[f"model.bokslut.{model}"]
    assert node.raw_code.count(right) >= 1, "the rule is written otherwise now"
    monkeypatch.setattr(node, "raw_code", node.raw_code.replace(right, wrong))
    broken = dbt(green.path, green.raw, "test", "--select", unit_test)
    assert broken.named("fail") == {unit_test}


def test_every_unit_test_is_seen_to_fail(manifest: Manifest) -> None:
    (mark,) = test_every_unit_test_sees_a_broken_rule.pytestmark  # type: ignore[attr-defined]
    assert {case[-1] for case in mark.args[1]} == {test.name for test in manifest.unit_tests.values()}
