"""The habits of the project: what every model says of itself, and what SQL may not be written in it."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import raw_tables
from dbt.contracts.graph.manifest import Manifest
from warehouses import PROJECT, Warehouse

# DuckDB and Spark write or mean these differently: what needs them is a macro. Each with an example of it.
NOT_PORTABLE = {
    r"::\s*(varchar|text)\b": "account::text",
    r"\bas varchar\b": "cast(account as varchar)",
    r'"': 'select "account"',
    r"\*\s*(exclude|replace)\b": "select * exclude (account)",
    r"\b(string_agg|listagg|group_concat)\b": "string_agg(account, ',')",
    r"\b(now|current_timestamp|current_date|today)\b": "select now()",
    r"read_parquet|\.parquet": "from read_parquet('x')",
    r"env_var": "env_var('BOKSLUT_RAW')",
    r"//": "amount_sek // 12",
    r"\b(strftime|date_format|dayofweek|date_diff|datediff)\b": "strftime(voucher_date, '%Y')",
}


def _models(manifest: Manifest) -> list[Any]:
    return [node for node in manifest.nodes.values() if node.resource_type == "model"]


def _without_comments(sql: str) -> str:
    return re.sub(r"--.*", "", re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", sql, flags=re.DOTALL))


def test_every_model_begins_with_its_grain_and_has_an_owner(manifest: Manifest) -> None:
    for model in _models(manifest):
        assert model.description.startswith("One row"), model.name
        assert model.config.meta["owner"] in ("ekonomi", "drift", "hr", "kvalitet"), model.name
        assert model.config.meta["dagster"]["group"], model.name


def test_every_grain_is_tested(manifest: Manifest) -> None:
    tested = {
        node.attached_node
        for node in manifest.nodes.values()
        if (metadata := getattr(node, "test_metadata", None)) and metadata.name == "unique_combination"
    }
    together = set(manifest.nodes["test.bokslut.grains_hold"].depends_on.nodes)
    assert not tested & together
    assert {model.unique_id for model in _models(manifest)} == tested | together


def test_every_data_test_has_a_short_name_and_says_what_it_means(manifest: Manifest) -> None:
    for test in (node for node in manifest.nodes.values() if node.resource_type == "test"):
        assert test.description, f"{test.name} has no description"
        assert len(test.name) < 60, test.name


def test_warnings_are_those_of_the_vocabulary(manifest: Manifest) -> None:
    vocabulary = {doc.name.removeprefix("warning__") for doc in manifest.docs.values() if "warning__" in doc.name}
    used = {warning for model in _models(manifest) for warning in model.config.meta.get("warnings", [])}
    assert used == vocabulary


def test_marts_have_contracts(manifest: Manifest) -> None:
    marts = {model.name: model for model in _models(manifest) if model.schema == "marts"}
    assert set(marts) == {
        "assignment",
        "budget_outcome",
        "budget_outcome_unit",
        "budget_outcome_month",
        "budget_outcome_board_month",
        "comparable_change",
        "contract_measure",
        "contract_review",
        "disclosure_mask",
        "figure",
        "forecast_accuracy",
        "goal_assessment",
        "indicator_outcome",
        "indicator_outcome_occasion",
        "indicator_trend",
        "indicator_vintage",
        "internal_control",
        "investment_outcome",
        "ledger_entry",
        "line_component",
        "load",
        "quality_result",
        "release",
        "sick_leave",
        "sick_leave_unit",
        "staff_statistics",
        "staff_statistics_unit",
        "statement_check",
        "survey_result",
        "sustainability_activity",
        "work_environment",
    }
    assert all(model.config.contract.enforced for model in marts.values())


def test_money_is_decimal_in_every_mart(manifest: Manifest) -> None:
    types = {
        column.data_type
        for model in _models(manifest)
        if model.schema == "marts"
        for column in model.columns.values()
        if column.name.endswith("_sek")
    }
    assert types == {"decimal(18,2)"}


def test_every_column_is_described_once_and_everywhere(manifest: Manifest, green: Warehouse) -> None:
    described = {doc.name: doc.block_contents.strip() for doc in manifest.docs.values()}
    documented = {(node.schema, node.name): node for node in manifest.nodes.values() if hasattr(node, "columns")}
    built = green.rows(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where schema_name in ('staging', 'core', 'marts') and database_name = 'warehouse'"
    )
    assert built
    for schema, table, column in built:
        columns = documented[schema, table].columns
        assert column in columns, f"{schema}.{table}.{column} is not in YAML"
        assert columns[column].description == described[column], f"{schema}.{table}.{column}"


def test_personal_columns_stay_in_staging(manifest: Manifest) -> None:
    """What is personal anywhere is tagged wherever it stands, and stands in no table of core or marts."""
    columns = [(model, column) for model in _models(manifest) for column in model.columns.values()]
    tagged = {column.name for _, column in columns if column.config.meta.get("sensitivity") == "personal"}
    assert tagged >= {"person_key", "former_person_key", "employment_key", "birth_year", "age", "respondent_no"}
    for model, column in columns:
        if column.name in tagged:
            assert model.schema == "staging", f"{model.name}.{column.name}"
            assert column.config.meta.get("sensitivity") == "personal", f"{model.name}.{column.name}"


def test_what_tests_say_of_persons_is_a_message(manifest: Manifest) -> None:
    """The rows that fail a test are shown to people: no key of a person may be among them."""
    personal = {
        model.unique_id: {name for name, column in model.columns.items() if "sensitivity" in column.config.meta}
        for model in _models(manifest)
    }
    for node in manifest.nodes.values():
        if (metadata := getattr(node, "test_metadata", None)) and "message" not in metadata.kwargs:
            named = {*metadata.kwargs.get("columns", []), metadata.kwargs.get("column_name")}
            assert not named & personal.get(node.attached_node, set()), node.name


def test_no_column_is_described_that_nothing_has(manifest: Manifest) -> None:
    used = {column for node in manifest.nodes.values() for column in getattr(node, "columns", {})}
    docs = {doc.name for doc in manifest.docs.values() if doc.package_name == "bokslut"}
    assert {name for name in docs if not name.startswith("warning__")} == used


@pytest.mark.parametrize(("pattern", "example"), NOT_PORTABLE.items())
def test_models_are_portable(pattern: str, example: str) -> None:
    assert re.search(pattern, _without_comments(example), re.IGNORECASE)
    for path in [*PROJECT.glob("models/**/*.sql"), *PROJECT.glob("tests/**/*.sql")]:
        found = re.search(pattern, _without_comments(path.read_text(encoding="utf-8")), re.IGNORECASE)
        assert not found, f"{path.relative_to(PROJECT)}: {found and found.group()}"


def _seed(name: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_seeds_agree_with_each_other() -> None:
    lines = {row["line_code"]: row for row in _seed("statement_line")}
    base = {code for code, row in lines.items() if row["is_total"] == "false"}
    assert [row["line_no"] for row in lines.values()] == [str(number) for number in range(1, 11)]
    assert {row["line_code"] for row in _seed("statement_line_map")} | {"municipal_grant"} == base
    components = _seed("statement_line_component")
    assert {row["line_code"] for row in components} == set(lines)
    assert {row["line_code"] for row in components if row["line_code"] == row["component_code"]} == base
    assert {row["component_code"] for row in components} == base
    assert len({tuple(row.values()) for row in components}) == len(components)
    assert {row["spread_rule"] for row in _seed("budget_spread_rule")} <= {"even", "last_year_profile"}


@pytest.mark.parametrize(
    ("seed", "key"),
    [
        ("statement_line_map", "account_prefix"),
        ("budget_spread_rule", "account_prefix"),
        ("goal_rule", None),
        ("investment_account", "account_prefix"),
        ("kommun_bas_account_class", "account_class"),
        ("kommun_bas_account_group", "account_group"),
    ],
)
def test_versions_of_a_seed_do_not_overlap(seed: str, key: str | None) -> None:
    rows = sorted(
        (row[key] if key else "", int(row["valid_from_year"]), int(row["valid_to_year"])) for row in _seed(seed)
    )
    for (earlier, _, ends), (later, begins, _) in pairwise(rows):
        assert earlier != later or ends < begins, later


def test_same_raw_tables_give_the_same_bytes(
    build: Callable[..., Warehouse], green: Warehouse, manifest: Manifest, tmp_path: Path
) -> None:
    tables = raw_tables.municipality()
    shuffled = {name: list(reversed(rows)) for name, rows in tables.items()}
    again = build(shuffled)
    assert again.path != green.path
    for mart in (model.name for model in _models(manifest) if model.schema == "marts" and "closing" not in model.tags):
        digests = {_digest(warehouse, mart, tmp_path) for warehouse in (green, again)}
        assert len(digests) == 1, f"{mart} depends on the order of its raw rows"


def _digest(warehouse: Warehouse, mart: str, folder: Path) -> str:
    file = folder / f"{mart}.parquet"
    warehouse.rows(f"copy marts.{mart} to '{file}' (format parquet)")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_missing_raw_table_is_an_error(dbt: Callable[..., Warehouse], tmp_path: Path) -> None:
    raw_tables.write(tmp_path / "raw", raw_tables.municipality())
    (tmp_path / "raw" / "budget__lines" / "part.parquet").unlink()
    with pytest.raises(Exception, match=r"No files found .*budget__lines"):
        dbt(tmp_path / "warehouse.duckdb", tmp_path / "raw", "build", "--select", "dim_board")
