"""Forget Dagster's old runs, which it keeps for ever.

Belongs here: what is kept of runs and their events. Not here: releases and builds, which have rules of their own
(``publishing``), or ticks, which ``dagster.yaml`` limits. What was checked in a night stays in the mart
``quality_result`` of its release.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

_AT_A_TIME = 100


def forget_old_runs(instance: Any, keep_days: int) -> int:
    """Delete the ended runs that began more than ``keep_days`` ago, with their events, and return how many."""
    from dagster import DagsterRunStatus, RunsFilter

    ended = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
    asked = RunsFilter(statuses=ended, created_before=datetime.now(UTC) - timedelta(days=keep_days))
    count = 0
    while records := instance.get_run_records(asked, limit=_AT_A_TIME):
        for record in records:
            instance.delete_run(record.dagster_run.run_id)
        count += len(records)
    return count
