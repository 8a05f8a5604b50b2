"""Cells that are not what they look like: merged ones, formulas, words with odd blanks and letters.

Belongs here: what such a cell means in a register, and how it is said. Not here: which cells are merged or formulas
(``sources.tabular.marks``), what a register's columns are (``read_register``). Nothing is evaluated: of a formula the
value that Excel has stored is read, as text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from sources.column_map import TypedTable
from sources.reading import Problem
from sources.tabular.marks import Cell, Marks, reference
from sources.tabular.table import TextTable
from sources.tabular.values import is_missing

_TEXTS = ("code", "text", "word")
_FORMULA_SIGNS = ("=", "+", "-", "@")
# `- utbildning` is how people write a list.
_BULLETS = ("- ", "+ ")


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """The rows of a register as texts: ``places`` has the place of each of our columns among those of ``table``."""

    table_name: str
    table: TextTable
    places: Mapping[str, int]
    marks: Marks

    def cell(self, at: int, name: str) -> Cell:
        """Return where row ``at`` of the table has its column ``name``, as Excel counts."""
        return self.table.row_nos[at], self.table.places[self.places[name]]

    def text(self, at: int, name: str) -> str:
        """Return what stands there."""
        return self.table.columns[self.places[name]][at]


def filled_down(sheet: RegisterSheet, tall: Collection[str]) -> tuple[RegisterSheet, list[Problem], dict[str, str]]:
    """Return the sheet with tall cells of the columns ``tall`` on each of their rows, problems, and what was filled.

    A contract's name over all its requirements is how people lay a register out. Any other merged cell is a problem on
    each row that it covers: whether it is said of them or only of the first, nobody can tell. A dash says that there is
    nothing, so it becomes an empty cell.
    """
    columns = [["" if is_missing(cell) else cell for cell in column] for column in sheet.table.columns]
    rows = {row_no: at for at, row_no in enumerate(sheet.table.row_nos)}
    problems, filled = [], 0
    for row_no, name, origin, is_column in _covered(sheet):
        if name in tall and is_column and origin[0] in rows:
            column = columns[sheet.places[name]]
            column[rows[row_no]] = column[rows[origin[0]]]
            filled += 1
        else:
            reason = f"hör till den sammanfogade cellen {reference(origin)}; dela upp den och skriv på varje rad"
            problems.append(Problem(sheet.table_name, row_no, name, "", reason))
    table = replace(sheet.table, columns=tuple(tuple(column) for column in columns))
    facts = {"merged_cells_filled": str(filled)} if filled else {}
    return replace(sheet, table=table), problems, facts


def _covered(sheet: RegisterSheet) -> Iterator[tuple[int, str, Cell, bool]]:
    """Yield row and column of each cell of the table that a merged one covers, the cell that has its value, and
    whether the merged one is a single column.
    """
    names = {sheet.table.places[place]: name for name, place in sheet.places.items()}
    for origin, (last_row, last_column) in sheet.marks.merged:
        rows = [row_no for row_no in sheet.table.row_nos if origin[0] <= row_no <= last_row]
        for row_no, column in product(rows, range(origin[1], last_column + 1)):
            if column in names and (row_no, column) != origin:
                yield row_no, names[column], origin, origin[1] == last_column


def remarks(sheet: RegisterSheet, rows: TypedTable) -> tuple[list[str | None], list[Problem]]:
    """Return what is to be said of each row, and a problem for each formula of a text that has no stored value.

    Said is a word that is not written as in its list (``ja `` is read as ``Ja``), a text that is a formula, and a text
    that begins as one: here it is only text, but whoever opens it in Excel may run it.
    """
    said: list[str | None] = []
    problems: list[Problem] = []
    texts = {name: column for name, column in rows.column_map.columns.items() if column.type in _TEXTS}
    for at, row_no in enumerate(rows.row_nos):
        parts: list[str] = []
        for name, column in texts.items():
            if name not in sheet.places:
                continue
            text, cell, header = sheet.text(at, name), sheet.cell(at, name), column.headers[0]
            value = rows.columns[name][at]
            if cell in sheet.marks.formulas and not text.strip():
                reason = f"är en formel utan värde (cell {reference(cell)}); skriv texten i cellen"
                problems.append(Problem(sheet.table_name, row_no, name, "", reason))
            elif cell in sheet.marks.formulas:
                parts.append(f"{header} är en formel (cell {reference(cell)}), och värdet som Excel sparat gäller")
            elif text.lstrip().startswith(_FORMULA_SIGNS) and value is not None and not text.startswith(_BULLETS):
                parts.append(f"{header} börjar som en formel och lagras som text")
            elif column.type == "word" and value is not None and text != value:
                parts.append(f"{header} är läst som {value}")
        said.append("; ".join(parts) or None)
    return said, problems
