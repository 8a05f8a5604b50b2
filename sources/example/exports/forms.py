"""Write registers as people keep them in Excel: lists to choose from, and a first sheet that explains every column.

Belongs here: the format, whatever the register. Not here: which columns a register has and what stands in them (the
module of each). An installation may start from such a workbook: empty its rows and keep the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

Cell = str | int | Decimal | date | None

# Lists to choose from go this far down, so that new rows have them too.
LAST_ROW = 500
YEARS = {"validate": "integer", "criteria": "between", "minimum": 1970, "maximum": 2100}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, what it is for, its width, and what Excel lets into it.

    A column of codes ``is_text``, or the number 1.10 would be 1.1. Cells of a ``merged`` one that repeat the cell above
    are one tall cell, as people make them.
    """

    header: str
    note: str
    width: int = 12
    rule: Mapping[str, Any] = field(default_factory=dict)
    is_text: bool = False
    merged: bool = False


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One sheet: its name, its columns and its rows; ``rows`` have a cell for each column, None for an empty one."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def one_of(words: Iterable[str]) -> dict[str, Any]:
    """Return a rule that lets only these words in."""
    return {"validate": "list", "source": list(words)}


def from_sheet(sheet: str, column: str) -> dict[str, Any]:
    """Return a rule that lets only what stands in a column of another sheet in."""
    return {"validate": "list", "source": f"='{sheet}'!${column}$2:${column}${LAST_ROW}"}


def write_form(
    path: Path, title: str, made_on: datetime, sheets: Sequence[FormSheet], remarks: Sequence[str] = ()
) -> Path:
    """Write a workbook of ``sheets`` after one that explains them, ``remarks`` below; the date makes it the same."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title, "created": made_on})
        _write_guide(book, sheets, remarks)
        for sheet in sheets:
            _write_sheet(book, sheet)
    return path


def _write_guide(book: Any, sheets: Sequence[FormSheet], remarks: Sequence[str]) -> None:
    """Write the first sheet: what every column of the others is for."""
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Läs mig")
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 2, 80)
    sheet.write_row(0, 0, ("Blad", "Rubrik", "Vad som ska stå där"), bold)
    lines = [(each.name, column.header, column.note) for each in sheets for column in each.columns]
    for place, line in enumerate(lines, start=1):
        sheet.write_row(place, 0, line)
    for place, remark in enumerate(remarks, start=len(lines) + 2):
        sheet.write_string(place, 0, remark)


def _write_sheet(book: Any, form: FormSheet) -> None:
    sheet = book.add_worksheet(form.name)
    head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(form.columns):
        sheet.set_column(place, place, column.width, text if column.is_text else None)
        sheet.write_string(0, place, column.header, head)
        if column.rule:
            told = {"input_title": column.header[:32], "input_message": column.note, "error_message": column.note}
            sheet.data_validation(1, place, LAST_ROW - 1, place, {**column.rule, **told})
    rows = list(form.rows)
    for written, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if not form.columns[place].merged:
                _write_cell(sheet, written, place, cell, day)
    tall = [place for place, column in enumerate(form.columns) if column.merged]
    if tall:
        _merge(sheet, rows, tall, book.add_format({"valign": "top", "text_wrap": True}))
    else:
        sheet.autofilter(0, 0, len(rows), len(form.columns) - 1)


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, day: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime.combine(cell, time()), day)
    elif cell is not None:
        sheet.write_number(row, column, cell)


def _merge(sheet: Any, rows: Sequence[Sequence[Cell]], places: Sequence[int], tall: Any) -> None:
    """Write the merged columns: one cell for as long as all of them repeat themselves."""
    for _, group in groupby(enumerate(rows, start=1), key=lambda line: [line[1][place] for place in places]):
        lines = list(group)
        (first, row), (last, _) = lines[0], lines[-1]
        for place in places:
            if first == last:
                sheet.write(first, place, row[place], tall)
            else:
                sheet.merge_range(first, place, last, place, row[place], tall)
