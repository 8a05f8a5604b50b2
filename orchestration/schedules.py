"""When the night runs. Not here: what it does."""

from __future__ import annotations

from dagster import DefaultScheduleStatus, ScheduleDefinition
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

# Outside 02–03, which daylight saving skips once a year and repeats once.
NIGHTLY_CRON = "15 3 * * *"


def nightly_schedule(job: UnresolvedAssetJobDefinition, time_zone: str) -> ScheduleDefinition:
    """Return the schedule: every night at 03:15 of the municipality's clock; the next one makes up for a missed one."""
    return ScheduleDefinition(
        name="nightly_at_0315",
        job=job,
        cron_schedule=NIGHTLY_CRON,
        execution_timezone=time_zone,
        default_status=DefaultScheduleStatus.RUNNING,
        description="Varje natt 03:15. Körningen tar allt som väntar, också det som kom under en missad natt.",
    )
