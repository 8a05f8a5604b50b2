"""Dagster's daemon when the clock is changed for summer and winter, dies, or is set a year ahead."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dagster import DagsterInstance, DagsterRunStatus
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.test_utils import create_run_for_test, freeze_time, instance_for_test
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceLoadTarget
from dagster._scheduler.scheduler import launch_scheduled_runs

from orchestration.alerts import night_of
from orchestration.definitions import build_definitions
from orchestration.home import Home
from orchestration.operation.ahead import bring_back
from orchestration.operation.reconcile import AGE_SECONDS, reconcile
from orchestration.schedules import NIGHTLY_CRON
from tests.faults import small_location
from tests.faults.clock import YEARS_BACK, at, set_clock

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class _Here(WorkspaceLoadTarget):  # type: ignore[misc]
    """The small location, loaded in this process."""

    def create_origins(self) -> list[InProcessCodeLocationOrigin]:
        loaded = LoadableTargetOrigin(
            executable_path=sys.executable, python_file=small_location.__file__, attribute="defs"
        )
        return [InProcessCodeLocationOrigin(loaded, location_name="here")]


class Daemon:
    """Dagster's scheduler as its daemon runs it; ``restart`` is a new process, which remembers what is stored only."""

    def __init__(self, context: WorkspaceProcessContext) -> None:
        self.instance: DagsterInstance = context.instance
        self._context = context
        self._remembered: dict[str, Any] = {}
        self.fired: list[datetime] = []

    def restart(self) -> None:
        self._remembered = {}

    def up(self, first: datetime, last: datetime, every: timedelta = timedelta(minutes=30)) -> None:
        """Let the daemon look, from ``first`` to ``last``; ``fired`` tells when it started a run."""
        now = first
        while now <= last:
            before = len(self.instance.get_runs())
            with freeze_time(now):
                list(launch_scheduled_runs(self._context, logging.getLogger("daemon"), now, self._remembered))
            self.fired += [now] * (len(self.instance.get_runs()) - before)
            now += every


@pytest.fixture
def daemon() -> Iterator[Daemon]:
    nothing_runs = {
        "run_launcher": {"module": "dagster._core.test_utils", "class": "MockedRunLauncher"},
        "run_coordinator": {"module": "dagster._core.run_coordinator", "class": "DefaultRunCoordinator"},
    }
    with instance_for_test(overrides=nothing_runs) as instance, WorkspaceProcessContext(instance, _Here()) as context:
        yield Daemon(context)


CHANGES = [(date(2026, 3, 27), date(2026, 3, 31)), (date(2026, 10, 23), date(2026, 10, 27))]


@pytest.mark.parametrize(("first", "last"), CHANGES)
def test_every_night_has_its_run_when_the_clock_is_changed(daemon: Daemon, first: date, last: date) -> None:
    begin = datetime(first.year, first.month, first.day, 0, tzinfo=STOCKHOLM).astimezone(UTC)
    daemon.up(begin, begin + timedelta(days=5))

    local = [moment.astimezone(STOCKHOLM) for moment in daemon.fired]
    nights = [first + timedelta(days=number) for number in range(5)]
    assert nights[-1] == last
    assert [moment.date() for moment in local] == nights
    assert {(moment.hour, moment.minute) for moment in local} == {(3, 30)}
    assert [night_of(moment, "Europe/Stockholm") for moment in daemon.fired] == nights
    assert {b - a for a, b in pairwise(daemon.fired)} == {
        timedelta(hours=h) for h in (24, 23 if first.month == 3 else 25)
    }


@pytest.mark.parametrize(("first", "last"), CHANGES)
def test_a_daemon_that_was_down_when_the_clock_was_changed_makes_up_for_it_with_one_run(
    daemon: Daemon, first: date, last: date
) -> None:
    begin = datetime(first.year, first.month, first.day, 2, tzinfo=STOCKHOLM).astimezone(UTC)
    daemon.up(begin, begin + timedelta(hours=3))
    daemon.restart()
    daemon.up(begin + timedelta(days=3, hours=9), begin + timedelta(days=4, hours=5))

    local = [f"{moment.astimezone(STOCKHOLM):%d %H}" for moment in daemon.fired]
    up_again = begin + timedelta(days=3, hours=9)
    assert local == [f"{first:%d} 03", f"{up_again.astimezone(STOCKHOLM):%d %H}", f"{last:%d} 03"]


def test_a_clock_that_was_ahead_stops_the_daemon_until_it_is_brought_back(daemon: Daemon) -> None:
    """Dagster goes on from the last time it looked, and that is a year from now."""
    daemon.up(at("2026-11-20", "01:00"), at("2026-11-20", "04:00"))
    daemon.up(at("2027-11-21", "01:00"), at("2027-11-21", "04:00"))
    daemon.restart()
    fired = len(daemon.fired)

    daemon.up(at("2026-11-22", "01:00"), at("2026-11-24", "04:00"))
    assert len(daemon.fired) == fired, "Dagster has mended this itself: operation.ahead can go"

    daemon.restart()
    assert bring_back(daemon.instance, at("2026-11-24", "05:00").timestamp()) == ["nightly_at_0315"]
    assert bring_back(daemon.instance, at("2026-11-24", "05:00").timestamp()) == []
    daemon.up(at("2026-11-24", "05:00"), at("2026-11-26", "05:00"))
    assert [f"{moment:%m-%d %H:%M}" for moment in daemon.fired[fired:]] == ["11-25 02:30", "11-26 02:30"]


def test_a_dead_battery_starts_no_night_twice(daemon: Daemon) -> None:
    daemon.up(at("2026-11-20", "01:00"), at("2026-11-20", "04:00"))
    daemon.restart()
    daemon.up(YEARS_BACK, YEARS_BACK + timedelta(hours=6))
    daemon.restart()
    daemon.up(at("2026-11-22", "05:00"), at("2026-11-23", "05:00"))
    assert [f"{moment:%Y-%m-%d}" for moment in daemon.fired] == ["2026-11-20", "2026-11-22", "2026-11-23"]


def test_the_schedule_is_the_nights_own() -> None:
    own, tried = [list(each.schedules or ()) for each in (build_definitions(), small_location.defs)]
    assert [(each.name, each.cron_schedule, each.execution_timezone) for each in own] == [
        (each.name, each.cron_schedule, each.execution_timezone) for each in tried
    ]
    assert [(each.cron_schedule, each.execution_timezone) for each in own] == [(NIGHTLY_CRON, "Europe/Stockholm")]


def test_a_run_that_began_in_the_future_is_no_longer_young(empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with instance_for_test() as instance:
        made = create_run_for_test(instance, job_name="nightly", status=DagsterRunStatus.STARTED)
        set_clock(monkeypatch, datetime.now(UTC) - timedelta(days=365))
        assert reconcile(empty_home, instance, older_than_seconds=AGE_SECONDS, second_look_seconds=0) == [made.run_id]
