"""Write what the report says in words, as whoever checks it has written it down.

Belongs here: the layout of the workbook. Not here: what is claimed (``figures/statements.csv``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sources.example.catalog import BOARD, YEARS, read_rows
from sources.example.exports.spreadsheets import Cell, Heading, write_workbook

_STATEMENTS = Path(__file__).parents[1] / "figures" / "statements.csv"
_HEADER = (
    *("Påstående", "Led", "Nämnd", "År", "Text", "Relation", "Värde", "Enhet"),
    *("Jämförelseår", "Plats", "Siffror", "Jämförs med", "Andel av", "Saknas"),
)
_HEADING = Heading(
    "Påståenden",
    "Påståenden i årsbokslut 2023, kommunstyrelsen",
    "Ett led per rad. Värdet står som det är tryckt; Siffror är id:n i tabellen figure.",
    datetime(2024, 3, 4, 8, 0),
)
_RELATIONS = {
    "equals": "är",
    "greater": "större än",
    "less": "mindre än",
    "increased": "ökat",
    "decreased": "minskat",
    "largest": "störst",
    "smallest": "minst",
    "count": "antal",
    "sum": "summa",
    "": "",
}


def write_statements(out: Path) -> Path:
    """Write the workbook of the statements of the newest year's report, one row per claim."""
    return write_workbook(out / f"pastaenden_{YEARS[-1]}.xlsx", _HEADING, _HEADER, _lines())


def _lines() -> Iterator[tuple[Cell, ...]]:
    for row in read_rows(_STATEMENTS):
        yield (
            *(row["statement_id"], int(row["claim_no"]), BOARD, YEARS[-1], row["statement_text"]),
            *(_RELATIONS[row["relation"]], row["value"], row["unit"], row["base_year"], row["rank"]),
            *(row["figures"], row["against"], row["share_of"], row["not_held"]),
        )
