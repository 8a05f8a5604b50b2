"""The audit and the release: only a build that passed everything reaches the analysts.

Belongs here: Dagster's view of both. Not here: judging or writing (``publishing``).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    FreshnessPolicy,
    MaterializeResult,
    MetadataValue,
    asset,
    multi_asset,
)

from orchestration.alerts.heartbeat import came_through
from orchestration.assets.deliveries import bullets
from orchestration.checks import raw_key
from orchestration.loading.snapshot import Build
from orchestration.progress import tell
from orchestration.publishing.audit import BLOCKED, PUBLISH, Audit, audit_build
from orchestration.publishing.release import clear_old_builds, publish
from orchestration.publishing.retention import clear_old_releases
from orchestration.publishing.store import current_release
from orchestration.publishing.timeliness import timings
from orchestration.statement import statement_markdown
from orchestration.workspace import Workspace

RELEASE = AssetKey("release")
MAY_BE_PUBLISHED = "may_be_published"
_RESULTS, _RELEASES = raw_key("checks__results"), raw_key("releases__release")


def release_assets(marts: list[AssetKey], closing: list[AssetKey]) -> list[AssetsDefinition]:
    """Return the audit of ``marts`` and the release, which also waits for the ``closing`` marts."""

    @multi_asset(
        name="audit",
        specs=[
            AssetSpec(
                key=key,
                deps=marts,
                group_name="publicering",
                owners=["team:drift"],
                kinds={"greatexpectations", "parquet"},
                tags={"layer": "raw"},
                description=description,
            )
            for key, description in (
                (_RESULTS, "En rad per kontroll och körning."),
                (_RELEASES, "En rad per utgåva, med den som körningen vill publicera sist."),
            )
        ],
        check_specs=[
            AssetCheckSpec(
                name=MAY_BE_PUBLISHED,
                asset=_RELEASES,
                blocking=True,
                description="Regler för publicerade tabeller håller, och inget har försvunnit sedan förra utgåvan.",
            )
        ],
    )
    def audit(context: AssetExecutionContext, workspace: Workspace) -> Iterator[MaterializeResult | AssetCheckResult]:
        """Audit the build: what differs from the standing release, and whether it may replace it."""
        tell("Granskar bygget")
        with workspace.register() as register:
            stored = register.checks_that_matter(context.run_id)
            in_time = timings(register, workspace.settings.calendar, datetime.now(UTC).date())
        build = Build.of(workspace.home, context.run_id)
        found = audit_build(workspace.home, build, context.run_id, stored, workspace.settings, in_time)
        yield MaterializeResult(asset_key=_RESULTS, metadata={"dagster/row_count": len(found.checks)})
        yield MaterializeResult(
            asset_key=_RELEASES,
            metadata={"utslag": found.verdict, "skillnader mot gällande utgåva": bullets(found.differences)},
        )
        yield AssetCheckResult(
            check_name=MAY_BE_PUBLISHED,
            asset_key=_RELEASES,
            passed=found.verdict != BLOCKED,
            severity=AssetCheckSeverity.ERROR,
            metadata={"skäl": bullets(found.reasons), "varningar": bullets(found.warnings)},
        )

    @asset(
        key=RELEASE,
        deps=[_RELEASES, *closing],
        group_name="publicering",
        owners=["team:drift", "team:ekonomi"],
        kinds={"duckdb", "parquet"},
        tags={"layer": "release"},
        description="En rad per publicerad utgåva. Den senaste godkända läses genom `published/current.duckdb`.",
        freshness_policy=FreshnessPolicy.cron(
            deadline_cron="0 6 * * *", lower_bound_delta=timedelta(hours=6), timezone="Europe/Stockholm"
        ),
    )
    def release(context: AssetExecutionContext, workspace: Workspace) -> MaterializeResult:
        """One row per published release: tonight's build, or the word that nothing has changed."""
        tell("Publicerar")
        home = workspace.home
        build = Build.of(home, context.run_id)
        found = Audit.load(build)
        publish(home, build, found, workspace.settings.database)
        clear_old_builds(home)
        cleared = clear_old_releases(home, workspace.settings.releases) if found.verdict == PUBLISH else []
        came_through(home, context.run_id, datetime.now(UTC))
        standing = current_release(home)
        assert standing is not None
        return MaterializeResult(
            metadata={
                "utgåva": standing.release_id,
                "ny": found.verdict == PUBLISH,
                "skäl": bullets(found.reasons),
                "skillnader": bullets(found.differences),
                "driftsredovisning": MetadataValue.md(statement_markdown(home.current)),
                "rensade utgåvor": bullets([each.release_id for each in cleared]),
                "fil": MetadataValue.path(str(home.current)),
            }
        )

    return [audit, release]
