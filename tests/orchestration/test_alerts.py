"""What operators are told, by which way, and that nothing out of a file is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from dagster import (
    AssetCheckResult,
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    DagsterRunStatus,
    Definitions,
    JobDefinition,
    asset,
    asset_check,
    build_run_status_sensor_context,
    define_asset_job,
)

from expectations.quarantine import SCHEMA
from orchestration.alerts import night_of, tell_not_started, tell_of_run, telling_if_not_started
from orchestration.alerts.facts import Facts, ToMend, facts_of_run
from orchestration.alerts.heartbeat import came_through, last_night, silence
from orchestration.alerts.letters import Letter, letter_of_run
from orchestration.alerts.outbox import waiting
from orchestration.alerts.sensors import alert_sensors
from orchestration.definitions import build_definitions
from orchestration.home import Home
from orchestration.keys import PseudonymKeyError
from orchestration.loading.raw_files import QUARANTINE, raw_path, write_parquet
from orchestration.publishing.store import DATABASE, Release, folder, point_readers_at, write_manifest
from orchestration.settings import Heartbeat, Mail, Municipality, Settings, SettingsError
from orchestration.settings_of_releases import Days, Expected
from orchestration.workspace import Workspace
from sources.register import CheckRow, Register

NOON = datetime(2024, 1, 22, 12, tzinfo=UTC)
#: What must never be in a mail: it is in a file name, a message, a row, a key and an exception below.
PERSON, NUMBER, AMOUNT = "Karin Andersson", "19640823-3234", "48 215,50"
TOLD = Settings(
    municipality=Municipality(name="Provköping"),
    calendar={"budget": Expected(delivered=Days(warn=3, fail=20))},
    mail=Mail(host="localhost", port=1, sender="b@example.se", recipients=("d@example.se",), ui_url="https://x.se/"),
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def configured(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Mail is on, and its relay is not there: what is told waits in the outbox, to be read."""
    file = tmp_path / "bokslut.toml"
    lines = ["[municipality]", 'name = "Provköping"', "[mail]", 'host = "127.0.0.1"', "port = 1"]
    file.write_text("\n".join([*lines, 'sender = "b@example.se"', 'recipients = ["d@example.se"]']), encoding="utf-8")
    monkeypatch.setenv("BOKSLUT_CONFIG", str(file))
    monkeypatch.setenv("BOKSLUT_HOME", str(home.root))
    return home


def release(home: Home, published: datetime, run_id: str = "run") -> Release:
    at = published.replace(tzinfo=None).isoformat()
    made = Release("2024-01-22-1", at, run_id, "sha", "2023-01-01", "2023-12-31", 300, 2, "c", "s")
    path = folder(home, made.release_id)
    path.mkdir(parents=True)
    (path / DATABASE).touch()
    write_manifest(path, made)
    point_readers_at(home, made.release_id)
    return made


def personal_troubles(home: Home) -> None:
    """Fill a home with a rejected personal file, quarantined rows and a warning that all tell of a person."""
    message = f"hr/{PERSON}.csv rad 2: {PERSON} {NUMBER} har lön {AMOUNT}. Filen är inte inläst; rätta."
    common: dict[str, Any] = {"size_bytes": 1, "received_at": NOON, "run_id": "run"}
    with Register(home.register) as register:
        hr = {"source_code": "hr", "file_name": f"{PERSON}.csv", "status": "rejected", "message": message}
        register.add(trace="1", load_id="hr-1", sha256="1", fiscal_years=[2023], part="employments", **hr, **common)
        budget = {"source_code": "budget", "file_name": f"budget {PERSON}.csv", "status": "loaded"}
        register.add(trace="2", load_id="budget-1", sha256="2", fiscal_years=[2023], **budget, **common)
        warning = ("budget-1", "run", "budget", "budget__lines", "budget_amount_usual", "warning", False, 1, 9)
        register.judge("budget-1", [CheckRow(*warning, "controller", "Regel.", message)], rows_loaded=0)
    rows = [
        dict.fromkeys(SCHEMA.names)
        | {"load_id": "budget-1", "row_no": no, "row_key": NUMBER, "check_name": "budget_readable"}
        | {"message": f"budget/b.csv rad {no}: {PERSON}", "severity": "critical", "who_fixes": "controller"}
        for no in (2, 3)
    ]
    write_parquet(pa.Table.from_pylist(rows, schema=SCHEMA), raw_path(home, QUARANTINE, "budget-1"))


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral() as instance:
        yield instance


