"""What a workbook's sheet says of its cells beside their values: which are merged, and which are formulas.

Belongs here: reading the marks, and what a cell is called in Excel. Not here: values (``sources.tabular.workbook``,
which also refuses what must not be opened, so it goes first), or what a mark means for a register (its reader).
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from html import unescape

from sources.reading import Rejected

# A register that people keep has some tens; each is looked for among all its rows.
MAX_MERGED = 2_000

Cell = tuple[int, int]

_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_PART = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(["'])(.*?)\2""", re.DOTALL)
_FORMULA = re.compile(rb"""<(?:\w+:)?c\s[^>]*?r=["']([A-Z]{1,3})(\d{1,7})["'][^>]*>\s*<(?:\w+:)?f[\s>/]""")


@dataclass(frozen=True, slots=True)
class Marks:
    """Cells are (row, column), from 1.

    ``merged`` are the first and the last cell of each merged one, whose value the first holds; ``formulas`` are the
    cells whose value Excel has computed. Formulas of the old format (.xls) are not seen.
    """

    merged: tuple[tuple[Cell, Cell], ...] = ()
    formulas: frozenset[Cell] = frozenset()


def read_marks(data: bytes, sheet: str) -> Marks:
    """Return the marks of one sheet of a workbook that has been read already; raises ``Rejected`` for too many."""
    from python_calamine import load_workbook

    ranges = load_workbook(io.BytesIO(data)).get_sheet_by_name(sheet).merged_cell_ranges or []
    if len(ranges) > MAX_MERGED:
        raise Rejected(f"Bladet {sheet} har {len(ranges)} sammanfogade celler; dela upp dem och spara igen.")
    merged = (
        ((first_row + 1, first_column + 1), (last_row + 1, last_column + 1))
        for (first_row, first_column), (last_row, last_column) in ranges
    )
    return Marks(tuple(sorted(merged)), _formulas(data, sheet))


def reference(cell: Cell) -> str:
    """Return what Excel calls a cell: ``(5, 28)`` is ``AB5``."""
    row, column = cell
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _formulas(data: bytes, sheet: str) -> frozenset[Cell]:
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return frozenset()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = _part_of(archive, sheet)
        found = _FORMULA.findall(archive.read(part)) if part in archive.namelist() else []
    return frozenset((int(row), _column_no(column.decode())) for column, row in found)


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the part of the archive that holds a sheet: the book names it, the relations say where it lies."""
    names = archive.namelist()
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = "xl/_rels/workbook.xml.rels"
    targets = archive.read(relations).decode("utf-8", "replace") if relations in names else ""
    places = {each.get("Id"): each.get("Target", "") for each in map(_attributes, _PART.findall(targets))}
    for each in map(_attributes, _SHEET.findall(book)):
        if each.get("name") == sheet:
            target = places.get(each.get("r:id"), "")
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, _, value in _ATTRIBUTE.findall(tag)}


def _column_no(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
