"""Write the registers of the example municipality: units and investment projects.

Belongs here: the layouts in which a code plan prints them. Not here: what stands in them (``invented/``).
"""

from __future__ import annotations

from pathlib import Path

from sources.example.catalog import Catalog
from sources.example.exports.spreadsheets import write_csv

_UNIT_HEADER = ("Ansvar", "Benämning", "Överordnad", "Nämnd", "Segment", "Giltig från", "Giltig till")
_NODE_HEADER = ("Kod", "Benämning", "Överordnad", "Nivå", "Nämnd", "Sortering", "Giltig från", "Giltig till")


def write_organisation(out: Path, catalog: Catalog) -> Path:
    """Write the register of units: one row per unit and validity."""
    rows = (
        (unit.code, unit.name, unit.parent_code, unit.board_code, unit.segment, unit.valid_from, unit.valid_to)
        for unit in catalog.units
    )
    return write_csv(out / "organisation.csv", _UNIT_HEADER, rows)


def write_projects(out: Path, catalog: Catalog) -> Path:
    """Write the register of investment projects: one row per node of the tree, in the report's order."""
    rows = (
        (
            node.code,
            node.name,
            node.parent_code,
            node.level.capitalize(),
            node.board_code,
            node.sort_no,
            node.valid_from,
            node.valid_to,
        )
        for node in catalog.project_nodes
    )
    return write_csv(out / "projektregister.csv", _NODE_HEADER, rows)