def night(instance: DagsterInstance, *, by_check: bool) -> Any:
    """Run a job that fails: in a step, with words about a person, or by a blocking check."""

    @asset
    def raw() -> None:
        if not by_check:
            raise ValueError(f"{PERSON} {NUMBER}")

    @asset_check(asset=raw, blocking=True)
    def ledger_stands() -> AssetCheckResult:
        return AssetCheckResult(passed=not by_check, metadata={"saknas": f"{PERSON} {NUMBER}"})

    job = define_asset_job("nightly")
    made: JobDefinition = Definitions([raw], asset_checks=[ledger_stands], jobs=[job]).resolve_job_def("nightly")
    return made.execute_in_process(instance=instance, raise_on_error=False)


def text(letter: Letter) -> str:
    return f"{letter.key}\n{letter.subject}\n{letter.body}"


@pytest.mark.parametrize(("by_check", "stopped_by"), [(True, "kontrollen ledger_stands"), (False, "steget raw")])
def test_a_failed_run_is_told_of_without_a_word_out_of_a_file(
    configured: Home, instance: DagsterInstance, by_check: bool, stopped_by: str
) -> None:
    personal_troubles(configured)
    run_id = night(instance, by_check=by_check).run_id

    [untold] = tell_of_run(configured, instance, run_id, succeeded=False)

    assert "1 brev väntar" in untold
    [letter] = waiting(configured)
    assert letter.key == f"failed-{run_id}"
    assert letter.subject.startswith("[Bokslut Provköping] STOPPAD ")
    for line in (
        f"Stoppades av:\n- {stopped_by}\n",
        "Saknade leveranser:\n- Organisationsregister (ekonomi)\n- Huvudbok (ekonomi)",
        "- ekonomi, rader i karantän: 2 (budget_readable 2), se att_ratta_ekonomi.xlsx",
        "- ekonomi, varningar: 1 (budget_amount_usual 1)",
        "- hr, avvisade filer: 1 (",
        run_id,
        "docs/operations.md",
    ):
        assert line in letter.body
    for part in (*PERSON.split(), NUMBER, NUMBER.replace("-", ""), NUMBER[2:], AMOUNT, ".csv"):
        assert part not in text(letter)


def test_a_run_that_died_says_so(configured: Home, instance: DagsterInstance) -> None:
    tell_of_run(configured, instance, "unknown", succeeded=False)
    [letter] = waiting(configured)
    assert "Körningen dog eller kunde inte starta" in letter.body
    assert "Ingen utgåva är publicerad." in letter.body


def facts(**values: Any) -> Facts:
    made = Release("2024-01-22-1", "2024-01-22T02:16:00", "run", "sha", "2023-01-01", "2023-12-31", 300, 2, "c", "s")
    told = {"run_id": "run", "succeeded": True, "verdict": "publish", "release": made}
    return Facts(**({"stopped_by": (), "missing": (), "late": (), "to_mend": ()} | told | values))


def digest(**values: Any) -> Letter:
    return letter_of_run(facts(**values), TOLD, date(2024, 1, 22), NOON)


def test_the_digest_of_a_good_night() -> None:
    letter = digest()
    assert letter.key == "night-2024-01-22"
    assert letter.subject == "[Bokslut Provköping] Natten 2024-01-22: ny utgåva, allt väl"
    assert letter.body.splitlines() == [
        "Natten gick igenom.",
        "Gällande utgåva: 2024-01-22-1, publicerad 2024-01-22 03:16, data 2023-01-01 till 2023-12-31; "
        "300 kontroller godkända, 2 med anmärkning.",
        "",
        "Körningen: https://x.se/runs/run",
        "Vad larmet betyder och vad du gör: docs/operations.md.",
    ]


