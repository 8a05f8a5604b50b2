"""What the UI shows of each dbt node: rows, columns with their descriptions, and where each column comes from.

Belongs here: reading a finished build and caching column lineage per manifest. Not here: running dbt.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from dagster import AssetKey, TableColumn, TableColumnDep, TableColumnLineage, TableSchema
from dagster_dbt import DagsterDbtTranslator

from orchestration.loading.snapshot import Build
from orchestration.progress import tell
from orchestration.publishing.compare import quote
from orchestration.warehouse import TARGET, manifest_json, manifest_stamp

_Columns = dict[str, list[tuple[str, str]]]


def node_metadata(
    build: Build, unique_ids: Sequence[str], translator: DagsterDbtTranslator
) -> dict[str, dict[str, Any]]:
    """Return metadata by node: rows (tables only), columns with descriptions, column lineage."""
    manifest = manifest_json()
    nodes = {key: manifest["nodes"][key] for key in unique_ids if key.startswith(("model.", "seed."))}
    columns, counts = _inspect(build, nodes)
    lineage = _lineage(build, nodes, columns, translator)
    found: dict[str, dict[str, Any]] = {}
    for key, node in nodes.items():
        described = {name: column.get("description", "") for name, column in node["columns"].items()}
        schema = TableSchema(
            columns=[
                TableColumn(name=name, type=kind, description=" ".join(described.get(name, "").split()) or None)
                for name, kind in columns[_relation(node)]
            ]
        )
        found[key] = {"dagster/column_schema": schema}
        if key in counts:
            found[key]["dagster/row_count"] = counts[key]
        if deps := lineage.get(key):
            found[key]["dagster/column_lineage"] = _as_lineage(deps)
    return found


def _relation(node: Mapping[str, Any]) -> str:
    return f"{node['schema']}.{node.get('alias') or node.get('identifier') or node['name']}"


def _inspect(build: Build, nodes: Mapping[str, Any]) -> tuple[_Columns, dict[str, int]]:
    """Return the columns of every relation of the build, and the rows of the nodes that are tables."""
    import duckdb

    columns: _Columns = {}
    with duckdb.connect(str(build.warehouse), read_only=True) as connection:
        for schema, table, name, kind in connection.execute(
            "select table_schema, table_name, column_name, data_type from information_schema.columns "
            "order by table_schema, table_name, ordinal_position"
        ).fetchall():
            columns.setdefault(f"{schema}.{table}", []).append((name, kind))
        tables = {key: node for key, node in nodes.items() if node["config"]["materialized"] in ("table", "seed")}
        if not tables:
            return columns, {}
        counts = connection.execute(
            " union all ".join(
                f"select '{key}', count(*) from {quote(node['schema'])}.{quote(node['name'])}"  # noqa: S608
                for key, node in tables.items()
            )
        ).fetchall()
    return columns, dict(counts)


def _lineage(
    build: Build, nodes: Mapping[str, Any], columns: _Columns, translator: DagsterDbtTranslator
) -> dict[str, dict[str, list[list[str]]]]:
    """Return per model and column the parents' columns it is made of, as [asset key, column].

    Working it out takes seconds and depends on the models alone, so it is kept beside the manifest it belongs to.
    """
    cache = TARGET / "lineage.json"
    stamp = manifest_stamp()
    kept = json.loads(cache.read_text(encoding="utf-8")) if cache.exists() else {}
    found: dict[str, dict[str, list[list[str]]]] = kept.get(stamp, {})
    missing = [key for key in nodes if key.startswith("model.") and key not in found]
    if missing:
        tell("Härleder kolumnernas ursprung")
        found |= {key: _work_out(build, key, columns, translator) for key in missing}
        temporary = cache.with_name(f".{os.getpid()}-{cache.name}")
        temporary.write_text(json.dumps({stamp: found}), encoding="utf-8")
        temporary.replace(cache)
    return found


def _work_out(
    build: Build, unique_id: str, columns: _Columns, translator: DagsterDbtTranslator
) -> dict[str, list[list[str]]]:
    """Let dagster-dbt derive one model's lineage from its compiled SQL, as it would from a dbt process's events."""
    from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

    manifest = manifest_json()
    parents = {
        node["relation_name"]: {"columns": _types(columns, node)}
        for parent in manifest["parent_map"].get(unique_id, [])
        if (node := manifest["nodes"].get(parent) or manifest["sources"].get(parent))
    }
    event = DbtCoreCliEventMessage(
        raw_event={
            "info": {"name": "LogModelResult", "invocation_id": ""},
            "data": {"node_info": {"unique_id": unique_id, "node_status": "success"}, "status": "success"},
        },
        event_history_metadata={"columns": _types(columns, manifest["nodes"][unique_id]), "parents": parents},
    )
    for derived in event.to_default_asset_events(manifest, translator, target_path=build.folder / "dbt"):
        if lineage := derived.metadata.get("dagster/column_lineage"):
            return {
                column: [[dep.asset_key.to_user_string(), dep.column_name] for dep in deps]
                for column, deps in sorted(lineage.value.deps_by_column.items())
            }
    return {}


def _types(columns: _Columns, node: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    return {name: {"data_type": kind} for name, kind in columns.get(_relation(node), [])}


def _as_lineage(deps: Mapping[str, list[list[str]]]) -> TableColumnLineage:
    return TableColumnLineage(
        deps_by_column={
            column: [
                TableColumnDep(asset_key=AssetKey.from_user_string(parent), column_name=name)
                for parent, name in sorted(parents)
            ]
            for column, parents in deps.items()
        }
    )
