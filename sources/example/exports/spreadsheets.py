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


def kronor(ore: int) -> Decimal:
    """Return öre as kronor with two decimals."""
    return Decimal(ore).scaleb(-2)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Path:
    """Write a table with semicolons, decimal comma, ISO dates and UTF-8 with BOM."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([str(cell).replace(".", ",") if isinstance(cell, Decimal) else cell for cell in row])
    return path


def write_workbook(path: Path, heading: Heading, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Path:
    """Write a table as a workbook of one sheet; the header is in row 4, codes stay text and dates are dates."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": heading.title.partition(",")[0], "created": heading.printed})
        sheet = book.add_worksheet(heading.sheet)
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_string(0, 0, heading.title, bold)
        sheet.write_string(1, 0, f"Utskrivet {heading.printed:%Y-%m-%d}. {heading.note}")
        sheet.write_row(3, 0, header, bold)
        sheet.set_column(0, len(header) - 1, 14)
        for place, row in enumerate(rows, start=4):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(place, column, cell)
                elif isinstance(cell, date):
                    sheet.write_datetime(place, column, datetime.combine(cell, time()), day)
                else:
                    sheet.write_number(place, column, cell, money if isinstance(cell, Decimal) else None)
    return path