def test_the_subject_says_whether_anything_must_be_done() -> None:
    to_mend = (ToMend("hr", "Varningar", 9, tuple((f"check_{no}", 1) for no in range(9))),)
    assert digest(run_id="other").subject.endswith("oförändrad, allt väl")
    assert digest(run_id="other", verdict="withdrawn").subject.endswith("ingen ny utgåva, allt väl")
    assert digest(to_mend=to_mend).subject.endswith("ny utgåva, 9 att rätta")
    assert "check_4 1, och 4 regler till)" in digest(to_mend=to_mend).body
    assert "tillbakadragen" in digest(verdict="withdrawn").body


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        ("2024-01-22T02:15+00:00", date(2024, 1, 22)),
        ("2024-01-22T01:59+00:00", date(2024, 1, 21)),
        ("2024-03-31T01:15+00:00", date(2024, 3, 31)),
        ("2024-10-27T02:15+00:00", date(2024, 10, 27)),
    ],
)
def test_a_night_begins_at_three_also_when_the_clock_is_changed(moment: str, night: date) -> None:
    assert night_of(datetime.fromisoformat(moment), "Europe/Stockholm") == night


def test_one_digest_a_night_and_one_letter_for_each_failure(configured: Home, instance: DagsterInstance) -> None:
    for run_id in ("a", "b"):
        tell_of_run(configured, instance, run_id, succeeded=True)
        tell_of_run(configured, instance, run_id, succeeded=False)
    assert sorted(letter.key.partition("-")[0] for letter in waiting(configured)) == ["failed", "failed", "night"]


@pytest.mark.parametrize(("succeeded", "says"), [(True, "Natten gick igenom"), (False, "STOPPAD")])
def test_where_nothing_can_be_found_out_that_is_told(
    configured: Home, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch, succeeded: bool, says: str
) -> None:
    monkeypatch.setattr("orchestration.alerts.facts.facts_of_run", _fail)
    tell_of_run(configured, instance, "run", succeeded=succeeded)
    [letter] = waiting(configured)
    assert says in letter.subject
    assert "RuntimeError" in letter.body
    assert PERSON not in text(letter)


