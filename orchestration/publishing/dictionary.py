"""What each mart and column means, as dbt's manifest tells it: written once, shown wherever a column is shown.

Belongs here: reading descriptions from the manifest and turning them into comments. Not here: writing descriptions
(``dbt_project/models/docs``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.publishing.compare import quote


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Descriptions by mart: of the mart itself, and of its columns."""

    marts: dict[str, str]
    columns: dict[str, dict[str, str]]

    @classmethod
    def from_manifest(cls, manifest: Path) -> Dictionary:
        """Read the descriptions of every model in schema ``marts``."""
        nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
        marts = [node for node in nodes if node["resource_type"] == "model" and node["schema"] == "marts"]
        return cls(
            marts={node["name"]: _one_line(node["description"]) for node in marts},
            columns={
                node["name"]: {name: _one_line(column["description"]) for name, column in node["columns"].items()}
                for node in marts
            },
        )

    def comments(self, mart: str, table: str) -> Iterator[str]:
        """Yield the SQL statements that put the descriptions on a table and its columns."""
        if text := self.marts.get(mart):
            yield f"comment on table {table} is {_literal(text)}"
        for column, text in self.columns.get(mart, {}).items():
            if text:
                yield f"comment on column {table}.{quote(column)} is {_literal(text)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
