"""One row per node of the investment tree and time of validity: project, subcategory, category.

Belongs here: what makes the tree whole. Not here: validity (``sources.validity``), how files and cells are read
(``sources.tabular``), what headers and level words mean (``column_maps/``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from sources import validity
from sources.column_map import load_maps, typed, wanted
from sources.project.schema import PROJECT_NODES
from sources.reading import Problem, Reading, ReadOptions, Rejected
from sources.tabular.table import read_table

TABLE = "project__nodes"


def read_nodes(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return ``project__nodes``, one row per data row of the file, in file order; any depth.

    Problems: cells that could not be read or are missing, a validity that ends before it starts, two rows of a node
    that are valid on the same day, and nodes outside the tree: only a category stands without a parent, a parent is in
    the register, holds as long as what lies under it, and belongs to the same board. Raises ``Rejected`` for nodes
    that lie under each other on some day, naming them: no sum could be made of them.
    """
    maps = load_maps("project")
    table = read_table(data, file_name, wanted(maps), encoding=options.encoding)
    typed_table = typed(table, maps, TABLE)
    columns = {**typed_table.columns, "row_no": list(typed_table.row_nos)}
    columns["valid_to"] = [validity.open_end(day) for day in columns["valid_to"]]
    nodes = validity.entries(columns, "node_code")
    if circle := validity.circle(nodes):
        names = " -> ".join(circle)
        raise Rejected(f"Projekten är överordnade varandra i en cirkel: {names}; rätta kolumnen Överordnad.")
    found = [
        *validity.reversed_dates(TABLE, columns),
        *validity.overlaps(TABLE, nodes, "projektet"),
        *validity.orphans(TABLE, nodes, "överordnat projekt"),
        *validity.outlived_parents(TABLE, nodes, "överordnat projekt"),
        *_roots(columns),
        *_other_boards(columns),
    ]
    return Reading(
        tables={TABLE: pa.table({name: columns[name] for name in PROJECT_NODES.names}, schema=PROJECT_NODES)},
        rows_in=len(table.row_nos),
        problems=(*typed_table.problems, *sorted(found, key=lambda problem: (problem.row_no, problem.column))),
        facts=dict(table.facts) | {"profile": typed_table.column_map.profile},
    )


def _roots(columns: Mapping[str, Sequence[Any]]) -> Iterator[Problem]:
    """Yield a problem for each project or subcategory without a parent, and each category with one."""
    for row_no, parent, level in zip(columns["row_no"], columns["parent_code"], columns["level"], strict=True):
        if level in ("project", "subcategory") and parent is None:
            reason = "saknas: raden står utanför trädet; ange den kategori eller det projekt den hör till"
            yield Problem(TABLE, row_no, "parent_code", "", reason)
        elif level == "category" and parent is not None:
            reason = "står över en kategori, som ska vara överst; ta bort den eller ändra nivån till underkategori"
            yield Problem(TABLE, row_no, "parent_code", parent, reason)


def _other_boards(columns: Mapping[str, Sequence[Any]]) -> Iterator[Problem]:
    """Yield a problem for each row whose parent never belongs to its board: it would be in no board's total."""
    boards: dict[str, set[str]] = {}
    for code, board in zip(columns["node_code"], columns["board_code"], strict=True):
        boards.setdefault(code, set()).add(board)
    for row_no, parent, board in zip(columns["row_no"], columns["parent_code"], columns["board_code"], strict=True):
        if board is not None and parent in boards and board not in boards[parent] and None not in boards[parent]:
            reason = f"överordnat projekt {parent} hör inte till nämnd {board}; ge dem samma nämnd"
            yield Problem(TABLE, row_no, "board_code", board, reason)
