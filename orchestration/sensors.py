"""What starts a run between the nights: files that lie still in the inbox.

Not here: taking them (``loading.intake``).
"""

import hashlib

from dagster import DefaultSensorStatus, RunRequest, SensorDefinition, SensorEvaluationContext, SkipReason, sensor
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from orchestration.loading.intake import inbox_files
from orchestration.workspace import Workspace

_SECONDS = 60


def inbox_sensor(job: UnresolvedAssetJobDefinition) -> SensorDefinition:
    """Return the sensor: a run when the same files have lain unchanged in the inbox for one look to the next."""

    @sensor(
        name="inbox_sensor",
        job=job,
        minimum_interval_seconds=_SECONDS,
        default_status=DefaultSensorStatus.RUNNING,
        description="Startar en körning när nya filer har legat stilla i inkorgen.",
    )
    def watch(context: SensorEvaluationContext, workspace: Workspace) -> RunRequest | SkipReason:
        # Of the entry itself: what a link points at may be absent, and is nobody's delivery.
        seen = [(path.name, path.lstat()) for path in inbox_files(workspace.home.inbox)]
        looks = [(name, status.st_size, status.st_mtime_ns) for name, status in seen]
        if not looks:
            context.update_cursor("")
            return SkipReason("Inkorgen är tom.")
        now = hashlib.sha256(repr(looks).encode()).hexdigest()
        if context.cursor != now:
            context.update_cursor(now)
            return SkipReason(f"{len(looks)} filer i inkorgen; väntar tills de ligger stilla.")
        return RunRequest(run_key=now)

    return watch
