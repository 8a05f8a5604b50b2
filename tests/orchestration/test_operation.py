"""Runs that died are ended, old ones forgotten, and the commands of timers and operators say how it went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter, build_sensor_context
from dagster._core.test_utils import create_run_for_test
from typer.testing import CliRunner

from orchestration.alerts.outbox import waiting
from orchestration.alerts.sensors import alert_sensors
from orchestration.cli import app
from orchestration.home import Home
from orchestration.lock import lock
from orchestration.night import prepare_instance
from orchestration.operation.reconcile import reconcile
from orchestration.operation.retention import forget_old_runs
from orchestration.workspace import Workspace
from tests.mail_server import mail_server


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("BOKSLUT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("orchestration.operation.reconcile._SECOND_LOOK_SECONDS", 0.0)
    monkeypatch.chdir(tmp_path)
    return Home(tmp_path / "home").create()


@pytest.fixture
def instance(home: Home) -> Iterator[DagsterInstance]:
    """The home's own Dagster, on the event log that the nights use."""
    prepare_instance(home)
    with DagsterInstance.from_config(str(home.dagster)) as instance:
        yield instance


def run(instance: DagsterInstance, status: DagsterRunStatus) -> DagsterRun:
    return create_run_for_test(instance, job_name="nightly", status=status)


def status(instance: DagsterInstance, made: DagsterRun) -> DagsterRunStatus:
    found = instance.get_run_by_id(made.run_id)
    assert found is not None
    return found.status


def test_what_a_power_loss_left_going_is_ended_and_nothing_else(home: Home, instance: DagsterInstance) -> None:
    dead = [run(instance, each) for each in (DagsterRunStatus.STARTED, DagsterRunStatus.STARTING)]
    others = [run(instance, each) for each in (DagsterRunStatus.NOT_STARTED, DagsterRunStatus.SUCCESS)]

    ended = reconcile(home, instance, second_look_seconds=0)

    assert sorted(ended) == sorted(each.run_id for each in dead)
    assert {status(instance, each) for each in dead} == {DagsterRunStatus.FAILURE}
    assert [status(instance, each) for each in others] == [DagsterRunStatus.NOT_STARTED, DagsterRunStatus.SUCCESS]
    assert "strömavbrott" in str([entry.message for entry in instance.all_logs(dead[0].run_id)])
    assert reconcile(home, instance, second_look_seconds=0) == []


def test_a_run_that_lives_or_is_young_is_left_alone(home: Home, instance: DagsterInstance) -> None:
    made = run(instance, DagsterRunStatus.STARTED)
    with lock(home):
        assert reconcile(home, instance, second_look_seconds=0) == []
    assert reconcile(home, instance, older_than_seconds=60, second_look_seconds=0) == []
    assert status(instance, made) is DagsterRunStatus.STARTED


