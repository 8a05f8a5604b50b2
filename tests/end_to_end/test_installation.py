"""A whole installation on a real PostgreSQL loses its power in the middle of a run, and goes on by itself.

The inbox starts the first run; every process is killed; the machine comes up again after 03:15, when the night that
was missed is run. What is asked here is asked of that installation, the last test then takes everything away from it.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter
from dagster._core.definitions.run_request import InstigatorType

from tests.installation import DATABASE, ROOT, Installation, deliver, wait_until
from tests.mail_server import MailServer, mail_server
from tests.postgres_server import postgres_server

_SECONDS = 300
_QUESTION = """bokslut sql --format csv "select outcome_sek from budget_outcome
    where board_code = 'KS' and line_code = 'result' and segment_code = 'ordinary' and fiscal_year = 2023" """


@dataclass(frozen=True, slots=True)
class Story:
    """What happened: the run that died and the one that followed it, and what ``bokslut reconcile`` said between."""

    installation: Installation
    relay: MailServer
    killed: int
    dead: str
    said: subprocess.CompletedProcess[str]
    followed: str


@pytest.fixture(scope="module")
def story(example_files: Path) -> Iterator[Story]:
    """An installation after a power loss and the night that followed."""
    # Not pytest's folder: PostgreSQL's user must be able to enter it, and the path of a socket is short.
    with tempfile.TemporaryDirectory(prefix="bokslut-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with postgres_server(folder) as postgres, mail_server() as relay:
            postgres.create(DATABASE)
            installation = Installation(folder, postgres)
            try:
                yield _tell(installation, relay, example_files)
            finally:
                stubborn = installation.stop()
        assert (stubborn, installation.processes()) == ([], [])


def _tell(installation: Installation, relay: MailServer, files: Path) -> Story:
    configure_mail(installation, relay)
    made = installation.shell(
        "BOKSLUT_PSEUDONYM_KEY_FILE=/etc/bokslut/credentials/pseudonym_key /opt/bokslut/.venv/bin/bokslut key new"
    )
    assert made.returncode == 0, made.stderr
    deliver(files, installation.home)
    assert come_up(installation).stdout == "Inga döda körningar.\n"
    wait_until(installation.is_locked, _SECONDS, lambda: installation.log("bokslut-daemon")[-4000:])
    wait_until(lambda: not any(installation.home.inbox.iterdir()), _SECONDS)
    [dead] = runs(installation, DagsterRunStatus.STARTED)
    assert installation.is_locked()
    killed = installation.cut_power()

    installation.postgres.start()
    installation.set_clock(datetime.now(UTC), hour=3, minute=15)
    said = come_up(installation)
    wait_until(installation.is_locked, _SECONDS, lambda: installation.log("bokslut-daemon")[-4000:])
    [followed] = set(runs(installation)) - {dead}
    with installation.instance() as instance:
        wait_until(lambda: has_ended(instance, followed), _SECONDS, lambda: installation.log("bokslut-code")[-4000:])
    return Story(installation, relay, killed, dead, said, followed)


def configure_mail(installation: Installation, relay: MailServer) -> None:
    file = installation.settings / "bokslut.toml"
    shipped = file.read_text(encoding="utf-8")
    ours = shipped.replace('# host = "smtp.example.se"', 'host = "127.0.0.1"').replace(
        "port = 25", f"port = {relay.port}"
    )
    ours = ours.replace('# sender = "bokslut@', 'sender = "bokslut@').replace(
        "recipients = []", 'recipients = ["d@example.se"]'
    )
    file.write_text(ours, encoding="utf-8")


def come_up(installation: Installation) -> subprocess.CompletedProcess[str]:
    """Start the services in the order of their units, and return what the start-up reconciliation said."""
    installation.start("bokslut-code", "bokslut-web")
    wait_until(lambda: is_loaded(installation), _SECONDS, lambda: installation.log("bokslut-code")[-4000:])
    said = installation.run("bokslut-reconcile")
    assert said.returncode == 0, said.stderr
    installation.start("bokslut-daemon")
    return said


def is_loaded(installation: Installation) -> bool:
    """Tell whether the page for all answers and has the code."""
    try:
        answer = ask(
            installation.port,
            "{ workspaceOrError { ... on Workspace { locationEntries { locationOrLoadError { __typename } } } } }",
        )
    except httpx.TransportError:
        return False
    [entry] = answer["workspaceOrError"]["locationEntries"]
    return bool(entry["locationOrLoadError"]) and entry["locationOrLoadError"]["__typename"] == "RepositoryLocation"


def ask(port: int, query: str) -> Any:
    answer = httpx.post(f"http://127.0.0.1:{port}/graphql", json={"query": query}, timeout=30).raise_for_status().json()
    assert "errors" not in answer, answer
    return answer["data"]


def runs(installation: Installation, *statuses: DagsterRunStatus) -> list[str]:
    with installation.instance() as instance:
        return [run.run_id for run in instance.get_runs(RunsFilter(statuses=list(statuses) or None))]


def has_ended(instance: DagsterInstance, run_id: str) -> bool:
    run = instance.get_run_by_id(run_id)
    return run is not None and run.is_finished


def told(relay: MailServer) -> list[str]:
    return [str(mail["Subject"]) for mail in relay.received]


def test_the_run_that_the_power_took_is_ended_and_told_of_once(story: Story) -> None:
    assert story.said.stdout == f"Körningen {story.dead} var död och är avslutad som misslyckad.\n"
    with story.installation.instance() as instance:
        run = instance.get_run_by_id(story.dead)
        assert run is not None
        assert (run.status, run.tags["dagster/sensor_name"]) == (DagsterRunStatus.FAILURE, "inbox_sensor")
        assert "strömavbrott" in str([entry.message for entry in instance.all_logs(story.dead)])
    # Code server and its child, the run, daemon, web server, PostgreSQL and its own.
    assert story.killed > 8
    assert sum("STOPPAD" in subject for subject in told(story.relay)) == 1


def test_the_night_that_was_missed_is_run_by_the_daemon_itself(story: Story) -> None:
    with story.installation.instance() as instance:
        run = instance.get_run_by_id(story.followed)
        assert run is not None
        assert run.status is DagsterRunStatus.SUCCESS
        assert run.tags["dagster/schedule_name"] == "nightly_at_0315"
        for kind in (InstigatorType.SENSOR, InstigatorType.SCHEDULE):
            for state in instance.all_instigator_state(instigator_type=kind):
                ticks = instance.get_ticks(state.instigator_origin_id, state.selector_id)
                assert [tick.error for tick in ticks if tick.error] == []
    wait_until(lambda: len(told(story.relay)) == 2, _SECONDS, lambda: str(told(story.relay)))
    assert "ny utgåva" in told(story.relay)[-1]


def test_what_was_delivered_before_the_power_went_is_published(story: Story) -> None:
    verified = story.installation.shell("bokslut verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    # Årets resultat 2023, published as 178 tkr.
    assert story.installation.shell(_QUESTION).stdout.split() == ["outcome_sek", "177580.00"]


def test_the_runs_are_in_postgresql_and_nowhere_else(story: Story) -> None:
    postgres = story.installation.postgres
    query = "select status, count(*) from runs group by 1 order by 1"
    command = [str(postgres.programs / "psql"), f"--host={postgres.socket}", "--tuples-only", "--no-align", "-c", query]
    counted = subprocess.run([*command, DATABASE], capture_output=True, text=True, check=True)
    assert counted.stdout.split() == ["FAILURE|1", "SUCCESS|1"]
    assert list(story.installation.home.dagster.rglob("*.db")) == []


def test_the_limits_of_dagster_yaml_hold_on_postgresql(story: Story) -> None:
    with story.installation.instance() as instance:
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1
        assert (instance.run_monitoring_enabled, instance.run_monitoring_max_runtime_seconds) == (True, 21_600)
        kept = instance.get_tick_retention_settings(InstigatorType.SENSOR)
        assert sorted(kept.values()) == [2, 2, 90, 90]
        assert set(instance.get_tick_retention_settings(InstigatorType.SCHEDULE).values()) == {400}
    assert story.installation.run("bokslut-forget-runs").stdout.startswith("0 körningar äldre än 400 dygn")


_REPOSITORY = 'repositoryLocationName: "bokslut", repositoryName: "__repository__"'
_CHANGES = {
    "launch": f'launchRun(executionParams: {{selector: {{{_REPOSITORY}, jobName: "nightly"}}, mode: "default"}})',
    "terminate": 'terminateRun(runId: "RUN")',
    "delete": 'deletePipelineRun(runId: "RUN")',
    "reload": 'reloadRepositoryLocation(repositoryLocationName: "bokslut")',
    "cursor": f'setSensorCursor(sensorSelector: {{{_REPOSITORY}, sensorName: "inbox_sensor"}}, cursor: "")',
    "schedule": f'startSchedule(scheduleSelector: {{{_REPOSITORY}, scheduleName: "nightly_at_0315"}})',
    "wipe": 'wipeAssets(assetPartitionRanges: [{assetKey: {path: ["deliveries"]}}])',
}


@pytest.mark.parametrize("change", _CHANGES)
def test_the_page_for_all_shows_the_runs_and_changes_nothing(story: Story, change: str) -> None:
    port = story.installation.port
    shown = ask(port, "{ runsOrError { ... on Runs { results { runId status } } } permissions { permission value } }")
    assert {(run["runId"], run["status"]) for run in shown["runsOrError"]["results"]} == {
        (story.dead, "FAILURE"),
        (story.followed, "SUCCESS"),
    }
    assert [each["permission"] for each in shown["permissions"] if each["value"]] == []
    said = "{ __typename ... on UnauthorizedError { message } ... on TerminateRunFailure { message } }"
    if change != "terminate":
        said = said.replace(" ... on TerminateRunFailure { message }", "")
    refused = ask(port, f"mutation {{ it: {_CHANGES[change].replace('RUN', story.dead)} {said} }}")["it"]
    assert refused["__typename"] == "UnauthorizedError" or "do not have permission" in refused["message"]
    assert len(runs(story.installation)) == 2


def test_a_machine_restored_by_the_runbook_has_its_releases_and_its_history(story: Story) -> None:
    installation = story.installation
    made = installation.run("bokslut-backup")
    assert made.returncode == 0, made.stderr
    releases = installation.shell("bokslut releases").stdout
    assert installation.stop() == []
    installation.postgres.drop(DATABASE)
    installation.postgres.create(DATABASE)

    # Its last line, `bokslut run`, is a whole night, which builds what the backup leaves out: here others have done it.
    *lines, last = runbook("To restore, into a folder")
    assert last == "bokslut run"
    for line in lines:
        done = installation.type(line.replace("bokslut-20261123T060000Z.tar.gz", Path(made.stdout.strip()).name))
        assert done.returncode == 0, (line, done.stdout, done.stderr)

    assert installation.shell("bokslut releases").stdout == releases
    assert installation.shell(_QUESTION).stdout.split() == ["outcome_sek", "177580.00"]
    assert set(runs(installation)) == {story.dead, story.followed}


def runbook(passage: str) -> list[str]:
    """Return the commands of the first block after a passage of the runbook."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    block = text[text.index(passage) :].split("```")[1]
    return block.removeprefix("sh\n").splitlines()
