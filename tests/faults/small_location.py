"""What Dagster's daemon loads: the night's own schedule, of a job that does nothing."""

from dagster import Definitions, asset, define_asset_job

from orchestration.schedules import nightly_schedule


@asset  # type: ignore[untyped-decorator]
def nothing() -> None:
    """Nothing."""


job = define_asset_job("nightly", selection=[nothing])
defs = Definitions(assets=[nothing], jobs=[job], schedules=[nightly_schedule(job, "Europe/Stockholm")])
