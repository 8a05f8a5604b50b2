"""The warehouse: the frozen snapshot, and everything dbt builds from it.

Belongs here: Dagster's view of the snapshot and of dbt's nodes. Not here: how dbt is run (``orchestration.warehouse``)
and what the models say (``dbt_project``).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    Failure,
    MaterializeResult,
    Output,
    multi_asset,
)
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from orchestration.assets.deliveries import bullets
from orchestration.beside import done
from orchestration.checks import raw_key, stands_results, stands_specs
from orchestration.loading.arrival import missing_deliveries
from orchestration.loading.snapshot import Build, freeze
from orchestration.node_metadata import node_metadata
from orchestration.progress import tell
from orchestration.publishing.audit import PUBLISH, Audit, begin_published_checks
from orchestration.reuse import BUILT, CLOSED, load_results, mark_complete, save_results, take_over, taken_over_from
from orchestration.settings import Database
from orchestration.warehouse import NodeResult, failing_rows, manifest_json, run_dbt
from orchestration.workspace import Workspace
from sources.registry import SOURCES

CLOSING = "tag:closing"
# Unit tests prove the models on made-up rows; they belong to `make test`, not to the night.
_NOT_AT_NIGHT = ["--exclude-resource-type", "unit_test"]

# What is frozen, and whether it is known only once every source has been judged.
FROZEN = {
    "deliveries__load": ("En rad per levererad fil med dess öde.", True),
    "deliveries__current": ("En rad per källa, organisation och år: leveransen som gäller.", True),
    "quarantine__rows": ("En rad per rad som har satts i karantän, med regel och orsak.", True),
    "settings__boards": ("En rad per nämnd i konfigurationen.", False),
    "settings__account_lines": ("En rad per konto vars rad i driftsredovisningen konfigurationen bestämmer.", False),
    "settings__municipality": ("En rad: kommunen.", False),
    "settings__comparison": ("En rad per kommun som vi jämför oss med.", True),
    "settings__staff": ("En rad: hur personal räknas och hur små grupper som får visas.", False),
    "releases__mask": ("En rad per grupp av personer som någon utgåva har dolt.", False),
    "releases__survey_mask": ("En rad per fråga och grupp som någon utgåva har dolt i en enkät.", False),
}


@multi_asset(
    name="freeze",
    specs=[
        AssetSpec(
            key=raw_key(table),
            deps=[raw_key(source.tables[0]) for source in SOURCES] if is_judged else [],
            group_name="mottagning",
            owners=["team:drift"],
            kinds={"parquet"},
            tags={"layer": "raw"},
            description=description,
        )
        for table, (description, is_judged) in FROZEN.items()
    ],
    check_specs=stands_specs(),
)
def frozen_snapshot(
    context: AssetExecutionContext, workspace: Workspace
) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Freeze what the run builds from; without a delivery that holds for each year, nothing is built."""
    tell("Fryser underlaget")
    own_number = workspace.settings.municipality.organisation_number
    with workspace.register() as register:
        build = freeze(workspace.home, workspace.settings, register, context.run_id)
        missing = {source.code: missing_deliveries(register, source.code, own_number) for source in SOURCES}
    for table in FROZEN:
        yield MaterializeResult(asset_key=raw_key(table), metadata={"dagster/row_count": _rows(build, table)})
    yield from stands_results(missing)


def _rows(build: Build, table: str) -> int:
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(path).num_rows for path in (build.raw / table).glob("*.parquet"))


