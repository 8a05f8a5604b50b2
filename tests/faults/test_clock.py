"""The machine's clock dies, or is set a year ahead for a night: the order in the books and the alarms stay right."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from orchestration.alerts import announce
from orchestration.alerts.facts import Facts
from orchestration.alerts.heartbeat import came_through, last_night, silence
from orchestration.alerts.letters import Letter, letter_of_run
from orchestration.home import Home
from orchestration.loading.arrival import judge_deliveries
from orchestration.loading.intake import take_inbox
from orchestration.loading.reading import read_deliveries
from orchestration.loading.snapshot import Build
from orchestration.publishing.audit import PUBLISH, UNCHANGED, WITHDRAWN, Audit, audit_build
from orchestration.publishing.dictionary import Dictionary
from orchestration.publishing.exports import export_release
from orchestration.publishing.retention import kept
from orchestration.publishing.store import Release, point_readers_at, releases, roll_back
from orchestration.publishing.timeliness import timings
from orchestration.settings import Heartbeat, Inbox, Mail, Settings
from orchestration.settings_of_releases import Days, Expected, Releases
from sources.register import Register
from sources.registry import source_by_code
from tests.faults.clock import READERS, YEARS_BACK, at, set_clock
from tests.mail_server import mail_server
from tests.orchestration.small_releases import publish

SETTINGS = Settings(inbox=Inbox(settle_seconds=0))
BUDGET = "År;Ansvar;Konto;Belopp\n2023;0110;5010;{}\n2023;0120;5010;10\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


# --- Deliveries: which is newest goes by the order in which they came ---


def test_the_clock_is_read_nowhere_else() -> None:
    root = Path(__file__).parents[2]
    reading = re.compile(r"\bdatetime\.(now|utcnow|today)\(|\bdate\.today\(|\btime\.time\(")
    found = {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        for folder in ("orchestration", "sources", "expectations")
        for path in (root / folder).rglob("*.py")
        if reading.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(READERS)


def deliver(home: Home, run_id: str, amount: int) -> str:
    """Deliver a budget in a run of its own and return the name of the file that holds then."""
    (home.inbox / f"budget_2023_{run_id}.csv").write_text(BUDGET.format(amount), encoding="utf-8")
    source = source_by_code("budget")
    with Register(home.register) as register:
        take_inbox(home, SETTINGS, register, run_id)
        read_deliveries(home, SETTINGS, register, source)
        judge_deliveries(home, SETTINGS, register, source, run_id)
        assert [each.status for each in register.deliveries()].count("loaded") == 1
        [holding] = register.current().values()
        assert holding.file_name == f"budget_2023_{holding.run_id}.csv"
        return holding.run_id


@pytest.mark.parametrize(
    "wrong", [YEARS_BACK, at("2027-11-22"), at("2026-10-22")], ids=["dead", "ahead", "a month back"]
)
def test_what_comes_later_holds_whatever_the_clock_said(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch, wrong: datetime
) -> None:
    clocks = [at("2026-11-21"), wrong, wrong + timedelta(minutes=1), at("2026-11-23"), at("2026-11-24")]
    for number, moment in enumerate(clocks):
        set_clock(monkeypatch, moment)
        assert deliver(empty_home, str(number), number) == str(number)

    with Register(empty_home.register) as register:
        found = register.deliveries()
    assert [each.run_id for each in found] == ["0", "1", "2", "3", "4"]
    assert [each.clock_at for each in found] == clocks
    assert all(a.received_at < b.received_at for a, b in pairwise(found))
    assert found[0].received_at == clocks[0]
    if wrong < clocks[0]:
        assert [each.received_at for each in found[3:]] == clocks[3:], "the clock is right again, and so are the times"


def test_the_suppliers_own_date_is_not_touched_by_our_clock(
    empty_home: Home, example_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old export that is found in a mailbox while the clock is ahead does not undo a correction."""
    text = (example_files / "KS_2022.se").read_bytes().decode("cp437")
    text = re.sub(r"#KSUMMA[^\n]*\n", "", text)
    source = source_by_code("ledger")
    with Register(empty_home.register) as register:
        for run_id, made, moment in (
            ("new", "20260120", at("2026-11-21")),
            ("old", "20260102", at("2027-11-22")),
            ("newest", "20260121", at("2026-11-23")),
        ):
            set_clock(monkeypatch, moment)
            dated = re.sub(r"#GEN \d+", f"#GEN {made}", text)
            (empty_home.inbox / f"KS_2022_{run_id}.se").write_bytes(dated.encode("cp437"))
            take_inbox(empty_home, SETTINGS, register, run_id)
            for delivery in read_deliveries(empty_home, SETTINGS, register, source):
                register.judge(delivery.load_id, [], status="loaded", rows_loaded=delivery.rows_in)
            register.supersede()
            [holding] = register.current().values()
            assert holding.run_id == ("new" if run_id == "old" else run_id)


