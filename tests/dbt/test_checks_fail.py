"""Every data test and every unit test is seen to fail on something it should catch."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
import raw_tables
from broken_rules import CASES, Case, rounds
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
    # statement_check, accepted_values, and a figure that is not there
    "update marts.statement_check set verdict = 'maybe', unknown_figures = 'x' where statement_id = 'S1'",
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


def test_every_grain_can_fail(
    closed: Warehouse,
    dbt: Callable[..., Warehouse],
    dbt_compile: Callable[..., dict[str, str]],
    manifest: Manifest,
    tmp_path: Path,
) -> None:
    """Every row twice: the one test of all grains names every model."""
    path = tmp_path / "twice.duckdb"
    shutil.copy(closed.path, path)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as warehouse")
        connection.execute("use warehouse")
        for table in _tables(connection):
            connection.execute(f"insert into {table} select * from {table}")
    tried = dbt(path, closed.raw, "test", "--select", "grains_hold")
    assert tried.named("fail") == {"grains_hold"}
    named = {message.split(" (")[0] for (message,) in tried.rows(dbt_compile("grains_hold")["grains_hold"])}
    assert named == {key.split(".")[-1] for key in manifest.nodes["test.bokslut.grains_hold"].depends_on.nodes}


@pytest.mark.parametrize("cases", rounds(), ids=lambda cases: f"{len(cases)} models")
def test_every_unit_test_sees_a_broken_rule(
    cases: list[Case],
    green: Warehouse,
    dbt: Callable[..., Warehouse],
    manifest: Manifest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for model, right, wrong, _ in cases:
        node = manifest.nodes[f"model.bokslut.{model}"]
        assert node.raw_code.count(right) >= 1, f"{model} is written otherwise now: {right}"
        monkeypatch.setattr(node, "raw_code", node.raw_code.replace(right, wrong))
    # A unit test makes up what its model reads, so it sees its own model broken and no other.
    tried = dbt(green.path, green.raw, "test", "--select", *(unit_test for *_, unit_test in cases))
    seen = tried.named("fail")
    assert [case for case in cases if case[-1] not in seen] == []


def test_every_unit_test_is_seen_to_fail(manifest: Manifest) -> None:
    assert {unit_test for *_, unit_test in CASES} == {test.name for test in manifest.unit_tests.values()}
