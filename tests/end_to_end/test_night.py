"""Whole nights, one after another, on copies of a home where the first has been run."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from dagster import DagsterInstance

from orchestration.definitions import JOB, build_definitions
from orchestration.home import Home
from orchestration.keys import new_key
from orchestration.lock import AlreadyRunningError, lock
from orchestration.night import Night, prepare_instance, run_night
from orchestration.publishing.audit import BLOCKED, PUBLISH, UNCHANGED, WITHDRAWN
from orchestration.publishing.dump import dump
from orchestration.publishing.store import DIFF, current_release, folder, releases, roll_back
from orchestration.query import query
from orchestration.settings import Database
from tests import deliveries as bad

STATEMENT = "select * exclude (board_name) from budget_outcome order by all"


def run(home: Home) -> Night:
    return run_night(home, lambda _: None)


def verdict(night: Night) -> str | None:
    return night.audit.verdict if night.audit else None


@pytest.fixture
def home(home_after_a_night: Home) -> Home:
    return home_after_a_night


def test_an_unchanged_night_says_so_and_leaves_the_release(home: Home) -> None:
    before = current_release(home)

    night = run(home)

    assert night.succeeded
    assert verdict(night) == UNCHANGED
    assert current_release(home) == before
    assert len(releases(home)) == 1


def test_the_same_deliveries_give_byte_equal_marts(home: Home, example_files: Path, tmp_path: Path) -> None:
    other = Home(tmp_path / "other").create()
    new_key(other)
    for file in sorted(example_files.iterdir(), reverse=True):
        (other.inbox / file.name).write_bytes(file.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOKSLUT_HOME", str(other.root))
        assert run(other).succeeded

    marts = sorted(path.name for path in (home.published / "current" / "parquet").iterdir())
    about_runs = {"load.parquet", "quality_result.parquet", "release.parquet"}
    compared = [name for name in marts if name not in about_runs]
    assert len(compared) >= 4
    for name in compared:
        one, two = ((each.published / "current" / "parquet" / name).read_bytes() for each in (home, other))
        assert one == two, name
    checksums = {dump(each.current, tmp_path / str(place), Database()) for place, each in enumerate((home, other))}
    assert len(checksums) == 1


def test_a_night_of_bad_files_sets_each_aside_and_the_rest_goes_on(home: Home, example_files: Path) -> None:
    before = query(home.current, STATEMENT)
    (home.inbox / "tom.se").write_bytes(b"")
    (home.inbox / "fel.SE").write_bytes(b"<html><body>Logga in</body></html>")
    (home.inbox / "avklippt.se").write_bytes(bad.truncated(example_files))
    (home.inbox / "summa.se").write_bytes(bad.wrong_checksum(example_files))
    (home.inbox / "annan.se").write_bytes(bad.other_organisation(example_files))
    (home.inbox / "budget_text.csv").write_bytes(bad.budget_with_text(example_files))
    (home.inbox / "lunch.pdf").write_bytes(b"x")
    (home.inbox / "kopia.se").write_bytes((example_files / "KS_2022.se").read_bytes())

    night = run(home)

    assert night.succeeded, night.errors
    assert verdict(night) == PUBLISH
    loads = {row[0]: row[1:] for row in query(home.current, "select file_name, status, message from load").rows}
    for name in ("tom.se", "fel.SE", "avklippt.se", "summa.se", "annan.se", "budget_text.csv", "lunch.pdf"):
        status, message = loads[name]
        assert status == "rejected", name
        assert name in message
    assert loads["kopia.se"][0] == "duplicate"
    assert query(home.current, STATEMENT) == before
    failed = query(
        home.current, f"select check_name, who_fixes from quality_result where not passed and run_id = '{night.run_id}'"
    ).rows
    assert {name for name, _ in failed} >= {"delivery_is_ours", "budget_amount_present"}
    conserved = "select count(*) from load where rows_in <> rows_loaded + rows_quarantined + rows_duplicate"
    assert query(home.current, conserved).rows == [(0,)]


def test_a_quarantined_voucher_leaves_the_marts_and_the_file_is_superseded(home: Home, example_files: Path) -> None:
    (home.inbox / "KS_2023_ny.se").write_bytes(bad.unbalanced(example_files))

    night = run(home)

    assert night.succeeded, night.errors
    assert night.audit is not None
    assert any("Övriga kostnader" in line and "utfall" in line for line in night.audit.differences)
    entries = query(home.current, "select count(*) from ledger_entry where voucher_series = 'A' and voucher_no = '1'"
                    " and fiscal_year = 2023").rows  # fmt: skip
    assert entries == [(0,)]
    rows = query(home.current, "select status, rows_in - rows_loaded from load where file_name = 'KS_2023_ny.se'").rows
    assert rows == [("loaded", 2)]
    assert query(home.current, "select status from load where file_name = 'KS_2023.se'").rows == [("superseded",)]


def test_a_board_with_a_ledger_but_no_budget_blocks_and_the_old_release_stands(
    empty_home: Home, example_files: Path
) -> None:
    for name in ("KS_2022.se", "KS_2023.se", "budget_2022.csv", "organisation.csv"):
        (empty_home.inbox / name).write_bytes((example_files / name).read_bytes())

    night = run(empty_home)

    assert not night.succeeded
    assert current_release(empty_home) is None
    assert any("KS" in error and "2023" in error for error in night.errors), night.errors


def test_a_mart_that_would_lose_a_column_is_blocked(home: Home, example_files: Path) -> None:
    standing = current_release(home)
    assert standing is not None
    database = folder(home, standing.release_id) / "bokslut.duckdb"
    database.chmod(0o640)
    database.parent.chmod(0o750)
    with duckdb.connect(str(database)) as connection:
        connection.execute("alter table marts.budget_outcome add column once_promised integer")
    (home.inbox / "KS_2023_ny.se").write_bytes(bad.harmless_change(example_files))

    night = run(home)

    assert not night.succeeded
    assert verdict(night) == BLOCKED
    assert any("budget_outcome.once_promised" in error for error in night.errors)
    assert current_release(home) == standing


def test_rolling_back_holds_until_something_else_is_delivered(home: Home, example_files: Path) -> None:
    first = current_release(home)
    assert first is not None
    (home.inbox / "KS_2023_ny.se").write_bytes(bad.unbalanced(example_files))
    assert verdict(run(home)) == PUBLISH

    roll_back(home, first.release_id)

    assert current_release(home) == first
    again = run(home)
    assert again.succeeded
    assert verdict(again) == WITHDRAWN
    assert current_release(home) == first


CLOSED = "[closing]\nclosed_through = 202312\n"
REOPENED = """
[[closing.reopened]]
board = "KS"
period_from = 202301
period_to = 202312
opened_on = 2024-01-01
until = 2999-12-31
reason = "Ett verifikat som inte gick jämnt upp"
"""


def test_a_closed_period_changes_only_when_it_is_reopened(
    home: Home, example_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = current_release(home)
    assert standing is not None
    configuration = tmp_path / "bokslut.toml"
    configuration.write_text(CLOSED, encoding="utf-8")
    monkeypatch.setenv("BOKSLUT_CONFIG", str(configuration))
    (home.inbox / "KS_2023_ny.se").write_bytes(bad.unbalanced(example_files))

    stopped = run(home)

    assert verdict(stopped) == BLOCKED
    assert current_release(home) == standing
    said = " ".join(stopped.errors)
    for words in ("KS", "2023", "utfall", "perioden är stängd", "[[closing.reopened]]"):
        assert words in said, said

    configuration.write_text(CLOSED + REOPENED, encoding="utf-8")
    opened = run(home)

    assert verdict(opened) == PUBLISH, opened.errors
    release = current_release(home)
    assert release is not None
    assert release.compared_with == standing.release_id
    assert any("Skäl: Ett verifikat som inte gick jämnt upp" in line for line in release.differences)
    kept = json.loads((folder(home, release.release_id) / DIFF).read_text(encoding="utf-8"))
    assert {total["board_code"] for total in kept["totals"]} == {"KS"}


def test_a_night_without_the_deliveries_of_the_calendar_warns_then_fails(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = current_release(home)
    configuration = tmp_path / "bokslut.toml"
    monkeypatch.setenv("BOKSLUT_CONFIG", str(configuration))
    configuration.write_text("[calendar.ledger]\ndata = { warn = 35, fail = 3660 }\n", encoding="utf-8")

    warned = run(home)

    assert verdict(warned) == UNCHANGED
    assert warned.audit is not None
    assert any("Huvudbok: uppgifterna går till och med 202312" in line for line in warned.audit.warnings)

    configuration.write_text("[calendar.ledger]\ndata = { warn = 35, fail = 65 }\n", encoding="utf-8")
    failed = run(home)

    assert not failed.succeeded
    assert verdict(failed) == BLOCKED
    assert any("Inget publiceras förrän" in error for error in failed.errors)
    assert current_release(home) == standing


def test_a_second_run_on_the_same_home_is_refused(home: Home) -> None:
    with lock(home), pytest.raises(AlreadyRunningError, match="annan körning"):
        run(home)


def test_a_run_that_dagster_starts_is_refused_too_while_another_works(home: Home) -> None:
    prepare_instance(home)
    (home.inbox / "KS_2023_ny.se").write_bytes(b"#FLAGGA 0\n")
    with lock(home), DagsterInstance.from_config(str(home.dagster)) as instance:
        job = build_definitions().resolve_job_def(JOB)
        result = job.execute_in_process(instance=instance, raise_on_error=False)
    assert not result.success
    assert (home.inbox / "KS_2023_ny.se").exists()


def test_what_stopped_a_night_is_in_quality_result_once_something_is_published(
    empty_home: Home, example_files: Path
) -> None:
    for file in example_files.iterdir():
        if file.name != "budget_2023.xlsx":
            (empty_home.inbox / file.name).write_bytes(file.read_bytes())
    stopped = run(empty_home)
    assert not stopped.succeeded
    (empty_home.inbox / "budget_2023.xlsx").write_bytes((example_files / "budget_2023.xlsx").read_bytes())

    assert run(empty_home).succeeded

    rows = query(
        empty_home.current, f"select check_name from quality_result where run_id = '{stopped.run_id}' and not passed"
    ).rows
    assert rows == [("board_has_budget",)]
