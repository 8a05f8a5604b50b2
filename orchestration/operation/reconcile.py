"""End the runs that died without saying so.

Dagster notices a process that is gone only when the run's time is out, and meanwhile the next night waits. A run that
lives holds the home's lock from its start to its end, and the lock goes with its process: where nobody holds the lock,
a run that is said to be going is dead.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from orchestration.home import Home
from orchestration.lock import AlreadyRunningError, lock

#: A run takes the lock some seconds after Dagster has entered it; while others work, younger ones are left alone.
AGE_SECONDS = 120.0
# A run that has just let go of the lock says in a moment how it ended.
_SECOND_LOOK_SECONDS = 3.0
_REASON = "Körningens process är borta (strömavbrott eller avbruten); nästa körning tar vid."


def reconcile(
    home: Home, instance: Any, *, older_than_seconds: float = 0, second_look_seconds: float = _SECOND_LOOK_SECONDS
) -> list[str]:
    """Mark the dead runs of a home as failed and return their ids; ``instance`` is the home's ``DagsterInstance``.

    What waits in the queue is left to Dagster's daemon. Looks twice before it ends anything.
    """
    if not _dead(home, instance, older_than_seconds):
        return []
    time.sleep(second_look_seconds)
    ended = []
    for run in _dead(home, instance, older_than_seconds):
        instance.report_run_failed(run, _REASON)
        ended.append(run.run_id)
    return ended


def _dead(home: Home, instance: Any, older_than_seconds: float) -> list[Any]:
    from dagster import DagsterRunStatus, RunsFilter

    under_way = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
    records = instance.get_run_records(RunsFilter(statuses=under_way))
    now = datetime.now(UTC).timestamp()
    # One that began in the future began before the clock was set right.
    old = [each.dagster_run for each in records if abs(now - _began(each)) >= older_than_seconds]
    return old if old and not _is_held(home) else []


def _began(record: Any) -> float:
    return float(record.start_time or record.create_timestamp.timestamp())


def _is_held(home: Home) -> bool:
    try:
        with lock(home):
            return False
    except AlreadyRunningError:
        return True
