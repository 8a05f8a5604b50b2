"""How the runs that Dagster starts end, told at once; and runs that die without a word.

Belongs here: Dagster's side of it. Not here: what is told (``alerts``), or what makes a run dead (``operation``). A run
from the command line tells of itself.
"""

from dagster import (
    DagsterRunStatus,
    DefaultSensorStatus,
    RunFailureSensorContext,
    RunStatusSensorContext,
    SensorDefinition,
    SensorEvaluationContext,
    SkipReason,
    run_failure_sensor,
    run_status_sensor,
    sensor,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from orchestration.alerts import tell_of_run
from orchestration.operation.reconcile import AGE_SECONDS, reconcile
from orchestration.workspace import Workspace

_SECONDS = 30


def alert_sensors(job: UnresolvedAssetJobDefinition, *, is_mailing: bool) -> list[SensorDefinition]:
    """Return the sensor that ends dead runs and, where there is a relay, those that mail how runs end."""
    return [_dead_runs(), *([_failed(job), _came_through(job)] if is_mailing else [])]


def _failed(job: UnresolvedAssetJobDefinition) -> SensorDefinition:
    @run_failure_sensor(  # type: ignore[untyped-decorator]
        name="failure_mail",
        monitored_jobs=[job],
        minimum_interval_seconds=_SECONDS,
        default_status=DefaultSensorStatus.RUNNING,
        description="Mejlar driften när en körning har misslyckats, dött eller inte kunnat starta.",
    )
    def failure_mail(context: RunFailureSensorContext, workspace: Workspace) -> None:
        _tell(context, workspace, succeeded=False)

    return failure_mail


def _came_through(job: UnresolvedAssetJobDefinition) -> SensorDefinition:
    @run_status_sensor(  # type: ignore[untyped-decorator]
        name="digest_mail",
        run_status=DagsterRunStatus.SUCCESS,
        monitored_jobs=[job],
        minimum_interval_seconds=_SECONDS,
        default_status=DefaultSensorStatus.RUNNING,
        description="Mejlar driften nattens sammandrag, en gång per natt.",
    )
    def digest_mail(context: RunStatusSensorContext, workspace: Workspace) -> None:
        _tell(context, workspace, succeeded=True)

    return digest_mail


def _tell(context: RunStatusSensorContext, workspace: Workspace, *, succeeded: bool) -> None:
    _log(context, tell_of_run(workspace.home, context.instance, context.dagster_run.run_id, succeeded=succeeded))


def _log(context: RunStatusSensorContext | SensorEvaluationContext, messages: list[str]) -> None:
    for message in messages:
        context.log.error(message)


def _dead_runs() -> SensorDefinition:
    @sensor(  # type: ignore[untyped-decorator]
        name="dead_runs",
        minimum_interval_seconds=60,
        default_status=DefaultSensorStatus.RUNNING,
        description="Avslutar körningar vars process har dött, så att larmet går och nästa körning kan börja.",
    )
    def dead_runs(context: SensorEvaluationContext, workspace: Workspace) -> SkipReason:
        ended = reconcile(workspace.home, context.instance, older_than_seconds=AGE_SECONDS)
        for run_id in ended:
            # Dagster tells us only of the runs that it started itself; of those we tell once all the same.
            _log(context, tell_of_run(workspace.home, context.instance, run_id, succeeded=False))
        return SkipReason(f"{len(ended)} döda körningar är avslutade." if ended else "Inga döda körningar.")

    return dead_runs