def test_what_cannot_be_told_never_raises(
    configured: Home, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.alerts.announce", _fail)
    [told] = tell_of_run(configured, instance, "run", succeeded=True)
    assert "RuntimeError" in told
    assert PERSON not in told


def _fail(*_: object, **__: object) -> None:
    raise RuntimeError(PERSON)


def test_a_run_that_cannot_start_is_told_of_by_kind_once_a_day(configured: Home) -> None:
    for error in (
        PseudonymKeyError(f"{PERSON}.csv"),
        PseudonymKeyError("b"),
        FileNotFoundError(28, "x"),
        ValueError("y"),
    ):
        with pytest.raises(type(error)) as caught, telling_if_not_started(configured):
            raise error
        assert "väntar" in "".join(caught.value.__notes__)

    key, disk, other = sorted(waiting(configured), key=lambda letter: letter.written_at)
    assert "nyckeln för pseudonymer" in key.body
    assert "Disken är full" in disk.body
    assert "Ett oväntat fel (ValueError)" in other.body
    assert PERSON not in text(key)


def test_settings_that_are_wrong_elsewhere_are_mailed_of(configured: Home, tmp_path: Path) -> None:
    with (tmp_path / "bokslut.toml").open("a", encoding="utf-8") as file:
        file.write("\n[inbox]\nunknown = 1\n")
    tell_not_started(configured, SettingsError("x"))
    assert "bokslut.toml" in waiting(configured)[0].body


@pytest.fixture
def limits() -> Heartbeat:
    return Heartbeat(max_night_hours=30, max_release_days=40)


def test_the_heartbeat_is_quiet_while_nights_come_through(home: Home, limits: Heartbeat) -> None:
    release(home, NOON - timedelta(days=30))
    came_through(home, "run", NOON - timedelta(hours=29))
    assert silence(home, limits, NOON) == []
    assert last_night(home) == NOON - timedelta(hours=29)


@pytest.mark.parametrize(
    ("night", "published", "says"),
    [
        (31, 31, ["Ingen natt har gått igenom sedan 2024-01-21 05:00 UTC (gräns 30 h)."]),
        (None, 31, ["Ingen natt har gått igenom sedan"]),
        (1, 41 * 24, ["Utgåvan 2024-01-22-1 är från 2023-12-12 (gräns 40 dygn)."]),
        (41 * 24, 41 * 24, ["Ingen natt", "Utgåvan"]),
        (-2, 31, ["i framtiden"]),
    ],
)
def test_the_heartbeat_says_what_is_too_old(
    home: Home, limits: Heartbeat, night: int | None, published: int, says: list[str]
) -> None:
    release(home, NOON - timedelta(hours=published))
    if night is not None:
        came_through(home, "run", NOON - timedelta(hours=night))
    reasons = silence(home, limits, NOON)
    assert len(reasons) == len(says)
    assert all(part in reason for part, reason in zip(says, reasons, strict=True))


def _no_release(home: Home) -> None:
    (home.published / "current").unlink()


def _broken_manifest(home: Home) -> None:
    (home.published / "current" / "manifest.json").write_text("{")


def _broken_mark(home: Home) -> None:
    (home.alerts / "last_night.json").write_text(json.dumps({"run_id": "x"}))


def _gone(home: Home) -> None:
    (home.published / "current" / "manifest.json").unlink()


@pytest.mark.parametrize("damage", [_no_release, _broken_manifest, _broken_mark, _gone])
def test_a_home_that_cannot_be_read_is_no_quiet_night(
    home: Home, limits: Heartbeat, damage: Callable[[Home], None]
) -> None:
    release(home, NOON)
    came_through(home, "run", NOON)
    damage(home)
    assert len(silence(home, limits, NOON)) == 1


@pytest.mark.parametrize("is_failed", [True, False])
def test_dagster_tells_of_the_runs_that_it_starts(configured: Home, instance: DagsterInstance, is_failed: bool) -> None:
    result = night(instance, by_check=True)
    job = define_asset_job("nightly")
    name = "failure_mail" if is_failed else "digest_mail"
    [mailing] = [each for each in alert_sensors(job, is_mailing=True) if each.name == name]
    kind = DagsterEventType.RUN_FAILURE if is_failed else DagsterEventType.RUN_SUCCESS
    event = DagsterEvent(kind.value, "nightly", message="x")
    run = instance.get_run_by_id(result.run_id)
    resources = {"workspace": Workspace(home_path=str(configured.root))}

    with build_run_status_sensor_context(name, event, instance, run, resources=resources) as context:
        mailing(context.for_run_failure() if is_failed else context)

    [letter] = waiting(configured)
    assert letter.key.startswith("failed-" if is_failed else "night-")
    assert run.status is DagsterRunStatus.FAILURE


def test_without_a_relay_only_dead_runs_are_looked_for(configured: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = {sensor.name for sensor in build_definitions().sensors or ()}
    monkeypatch.delenv("BOKSLUT_CONFIG")
    assert everything == {"inbox_sensor", "dead_runs", "failure_mail", "digest_mail"}
    monkeypatch.chdir(configured.root)
    assert {sensor.name for sensor in build_definitions().sensors or ()} == {"inbox_sensor", "dead_runs"}


def test_facts_hold_counts_and_names_of_ours(home: Home, instance: DagsterInstance) -> None:
    personal_troubles(home)
    made = release(home, NOON)
    found = facts_of_run(home, TOLD, instance, "run", NOON.date() + timedelta(days=9), succeeded=True)
    assert found.release == made
    assert found.to_mend[0] == ToMend("ekonomi", "Rader i karantän", 2, (("budget_readable", 2),))
    assert ("Huvudbok", "ekonomi") in found.missing
    [(late, owner)] = found.late
    assert late.startswith("Budget: senaste leveransen kom 2024-01-22, för 9 dygn sedan")
    assert owner == "ekonomi"
    assert digest(late=found.late).subject.endswith("ny utgåva, 1 sena leveranser")
    assert f"Sena leveranser:\n- {late} (ekonomi)" in digest(late=found.late).body