def late(home: Home, day: date) -> list[tuple[str, bool]]:
    with Register(home.register) as register:
        found = timings(register, {"budget": Expected(delivered=Days(warn=3, fail=9))}, day)
    return [(timing.message.partition(".")[0], timing.stops) for timing in found if timing.message]


def test_a_supplier_that_stops_after_a_year_ahead_is_still_late(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, moment in enumerate([at("2026-11-21"), at("2027-11-22"), at("2026-11-23")]):
        set_clock(monkeypatch, moment)
        deliver(empty_home, str(number), number)

    assert late(empty_home, date(2026, 11, 26)) == []
    [(warned, stops)] = late(empty_home, date(2026, 11, 27))
    assert (warned, stops) == ("Budget: senaste leveransen kom 2026-11-23, för 4 dygn sedan", False)
    assert [stops for _, stops in late(empty_home, date(2026, 12, 3))] == [True]
    assert [stops for _, stops in late(empty_home, date(2028, 1, 1))] == [True]


def test_with_a_dead_battery_nobody_can_say_who_is_late(empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, at("2026-11-21"))
    deliver(empty_home, "0", 0)
    [(said, stops)] = late(empty_home, YEARS_BACK.date())
    assert not stops
    assert said.endswith("så om de kom i tid går inte att säga")
    set_clock(monkeypatch, YEARS_BACK)
    deliver(empty_home, "1", 1)
    assert late(empty_home, YEARS_BACK.date()) == late(empty_home, date(2026, 11, 22)) == []
    assert [stops for _, stops in late(empty_home, date(2026, 12, 3))] == [True]


# --- Releases: the order in the books never goes back, and somebody is told that the clock did ---


def audited(
    home: Home, monkeypatch: pytest.MonkeyPatch, moment: datetime, run_id: str, comment: str | None = None
) -> Audit:
    """Audit the night's build as it is, or with another comment; publish what may be and leave the night's mark."""
    set_clock(monkeypatch, moment)
    [build] = [Build(path) for path in home.builds.iterdir()]
    if comment:
        with duckdb.connect(str(build.warehouse)) as connection:
            connection.execute("update marts.assignment set comment = ?", [comment])
    found = audit_build(home, build, run_id, [], Settings())
    if found.verdict == PUBLISH:
        export_release(home, build, found.release, Dictionary({}, {}, {}, {}), Settings().database)
        point_readers_at(home, found.release.release_id)
    came_through(home, run_id, moment)
    return found


def test_releases_keep_their_order_and_the_first_night_after_tells(
    home_after_a_night: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_after_a_night
    [first] = releases(home)
    start = datetime.fromisoformat(first.published_at).replace(tzinfo=UTC)
    # Two nights with a dead battery, one a year ahead, and those that are right.
    nights = [
        ("dead", YEARS_BACK, True),
        ("dead again", YEARS_BACK + timedelta(days=1), False),
        ("right", start + timedelta(days=3), False),
        ("ahead", start + timedelta(days=365), False),
        ("set back", start + timedelta(days=4), True),
        ("after", start + timedelta(days=5), False),
    ]
    for run_id, moment, is_told in nights:
        found = audited(home, monkeypatch, moment, run_id, comment=run_id)
        assert found.verdict == PUBLISH, found.reasons
        assert found.release.release_id == f"{moment:%Y-%m-%d}-1"
        assert bool(found.clock) == is_told, run_id
        assert found.warnings == ([found.clock] if is_told else [])
        if is_told:
            assert f"nu är den {moment:%Y-%m-%d %H:%M} UTC" in found.clock
        assert audited(home, monkeypatch, moment + timedelta(hours=1), run_id).verdict == UNCHANGED

    known = releases(home)
    assert [release.run_id for release in known[1:]] == [run_id for run_id, _, _ in nights]
    assert all(a.published_at < b.published_at for a, b in pairwise(known))
    assert [release.compared_with for release in known[1:]] == [release.release_id for release in known[:-1]]
    roll_back(home, known[5].release_id)
    assert [release.withdrawn for release in releases(home)] == [False] * 6 + [True]
    assert audited(home, monkeypatch, start + timedelta(days=6), "again").verdict == WITHDRAWN


def test_the_heartbeat_is_neither_kept_silent_nor_kept_ringing_by_a_night_in_the_future(home: Home) -> None:
    limits, start = Heartbeat(max_night_hours=30, max_release_days=40), at("2026-11-21")
    publish(home, "2026-11-21-1")
    came_through(home, "1", start)
    ahead = start + timedelta(days=365)
    publish(home, f"{ahead:%Y-%m-%d}-1")
    came_through(home, "2", ahead)
    assert silence(home, limits, ahead) == []

    for hours in (24, 48, 24 * 30):
        [said] = silence(home, limits, start + timedelta(hours=hours))
        assert "i framtiden. Kontrollera klockan" in said
    right = start + timedelta(days=2)
    came_through(home, "3", right)
    assert silence(home, limits, right + timedelta(hours=1)) == []
    assert ["Ingen natt" in said for said in silence(home, limits, right + timedelta(hours=31))] == [True]

    came_through(home, "4", right + timedelta(days=41))
    [said] = silence(home, limits, right + timedelta(days=41))
    assert "Utgåvan 2027-11-21-1 är från 2026-11-23 (gräns 40 dygn)." in said, "nothing new since the clock was ahead"
    publish(home, "2027-01-04-1", at="2027-11-21T02:15:01")
    came_through(home, "5", right + timedelta(days=42))
    assert silence(home, limits, right + timedelta(days=42)) == []
    assert last_night(home) == right + timedelta(days=42)


def test_the_heartbeat_rings_while_the_battery_is_dead_until_a_night_has_told(home: Home) -> None:
    publish(home, "2026-11-21-1")
    came_through(home, "1", at("2026-11-21"))
    assert ["i framtiden" in said for said in silence(home, Heartbeat(), YEARS_BACK)] == [True]
    came_through(home, "2", YEARS_BACK)
    assert ["Ingen natt" in said for said in silence(home, Heartbeat(), at("2026-11-23", "12:00"))] == [True]
    came_through(home, "3", at("2026-11-24"))
    assert silence(home, Heartbeat(), at("2026-11-24", "12:00")) == []


def test_one_night_ahead_does_not_make_a_years_releases_one_day(home: Home) -> None:
    first = at("2026-11-21")
    ahead = first + timedelta(days=365)
    known = [_made(first, first), _made(ahead, ahead)]
    for day in range(1, 30):
        known.append(_made(first + timedelta(days=day), ahead + timedelta(seconds=day)))

    found = kept(known, known[-1], Releases())

    assert sorted(found) == sorted([f"2026-12-{day:02}-1" for day in range(8, 21)] + ["2027-11-21-1", "2026-11-30-1"])


def _made(clock_at: datetime, published_at: datetime) -> Release:
    published = published_at.replace(tzinfo=None).isoformat()
    return Release(f"{clock_at:%Y-%m-%d}-1", published, "", "", "", "", 0, 0, "", "")


# --- Letters, and runs that were going ---


def test_the_digest_says_that_the_clock_went_back() -> None:
    told = Facts("run", True, UNCHANGED, None, (), (), (), (), clock="Klockan har gått tillbaka: …")
    letter = letter_of_run(told, Settings(), date(2026, 11, 22), at("2026-11-22"))
    assert letter.subject.endswith("oförändrad, klockan har gått tillbaka")
    assert "Klockan:\n- Klockan har gått tillbaka: …" in letter.body


def test_a_night_whose_date_was_used_by_a_wrong_clock_has_its_letter(home: Home) -> None:
    with mail_server() as server:
        mail = Mail(host="localhost", port=server.port, sender="b@example.se", recipients=("d@example.se",))
        for moment in ("2026-11-22", "2026-11-22", "2025-11-21", "2025-11-22"):
            announce(home, mail, Letter("night-2026-11-22", "s", "b", at(moment)))
    assert [mail["Date"][:16] for mail in server.received] == ["Sun, 22 Nov 2026", "Fri, 21 Nov 2025"]