def test_a_run_that_ends_while_it_is_looked_at_keeps_its_end(
    home: Home, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run(instance, DagsterRunStatus.STARTED)
    monkeypatch.setattr("orchestration.operation.reconcile.time.sleep", lambda _: instance.report_run_canceled(made))
    assert reconcile(home, instance) == []
    assert status(instance, made) is DagsterRunStatus.CANCELED


def test_dagster_looks_for_dead_runs(home: Home, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    made = run(instance, DagsterRunStatus.STARTED)
    configure(1)
    monkeypatch.setattr("orchestration.alerts.sensors.AGE_SECONDS", 0.0)
    [looking] = alert_sensors(None, is_mailing=False)  # type: ignore[arg-type]

    with build_sensor_context(instance, resources={"workspace": Workspace(home_path=str(home.root))}) as context:
        found = looking.evaluate_tick(context)

    assert found.skip_message == "1 döda körningar är avslutade."
    assert [letter.key for letter in waiting(home)] == [f"failed-{made.run_id}"]
    assert status(instance, made) is DagsterRunStatus.FAILURE


def test_old_runs_are_forgotten_with_their_events(home: Home, instance: DagsterInstance) -> None:
    made, going = run(instance, DagsterRunStatus.SUCCESS), run(instance, DagsterRunStatus.STARTED)
    instance.report_engine_event("something", made)
    events = home.dagster / "history" / "runs" / f"{made.run_id}.db"
    assert events.exists()

    assert forget_old_runs(instance, keep_days=7) == 0
    created = instance.get_run_record_by_id(made.run_id).create_timestamp  # type: ignore[union-attr]
    assert datetime.now(UTC) - created < timedelta(minutes=1)
    assert forget_old_runs(instance, keep_days=-1) == 1

    assert [each.run_id for each in instance.get_runs(RunsFilter())] == [going.run_id]
    assert not events.exists()


def bokslut(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.output


def configure(port: int, more: str = "") -> None:
    lines = ["[mail]", 'host = "localhost"', f"port = {port}", 'sender = "b@example.se"']
    Path("bokslut.toml").write_text("\n".join([*lines, 'recipients = ["d@example.se"]', more]), encoding="utf-8")


def test_reconcile_tells_of_the_runs_that_it_ended(home: Home, instance: DagsterInstance) -> None:
    made = run(instance, DagsterRunStatus.STARTED)
    with mail_server() as server:
        configure(server.port)
        code, said = bokslut("reconcile")
        again = bokslut("reconcile")

    assert code == 0
    assert f"Körningen {made.run_id} var död" in said
    assert again == (0, "Inga döda körningar.\n")
    [mail] = server.received
    assert "STOPPAD" in mail["Subject"]
    assert "dog eller kunde inte starta" in mail.get_content()


@pytest.mark.parametrize("command", ["reconcile", "forget-runs", "run"])
def test_a_database_that_does_not_answer_is_said_in_one_line(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.setattr("dagster_postgres.utils.time.sleep", lambda _: None)
    url = f"postgresql+psycopg2://bokslut@/bokslut_dagster?host={tmp_path}"
    (home.dagster / "dagster.yaml").write_text(f"storage: {{postgres: {{postgres_url: '{url}'}}}}", encoding="utf-8")
    with mail_server() as server:
        configure(server.port)
        code, said = bokslut(command)

    assert (code, said.startswith("Startar"), len(said.splitlines()) <= 2) == (1, command == "run", True), said
    assert "Dagsters databas svarar inte: connection to server on socket" in said
    letters = [mail.get_content() for mail in server.received]
    assert ["Dagsters databas svarar inte." in letter for letter in letters] == [True] * (command == "run")


def test_the_heartbeat_mails_of_silence_once_a_night_and_sends_what_waits(home: Home) -> None:
    with mail_server() as server:
        configure(server.port)
    code, said = bokslut("heartbeat")
    assert code == 1
    assert "Ingen utgåva är publicerad" in said
    assert "väntar" in said

    with mail_server() as server:
        configure(server.port)
        assert [bokslut("heartbeat")[0] for _ in range(2)] == [1, 1]
    [mail] = server.received
    assert mail["Subject"] == "[Bokslut Exempelkommunen] TYST: ingen ny natt"
    assert waiting(home) == []


def test_the_heartbeat_beats_also_where_the_settings_are_wrong_or_the_home_is_gone(home: Home) -> None:
    with mail_server() as server:
        configure(server.port, "[inbox]\nunknown = 1")
        code, said = bokslut("heartbeat")
    assert code == 1
    assert "inbox.unknown är okänd" in said
    assert "bokslut.toml" in server.received[0].get_content()

    Path("bokslut.toml").write_text("[", encoding="utf-8")
    code, said = bokslut("heartbeat")
    assert code == 1
    assert "Traceback" not in said


def test_mail_test_sends_or_says_why_not(home: Home) -> None:
    assert bokslut("mail-test")[0] == 1
    assert "E-post är avstängd" in bokslut("mail-test")[1]
    with mail_server() as server:
        configure(server.port)
        assert bokslut("mail-test") == (0, "Skickat till d@example.se.\n")
    assert server.received[0]["Subject"] == "[Bokslut Exempelkommunen] Prov av e-post"
    code, said = bokslut("mail-test")
    assert code == 1
    assert "tog inte emot brevet" in said
    assert "1 brev till driften väntar" in bokslut("status")[1]


def test_forget_runs_says_how_many(home: Home, instance: DagsterInstance) -> None:
    run(instance, DagsterRunStatus.SUCCESS)
    assert bokslut("forget-runs") == (0, "0 körningar äldre än 400 dygn är borttagna ur Dagster.\n")
    assert bokslut("forget-runs", "--keep-days", "1")[0] == 2
