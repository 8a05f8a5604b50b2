"""What each mart and column means, as dbt's manifest tells it: written once, shown wherever a column is shown.

Belongs here: reading descriptions from the manifest and turning them into comments and into ``docs/marts.md``
(``python -m orchestration.publishing.dictionary > docs/marts.md``). Not here: writing descriptions
(``dbt_project/models/docs``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.publishing.compare import quote

_PAGE_HEAD = """\
# The marts

What analysts query: schema `marts` of `published/current.duckdb`, and one Parquet file each beside it. Names, types and
signs are promises; a change has a line in the CHANGELOG. What `Mind` names is explained in
[warnings.md](../dbt_project/models/docs/warnings.md). This page is written from the models by
`python -m orchestration.publishing.dictionary`.
"""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Descriptions by mart: of the mart itself, and of its columns."""

    marts: dict[str, str]
    columns: dict[str, dict[str, str]]
    types: dict[str, dict[str, str]]
    warnings: dict[str, list[str]]

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
            types={
                node["name"]: {name: column["data_type"] for name, column in node["columns"].items()} for node in marts
            },
            warnings={node["name"]: node["config"]["meta"].get("warnings", []) for node in marts},
        )

    def markdown(self) -> str:
        """Return the whole dictionary as a page for analysts, marts in alphabetical order."""
        parts = [_PAGE_HEAD]
        for mart, text in sorted(self.marts.items()):
            warnings = ", ".join(f"`{name}`" for name in self.warnings[mart])
            parts.append(f"## {mart}\n\n{text}\n" + (f"\nMind: {warnings}.\n" if warnings else ""))
            rows = [
                f"| `{name}` | {self.types[mart][name]} | {described} |"
                for name, described in self.columns[mart].items()
            ]
            parts.append("\n".join(["| column | type | what it is |", "|---|---|---|", *rows]) + "\n")
        return "\n".join(parts)

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


if __name__ == "__main__":
    from orchestration.warehouse import ensure_manifest

    print(Dictionary.from_manifest(ensure_manifest()).markdown(), end="")  # noqa: T201  the page is the output
