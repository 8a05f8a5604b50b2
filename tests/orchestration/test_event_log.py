"""Events are stored as Dagster stores them; those of a burst wait for the next that does not, never longer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import AssetKey, AssetMaterialization, DagsterEventType, EventLogEntry
from dagster._core.events import DagsterEvent, StepMaterializationData, StepOutputData, StepSuccessData
from dagster._core.execution.plan.outputs import StepOutputHandle

from orchestration.event_log import KeptOpenEventLogStorage

RUN = "run"


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[KeptOpenEventLogStorage]:
    made = KeptOpenEventLogStorage(str(tmp_path))
    yield made
    made.dispose()


def entry(kind: DagsterEventType, run_id: str = RUN) -> EventLogEntry:
    data: object = None
    if kind is DagsterEventType.ASSET_MATERIALIZATION:
        data = StepMaterializationData(AssetMaterialization(AssetKey("a")))
    elif kind is DagsterEventType.STEP_OUTPUT:
        data = StepOutputData(StepOutputHandle("step"))
    elif kind is DagsterEventType.STEP_SUCCESS:
        data = StepSuccessData(duration_ms=1.0)
    event = DagsterEvent(kind.value, "job", step_key="step", event_specific_data=data)
    return EventLogEntry(
        error_info=None, level="debug", user_message="", run_id=run_id, timestamp=1.0, dagster_event=event
    )


def stored(folder: Path, shard: str = RUN) -> int:
    """Count the events that another process would see."""
    with sqlite3.connect(folder / f"{shard}.db") as connection:
        count: int = connection.execute("select count(*) from event_logs").fetchone()[0]
    return count


def test_a_burst_is_stored_with_the_event_that_closes_it(storage: KeptOpenEventLogStorage, tmp_path: Path) -> None:
    storage.store_event(entry(DagsterEventType.STEP_START))
    assert stored(tmp_path) == 1

    for _ in range(3):
        storage.store_event(entry(DagsterEventType.STEP_OUTPUT))
    assert stored(tmp_path) == 1
    assert len(storage.get_logs_for_run(RUN)) == 4, "whoever asks the log itself sees what waits"

    storage.store_event(entry(DagsterEventType.STEP_SUCCESS))
    assert stored(tmp_path) == 5


def test_materializations_reach_the_index_too(storage: KeptOpenEventLogStorage, tmp_path: Path) -> None:
    storage.store_event(entry(DagsterEventType.ASSET_MATERIALIZATION))
    storage.store_event(entry(DagsterEventType.STEP_SUCCESS))

    assert stored(tmp_path, "index") == 1
    assert storage.has_asset_key(AssetKey("a"))


def test_a_burst_waits_no_longer_than_it_may(
    storage: KeptOpenEventLogStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([10.0, 10.4, 10.6])
    monkeypatch.setattr("orchestration.event_log.time.monotonic", lambda: next(clock))
    for _ in range(2):
        storage.store_event(entry(DagsterEventType.STEP_OUTPUT))
    assert stored(tmp_path) == 0

    storage.store_event(entry(DagsterEventType.STEP_OUTPUT))

    assert stored(tmp_path) == 3


def test_closing_stores_what_waits(storage: KeptOpenEventLogStorage, tmp_path: Path) -> None:
    storage.store_event(entry(DagsterEventType.STEP_OUTPUT))

    storage.dispose()

    assert stored(tmp_path) == 1


def test_old_runs_are_not_kept_open_and_lose_nothing(storage: KeptOpenEventLogStorage, tmp_path: Path) -> None:
    for number in range(20):
        storage.store_event(entry(DagsterEventType.STEP_OUTPUT, run_id=f"run{number}"))

    assert len(storage._connections) <= 8
    storage.dispose()
    assert [stored(tmp_path, f"run{number}") for number in range(20)] == [1] * 20
