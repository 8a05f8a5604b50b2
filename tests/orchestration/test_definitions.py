"""What Dagster is told: complete enough that the UI can be read without opening a log."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from dagster import AssetKey, Definitions, build_sensor_context
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from orchestration.definitions import JOB, build_definitions
from orchestration.home import Home
from orchestration.workspace import Workspace


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return build_definitions()


@pytest.fixture(scope="module")
def graph(definitions: Definitions) -> AssetGraph:
    return definitions.resolve_asset_graph()


def test_every_asset_says_who_owns_it_what_it_is_and_where_it_belongs(graph: AssetGraph) -> None:
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.owners, key
        assert node.kinds, key
        assert node.description, key
        assert node.tags.get("layer"), key
        groups = {"mottagning", "staging", "core", "ekonomi", "mal", "personal", "uppfoljning", "rapport"}
        groups |= {"drift", "publicering"}
        assert node.group_name in groups, key


def test_nothing_is_upstream_that_no_step_makes(graph: AssetGraph) -> None:
    assert set(graph.get_all_asset_keys()) == set(graph.materializable_asset_keys)


def test_every_check_says_what_it_checks(graph: AssetGraph) -> None:
    assert len(graph.asset_check_keys) > 100
    for key in graph.asset_check_keys:
        spec = graph.get_check_spec(key)
        assert spec.description, key


def test_what_stops_the_night_is_blocking(graph: AssetGraph) -> None:
    blocking = {key.name for key in graph.asset_check_keys if graph.get_check_spec(key).blocking}
    assert blocking >= {"ledger_stands", "budget_stands", "organisation_stands", "may_be_published"}


def test_the_job_takes_every_asset_and_runs_at_night_swedish_time(definitions: Definitions, graph: AssetGraph) -> None:
    job = definitions.resolve_job_def(JOB)
    assert set(job.asset_layer.executable_asset_keys) == set(graph.materializable_asset_keys)
    schedule = definitions.resolve_schedule_def("nightly_at_0315")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("15 3 * * *", "Europe/Stockholm")


@pytest.mark.parametrize("key", ["deliveries", "release"])
def test_the_ends_of_the_way_have_a_freshness_policy(graph: AssetGraph, key: str) -> None:
    assert graph.get(AssetKey(key)).freshness_policy is not None


def test_the_raw_tables_show_their_columns_before_anything_has_run(graph: AssetGraph) -> None:
    schema = graph.get(AssetKey(["raw", "ledger__postings"])).metadata["dagster/column_schema"]
    assert [column.name for column in schema.columns][:3] == ["load_id", "row_no", "kind"]


def test_the_sensor_waits_until_files_lie_still(definitions: Definitions, empty_home: Home) -> None:
    sensor = definitions.resolve_sensor_def("inbox_sensor")
    resources = {"workspace": Workspace(home_path=str(empty_home.root))}

    def look(cursor: str | None) -> tuple[int, str | None]:
        with build_sensor_context(cursor=cursor, resources=resources) as context:
            found = sensor.evaluate_tick(context)
            return len(found.run_requests or []), found.cursor

    runs, cursor = look(None)
    assert runs == 0
    (empty_home.inbox / "KS_2023.se").write_bytes(b"half")
    runs, cursor = look(cursor)
    assert runs == 0
    (empty_home.inbox / "KS_2023.se").write_bytes(b"half and whole")
    runs, cursor = look(cursor)
    assert runs == 0
    runs, cursor = look(cursor)
    assert runs == 1


def test_sources_and_expectations_never_load_dagster() -> None:
    modules = ["sources.registry", "sources.ledger", "sources.budget", "sources.organisation", "sources.example"]
    code = (
        f"import importlib, sys\nfor name in {[*modules, 'expectations.arrival', 'expectations.loader']!r}:\n"
        "    importlib.import_module(name)\n"
        "sys.exit(any(name == 'dagster' or name == 'great_expectations' for name in sys.modules))"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, env=dict(os.environ), check=False).returncode == 0


def test_lint_refuses_dagster_in_sources(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    bad = "from dagster import asset\n\n__all__ = ['asset']\n"
    done = subprocess.run(
        [str(Path(sys.executable).with_name("ruff")), "check", "--stdin-filename", "sources/ledger/bad.py", "-"],
        cwd=root,
        input=bad,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "TID251" in done.stdout
