"""The only assembly: assets, checks, the job, its schedule and sensors.

Belongs here: putting the parts together. Not here: any of the parts. Tests, the CLI and Dagster all use
:func:`build_definitions`.
"""

from __future__ import annotations

from dagster import (
    AssetKey,
    AssetSelection,
    Definitions,
    define_asset_job,
    definitions,
    in_process_executor,
)

from orchestration.alerts.sensors import alert_sensors
from orchestration.assets.deliveries import deliveries_asset
from orchestration.assets.fetched import KOLADA, kolada
from orchestration.assets.raw import raw_assets
from orchestration.assets.release import release_assets
from orchestration.assets.warehouse import frozen_snapshot, warehouse_assets
from orchestration.schedules import nightly_schedule
from orchestration.sensors import inbox_sensor
from orchestration.workspace import Workspace
from sources.registry import SOURCES

JOB = "nightly"


def build_definitions(workspace: Workspace | None = None) -> Definitions:
    """Return everything Dagster needs to know; ``workspace`` is given by tests."""
    workspace = workspace or Workspace()
    build_warehouse, close_warehouse = warehouse_assets()
    marts = [key for key in build_warehouse.keys if key.path[0] == "marts"]
    # What is never fetched has no step: the night stays as short, and the graph says what there is.
    is_fetching = bool(workspace.settings.kolada.kpis)
    closing: list[AssetKey] = sorted(close_warehouse.keys)
    # One process: a process per step costs a second each, and the steps of a night wait for each other anyway.
    job = define_asset_job(
        JOB,
        selection=AssetSelection.all(),
        executor_def=in_process_executor,
        description="Från inkorg till utgåva: ta emot, läs, pröva, bygg, granska, publicera.",
        tags={"dagster/max_runtime": str(6 * 3600)},
    )
    return Definitions(
        assets=[
            *([kolada] if is_fetching else []),
            deliveries_asset([KOLADA] if is_fetching else []),
            *(raw_assets(source) for source in SOURCES),
            frozen_snapshot,
            build_warehouse,
            close_warehouse,
            *release_assets(sorted(marts), closing),
        ],
        jobs=[job],
        schedules=[nightly_schedule(job, workspace.settings.municipality.time_zone)],
        sensors=[inbox_sensor(job), *alert_sensors(job, is_mailing=workspace.settings.mail.host is not None)],
        resources={"workspace": workspace},
    )


@definitions  # type: ignore[untyped-decorator]
def defs() -> Definitions:
    """Return the definitions of this code location."""
    return build_definitions()
