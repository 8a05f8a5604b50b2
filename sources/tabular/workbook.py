"""An Excel file to numbered rows of cells, one list per visible sheet.

Belongs here: what a workbook is, what is refused of it before it is parsed (passwords, sprawling sheets), and how a
cell becomes text. Not here: what is refused by its directory alone (``sources.inspection``), which sheet or header is
wanted (``sources.tabular.table``).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from sources.inspection import (
    MACRO_SUFFIXES,
    OLE,
    UNPACKABLE,
    WORKBOOK_SUFFIXES,
    ZIP,
    Caps,
    damaged,
    inspect_directory,
    inspect_part,
    macros,
)
from sources.reading import Rejected

CAPS = Caps()
# The parser lays a sheet out as a full rectangle: one stray value in XFD1048576 asks for 512 GB and ends the process.
MAX_CELLS = 20_000_000

_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?r=["']([A-Z]{1,3})(\d{1,7})["']""")


def is_workbook(data: bytes, file_name: str) -> bool:
    """Say whether the bytes are a workbook's, whatever the name; raises ``Rejected`` if only the name says so."""
    if data.startswith((ZIP, OLE)):
        return True
    suffix = PurePath(file_name).suffix.casefold()
    if suffix in WORKBOOK_SUFFIXES and data.strip():
        is_page = any(tag in data[:2000].lower() for tag in (b"<html", b"<table", b"<!doctype"))
        kind = "en webbsida (HTML)" if is_page else "ingen Excel-arbetsbok"
        raise Rejected(f"Filen heter {suffix} men är {kind}; öppna den i Excel och spara den som .xlsx.")
    return False


def workbook_rows(data: bytes, file_name: str) -> Mapping[str, list[list[str]]]:
    """Return each visible sheet's rows from row 1, cells as text; raises ``Rejected`` for what must not be parsed."""
    from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    _reject_dangerous(data, file_name)
    try:
        book = load_workbook(io.BytesIO(data))
        wanted = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        return {
            name: [
                [_cell_text(value) for value in row]
                for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
            for name in wanted
        }
    except CalamineError:
        raise Rejected("Filen går inte att läsa som Excel; öppna den i Excel och spara som .xlsx igen.") from None


def _reject_dangerous(data: bytes, file_name: str) -> None:
    if len(data) > CAPS.workbook_bytes:
        raise Rejected(f"Arbetsboken är större än {CAPS.workbook_bytes // 1_000_000} MB; skicka den som CSV.")
    if PurePath(file_name).suffix.casefold() in MACRO_SUFFIXES or _ole_stream(data, "_VBA_PROJECT_CUR"):
        raise macros()
    if _ole_stream(data, "EncryptedPackage"):
        raise Rejected("Arbetsboken är skyddad med lösenord; spara den utan lösenord.")
    if data.startswith(ZIP):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                _reject_bomb(archive, len(data))
        except UNPACKABLE:
            raise damaged() from None


def _ole_stream(data: bytes, name: str) -> bool:
    return data.startswith(OLE) and name.encode("utf-16-le") in data


def _reject_bomb(archive: zipfile.ZipFile, packed: int) -> None:
    """Judge by the directory first, then unpack each sheet once, within those limits, to see that it told the truth."""
    inspect_directory(archive, packed, CAPS)
    # Other packed formats (.xlsb, .ods, a folder) would be parsed without the guard below.
    if "xl/workbook.xml" not in archive.namelist():
        raise Rejected("Filen är packad men är ingen .xlsx; öppna den i Excel och spara den som .xlsx.")
    for entry in archive.infolist():
        content = archive.read(entry)
        inspect_part(entry.filename, content)
        _reject_sprawl(content)


def _reject_sprawl(sheet: bytes) -> None:
    """Refuse a sheet whose used area is too large to lay out, however few its values are."""
    last_row, columns = 0, set()
    for column, row in _CELL.findall(sheet):
        columns.add(column)
        last_row = max(last_row, int(row))
    width = max((_column_no(column) for column in columns), default=0)
    if last_row * width > MAX_CELLS:
        place = f"{last_row} rader och {width} kolumner"
        raise Rejected(f"Ett blad sträcker sig över {place}; ta bort innehåll långt utanför tabellen och spara igen.")


def _column_no(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _cell_text(value: Any) -> str:
    """Return a cell as it would be typed: dates ISO, whole numbers without ``.0``, no more digits than Excel keeps."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "SANT" if value else "FALSKT"
    if isinstance(value, int | float):
        # Excel keeps 15 digits; what float arithmetic leaves after them is noise (0.30000000000000004).
        number = Decimal(f"{value:.15g}")
        return "0" if abs(number) < Decimal("1e-9") else f"{number:f}"
    return str(value).removesuffix(" 00:00:00") if isinstance(value, datetime) else str(value)
