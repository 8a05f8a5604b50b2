"""Write tables as people send them: Swedish CSV, and workbooks with a title and a note above the header.

Belongs here: the two file formats, whatever the table. Not here: what any table says.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

Cell = str | int | Decimal | date


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands around a workbook's table; ``printed`` is the workbook's date of creation too.

    A fixed date keeps the file the same byte for byte.
    """

    sheet: str
    title: str
    note: str
    printed: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: what stands around its table, and the table."""

    heading: Heading
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def kronor(ore: int) -> Decimal:
    """Return öre as kronor with two decimals."""
    return Decimal(ore).scaleb(-2)


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, encoding: str = "utf-8-sig"
) -> Path:
    """Write a table with semicolons, decimal comma, ISO dates and, unless told otherwise, UTF-8 with BOM."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([str(cell).replace(".", ",") if isinstance(cell, Decimal) else cell for cell in row])
    return path


def write_workbook(path: Path, heading: Heading, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Path:
    """Write a table as a workbook of one sheet; see ``write_sheets``."""
    return write_sheets(path, [Sheet(heading, header, rows)])


def write_sheets(path: Path, sheets: Sequence[Sheet]) -> Path:
    """Write a workbook, named and dated by its first sheet; headers are in row 4, codes stay text, dates are dates."""
    import xlsxwriter

    first = sheets[0].heading
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": first.title.partition(",")[0], "created": first.printed})
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for each in sheets:
            sheet, heading = book.add_worksheet(each.heading.sheet), each.heading
            sheet.write_string(0, 0, heading.title, bold)
            sheet.write_string(1, 0, f"Utskrivet {heading.printed:%Y-%m-%d}. {heading.note}")
            sheet.write_row(3, 0, each.header, bold)
            sheet.set_column(0, len(each.header) - 1, 14)
            for place, row in enumerate(each.rows, start=4):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(place, column, cell)
                    elif isinstance(cell, date):
                        sheet.write_datetime(place, column, datetime.combine(cell, time()), day)
                    else:
                        sheet.write_number(place, column, cell, money if isinstance(cell, Decimal) else None)
    return path