class Translator(DagsterDbtTranslator):  # type: ignore[misc]
    """How dbt's nodes are shown: grouped by subject, owned, tagged by layer."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """Return schema and name; a source has the key of the raw table that Python writes."""
        if dbt_resource_props["resource_type"] == "source":
            return raw_key(dbt_resource_props["name"])
        return AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str] | None:
        """Return the team that the model's ``meta.owner`` names."""
        owner = (dbt_resource_props.get("config", {}).get("meta") or {}).get("owner")
        return [f"team:{owner}"] if owner else None

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        """Return the layer, which is the schema."""
        return {"layer": dbt_resource_props["schema"]}

    def get_asset_check_spec(
        self, asset_spec: AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: Any
    ) -> AssetCheckSpec | None:
        """Return dagster-dbt's check with the test's own description, which it would look for under ``meta``."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and spec._replace(description=manifest["nodes"][unique_id].get("description"))


TRANSLATOR = Translator(settings=DagsterDbtTranslatorSettings(enable_asset_checks=True))


def warehouse_assets() -> list[AssetsDefinition]:
    """Return the two steps of dbt: all models but the closing ones, and those, once the audit is done."""
    manifest = manifest_json()

    @dbt_assets(manifest=manifest, exclude=CLOSING, name="build_warehouse", dagster_dbt_translator=TRANSLATOR)
    def build_warehouse(context: AssetExecutionContext, workspace: Workspace) -> Iterator[Any]:
        tell("Bygger lagret")
        build = Build.of(workspace.home, context.run_id)
        if earlier := take_over(workspace.home, build):
            tell("Lagret är redan byggt av samma underlag")
        arguments = ["build", "--exclude", CLOSING, *_NOT_AT_NIGHT]
        if not earlier:
            _build(context, workspace, BUILT, arguments)
            begin_published_checks(build, context.run_id, workspace.settings.database)
        yield from _tell_results(context, workspace, BUILT, earlier)

    @dbt_assets(manifest=manifest, select=CLOSING, name="close_warehouse", dagster_dbt_translator=TRANSLATOR)
    def close_warehouse(context: AssetExecutionContext, workspace: Workspace) -> Iterator[Any]:
        tell("Skriver in kontrollernas utfall")
        build = Build.of(workspace.home, context.run_id)
        # What is not published need not tell of this run: it may stand as the earlier run wrote it.
        earlier = None if Audit.load(build).verdict == PUBLISH else taken_over_from(build)
        if not earlier:
            _build(context, workspace, CLOSED, ["build", "--select", CLOSING, *_NOT_AT_NIGHT])
        yield from _tell_results(context, workspace, CLOSED, earlier)
        mark_complete(build, taken_over_from(build) or context.run_id)

    return [build_warehouse, close_warehouse]


def _build(context: AssetExecutionContext, workspace: Workspace, kept: str, arguments: list[str]) -> None:
    """Run dbt and keep what it said of each node as ``kept``."""
    build = Build.of(workspace.home, context.run_id)
    save_results(build, kept, done(run_dbt, build, arguments, workspace.settings.database))


def _tell_results(
    context: AssetExecutionContext, workspace: Workspace, kept: str, earlier: str | None
) -> Iterator[Any]:
    """Tell what dbt said of each node, in this run or in the ``earlier`` one that was taken over."""
    build, limits = Build.of(workspace.home, context.run_id), workspace.settings.database
    results = load_results(build, kept)
    origin = {"byggd i körning": earlier} if earlier else {}
    nodes = manifest_json()["nodes"]
    metadata = node_metadata(build, [result.unique_id for result in results if result.is_good], TRANSLATOR)
    checks = {key.name: key for key in context.selected_asset_check_keys}
    for result in results:
        if result.resource_type in ("model", "seed") and result.is_good:
            key = TRANSLATOR.get_asset_key(nodes[result.unique_id])
            yield Output(None, key.to_python_identifier(), metadata=metadata[result.unique_id] | origin)
        elif result.resource_type == "test" and result.name in checks and result.status != "skipped":
            yield _check_result(result, checks[result.name].asset_key, nodes[result.unique_id])
    if broken := [result for result in results if not result.is_good and result.status != "skipped"]:
        raise Failure(
            description="Lagret byggdes inte färdigt; inget publiceras.",
            metadata={"fel": bullets([_explain(build, result, nodes[result.unique_id], limits) for result in broken])},
            allow_retries=False,
        )


def _explain(build: Build, result: NodeResult, node: Mapping[str, Any], limits: Database) -> str:
    """Return what a node that failed says: the rule and the rows that break it, or dbt's own message."""
    if rows := failing_rows(build, result, limits):
        more = f" Och {result.failures - len(rows)} till." if result.failures > len(rows) else ""
        return f"{result.name}: {node.get('description') or ''} {' '.join(rows)}{more}"
    return f"{result.name}: {result.message}"


def _check_result(result: NodeResult, asset_key: AssetKey, node: Mapping[str, Any]) -> AssetCheckResult:
    return AssetCheckResult(
        check_name=result.name,
        asset_key=asset_key,
        passed=result.status == "pass",
        severity=AssetCheckSeverity.WARN if result.status == "warn" else AssetCheckSeverity.ERROR,
        metadata={
            "regel": node.get("description") or result.name,
            "underkända rader": result.failures,
            "svar": result.message or "godkänd",
            "sekunder": round(result.seconds, 3),
        },
    )
