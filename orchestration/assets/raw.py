"""The raw tables: one asset per table, one step per source, with the arrival checks on them.

Belongs here: calling the readers and the judgement, and telling the result. Not here: reading or judging.
"""

from collections.abc import Iterator, Sequence

from dagster import (
    AssetCheckResult,
    AssetExecutionContext,
    AssetsDefinition,
    AssetSpec,
    Failure,
    MaterializeResult,
    MetadataValue,
    TableColumn,
    TableSchema,
    multi_asset,
)

from orchestration.assets.deliveries import DELIVERIES, bullets
from orchestration.checks import check_results, check_specs, raw_key
from orchestration.keys import PseudonymKeyError
from orchestration.loading.arrival import Judgement, judge_deliveries
from orchestration.loading.kolada import failure_of, last_from_kolada, today
from orchestration.loading.raw_files import raw_path
from orchestration.loading.reading import ReadResult, read_deliveries
from orchestration.loading.vintages import source_ages
from orchestration.progress import tell
from orchestration.workspace import Workspace
from sources.register import Delivery
from sources.registry import Source, source_by_code


def raw_assets(source: Source) -> AssetsDefinition:
    """Return the step that reads and judges one source's new deliveries: one asset per raw table."""

    @multi_asset(
        name=f"read_{source.code}",
        specs=[_spec(source, table) for table in source.tables],
        check_specs=check_specs(source),
        group_name="mottagning",
    )
    def read(context: AssetExecutionContext, workspace: Workspace) -> Iterator[MaterializeResult | AssetCheckResult]:
        tell(f"Läser och prövar: {source.title.lower()}")
        with workspace.register() as register:
            try:
                reads = read_deliveries(workspace.home, workspace.settings, register, source)
            except PseudonymKeyError as error:
                raise Failure(description=str(error)) from error
            judged = judge_deliveries(workspace.home, workspace.settings, register, source, context.run_id)
            holding = {d.load_id: d for d in register.current().values() if d.source_code == source.code}
            judged_ids = {judgement.load_id for judgement in judged}
            every = register.deliveries(source_code=source.code)
            stored = register.checks()
        for table in source.tables:
            yield MaterializeResult(
                asset_key=raw_key(table),
                metadata=_metadata(workspace, source, table, list(holding.values()), reads, judged),
            )
        yield from check_results(source, holding | {d.load_id: d for d in every if d.load_id in judged_ids}, stored)

    return read


def _spec(source: Source, table: str) -> AssetSpec:
    # What is judged against a register is judged against the one that holds tonight.
    deps = [DELIVERIES, *(raw_key(source_by_code(code).tables[0]) for code in source.judged_against)]
    if source.code == "budget":
        deps.append(raw_key("ledger__accounts"))
    return AssetSpec(
        key=raw_key(table),
        deps=deps,
        owners=[f"team:{source.owner}"],
        kinds={"python", "parquet"},
        tags={"layer": "raw", "source": source.code, "sensitivity": source.sensitivity},
        description=f"{source.title} från {source.supplier}, {source.rhythm}: tabellen `{table}`, en fil per leverans.",
        metadata={"dagster/column_schema": _columns(source, table)},
    )


def _columns(source: Source, table: str) -> TableSchema:
    fields = [("load_id", "string"), *((field.name, str(field.type)) for field in source.schemas()[table])]
    return TableSchema(columns=[TableColumn(name=name, type=kind) for name, kind in fields])


def _metadata(
    workspace: Workspace,
    source: Source,
    table: str,
    holding: Sequence[Delivery],
    reads: Sequence[ReadResult],
    judged: Sequence[Judgement],
) -> dict[str, object]:
    rows = sum(_row_count(workspace, table, delivery.load_id) for delivery in holding)
    common: dict[str, object] = {"dagster/row_count": rows, "gällande filer": len(holding)}
    if table != source.tables[0]:
        return common
    unreadable = [result.message for result in reads if result.message]
    if source.code == "indicator":
        common |= _ages(workspace, holding)
    return common | {
        "nya leveranser": len(reads),
        "lästa rader": sum(judgement.rows_in for judgement in judged),
        "godkända rader": sum(judgement.rows_loaded for judgement in judged),
        "rader i karantän": sum(judgement.rows_quarantined for judgement in judged),
        "meddelanden": bullets([*unreadable, *(message for item in judged for message in item.messages)]),
        "filer": bullets([f"{delivery.file_name} ({delivery.rows_loaded} rader)" for delivery in holding]),
    }


def _ages(workspace: Workspace, holding: Sequence[Delivery]) -> dict[str, object]:
    """Return for each institute when it was last refreshed, and the age of what is in its values."""
    day = today(workspace.settings.municipality.time_zone)
    ages: dict[str, object] = {
        f"källa: {age.source_name}": MetadataValue.text(age.told(day)) for age in source_ages(workspace.home, holding)
    }
    last = last_from_kolada(workspace.home)
    return ages | ({"hämtning": MetadataValue.text(failure_of(last, day) or last.told(day))} if last else {})


def _row_count(workspace: Workspace, table: str, load_id: str) -> int:
    import pyarrow.parquet as pq

    path = raw_path(workspace.home, table, load_id)
    return int(pq.read_metadata(path).num_rows) if path.exists() else 0
