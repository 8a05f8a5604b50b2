"""Kolada and the night: fetched before the inbox is taken, and never in the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from dagster import AssetKey, DagsterInstance, ExecuteInProcessResult, materialize

from orchestration.assets.fetched import kolada as kolada_step
from orchestration.assets.raw import raw_assets
from orchestration.definitions import build_definitions
from orchestration.home import Home
from orchestration.loading.arrival import judge_deliveries
from orchestration.loading.intake import take_inbox
from orchestration.loading.kolada import failure_of, fetch_kolada, last_from_kolada
from orchestration.loading.reading import read_deliveries
from orchestration.loading.snapshot import freeze
from orchestration.loading.vintages import source_ages
from orchestration.settings import Settings, load_settings
from orchestration.workspace import Workspace
from sources.register import Delivery, Register
from sources.registry import source_by_code
from tests.kolada_server import Kolada, serving, small_kolada

INSIKT = "Område;År;NKI;Antal svar\nTotalt;2022;72;110\nTotalt;2023;(73);120\n"


@pytest.fixture
def kolada() -> Iterator[Kolada]:
    with serving(small_kolada(page_rows=50)) as server:
        yield server


@pytest.fixture
def settings(kolada: Kolada, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return configured(kolada.url, tmp_path, monkeypatch)


def configured(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, max_seconds: float = 60) -> Settings:
    file = folder / "bokslut.toml"
    file.write_text(
        f'[kolada]\nkpis = ["U07453", "N00671"]\nfirst_year = 2021\nurl = "{url}"\nmax_seconds = {max_seconds}\n'
        '[comparison]\nmunicipalities = ["1489", "0180"]\ngroup = "G1"\n[inbox]\nsettle_seconds = 0\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("BOKSLUT_CONFIG", str(file))
    return load_settings()


def night(home: Home, settings: Settings, run_id: str) -> list[Delivery]:
    """Take, read and judge what lies in the inbox; return every delivery."""
    source = source_by_code("indicator")
    with Register(home.register) as register:
        take_inbox(home, settings, register, run_id)
        read_deliveries(home, settings, register, source)
        judge_deliveries(home, settings, register, source, run_id)
        freeze(home, settings, register, run_id)
        return register.deliveries()


def fetched_in_dagster(home: Home) -> ExecuteInProcessResult:
    result = materialize(
        [kolada_step],
        resources={"workspace": Workspace(home_path=str(home.root))},
        instance=DagsterInstance.ephemeral(),
    )
    assert result.success
    return result


def test_a_step_is_there_only_where_something_is_to_be_fetched(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = build_definitions().resolve_asset_graph()
    assert graph.get(AssetKey("deliveries")).parent_keys == {AssetKey("kolada")}
    monkeypatch.delenv("BOKSLUT_CONFIG")
    graph = build_definitions().resolve_asset_graph()
    assert AssetKey("kolada") not in graph.get_all_asset_keys()
    assert graph.get(AssetKey("deliveries")).parent_keys == set()


def test_what_is_fetched_is_delivered_judged_and_compared(settings: Settings, empty_home: Home) -> None:
    day = date(2024, 1, 15)
    fetched = fetch_kolada(empty_home, settings, day, lambda _: None)
    found = night(empty_home, settings, "1")

    assert {file.name for file in fetched.files} == {delivery.file_name for delivery in found}
    assert {(delivery.status, delivery.message) for delivery in found} == {("loaded", "")}
    compared = pyarrow_rows(empty_home.builds / "1" / "raw" / "settings__comparison" / "run.parquet")
    assert [row["municipality_code"] for row in compared] == ["0180", "1440", "1489"]


def pyarrow_rows(path: Path) -> list[dict[str, object]]:
    import pyarrow.parquet as pq

    rows: list[dict[str, object]] = pq.read_table(path).to_pylist()
    return rows


def test_each_vintage_holds_beside_the_others_and_the_same_day_replaces_itself(
    settings: Settings, kolada: Kolada, empty_home: Home
) -> None:
    for day, value in ((date(2024, 1, 15), 61.0), (date(2024, 2, 15), 62.0), (date(2024, 2, 15), 63.0)):
        kolada.values["U07453", "1489", 2023, "T"] = value
        fetch_kolada(empty_home, settings, day, lambda _: None)
        found = night(empty_home, settings, str(value))

    assert sorted(delivery.status for delivery in found) == ["loaded"] * 5 + ["superseded"]
    with Register(empty_home.register) as register:
        current = register.current()
        assert sum(key[2].startswith("Kolada 2024-02-15") for key in current) == 1


def test_the_age_of_each_institutes_values_is_told(settings: Settings, empty_home: Home) -> None:
    fetch_kolada(empty_home, settings, date(2024, 1, 15), lambda _: None)
    (empty_home.inbox / "insikt_2024-01-10.csv").write_text(INSIKT, encoding="utf-8")
    found = night(empty_home, settings, "1")

    kolada, insikt = sorted(source_ages(empty_home, found), key=lambda age: age.source_name, reverse=True)
    told = replace(insikt, received_on=date(2024, 1, 11)).told(date(2024, 1, 20))
    assert told == "2 värden för 2022–2023, senast rapporterade 2024-01-10 (för 10 dagar sedan), mottagna 2024-01-11"
    assert (kolada.source_name, kolada.last_year, kolada.values) == ("Kolada", 2023, 17)


def test_the_raw_table_says_how_old_each_source_is(settings: Settings, empty_home: Home) -> None:
    fetch_kolada(empty_home, settings, date(2024, 1, 15), lambda _: None)
    (empty_home.inbox / "insikt_2024-01-10.csv").write_text(INSIKT, encoding="utf-8")
    with Register(empty_home.register) as register:
        take_inbox(empty_home, settings, register, "1")
    workspace = Workspace(home_path=str(empty_home.root))
    step = raw_assets(source_by_code("indicator"))

    result = materialize([step], resources={"workspace": workspace}, instance=DagsterInstance.ephemeral())

    (made,) = result.asset_materializations_for_node("read_indicator")[:1]
    told = {name: str(value.value) for name, value in made.metadata.items()}
    assert told["källa: Insikt"].startswith("2 värden för 2022–2023, senast rapporterade 2024-01-10 (för ")
    assert told["källa: Kolada"].startswith("17 värden för 2021–2023, senast rapporterade 2024-01-15 (för ")
    assert told["hämtning"].startswith("Kolada hämtades senast 2024-01-15, för ")


def test_a_night_without_network_is_warned_and_goes_on(
    settings: Settings, empty_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fetched_in_dagster(empty_home).get_asset_check_evaluations()[0].passed
    configured("http://127.0.0.1:1/v3", tmp_path, monkeypatch, max_seconds=1)

    check = fetched_in_dagster(empty_home).get_asset_check_evaluations()[0]

    assert (check.passed, check.severity.value) == (False, "WARN")
    said = str(check.metadata["meddelanden"].value)
    assert said.startswith("Kolada: ")
    assert "hämtades senast" in said
    assert failure_of(last_from_kolada(empty_home), date(2999, 1, 1)).startswith("Kolada: ")


def test_a_kpi_that_is_gone_is_a_warning_that_names_it(settings: Settings, kolada: Kolada, empty_home: Home) -> None:
    del kolada.titles["N00671"]
    check = fetched_in_dagster(empty_home).get_asset_check_evaluations()[0]
    assert not check.passed
    assert "Kolada har inte längre N00671" in str(check.metadata["meddelanden"].value)


def bokslut(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"BOKSLUT_HOME": str(home.root), "COLUMNS": "200"}
    command = [str(Path(sys.executable).with_name("bokslut")), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_person_fetches_and_is_told(
    settings: Settings, kolada: Kolada, empty_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = bokslut(empty_home, "fetch", "kolada")
    assert (done.returncode, done.stderr.splitlines()[:2]) == (
        0,
        ["Kolada: nyckeltal, sida 1", "Kolada: kommuner, sida 1"],
    )
    assert "4 nya filer i inkorgen, 0 svar är som sist." in done.stdout
    stored = json.loads(next(empty_home.inbox.glob("*_data-*.json")).read_text())
    assert stored["fetched_on"] == str(last_from_kolada(empty_home).fetched_on)
    assert "Kolada hämtades senast" in bokslut(empty_home, "status").stdout

    configured("http://127.0.0.1:1/v3", tmp_path, monkeypatch, max_seconds=1)
    done = bokslut(empty_home, "fetch", "kolada")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Kolada hämtades senast" in done.stderr
    monkeypatch.delenv("BOKSLUT_CONFIG")
    assert "Inga nyckeltal är valda" in bokslut(empty_home, "fetch", "kolada").stderr
