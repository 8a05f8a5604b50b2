"""Items to mend as Excel workbooks, one per owner, for people who do not open anything else.

Belongs here: the files and how they look. Not here: what is in them (``items``). Where an owner has nothing to mend
there is no file, so that a file always asks for something; the history is in the marts ``load`` and ``quality_result``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.home import Home

if TYPE_CHECKING:
    from orchestration.mending.items import Item

_PREFIX = "att_ratta_"
_COLUMNS = (
    ("Kontroll", "check", 32),
    ("Fil", "file", 32),
    ("Rad", "row", 10),
    ("Nyckel", "key", 24),
    ("Vad är fel", "wrong", 70),
    ("Vad ska göras", "action", 60),
    ("Vem rättar", "who", 16),
)
# What Excel lets a cell hold.
_LONGEST = 32_000
# The same things to mend give the same bytes: a workbook does not say when it was written.
_CREATED = datetime(2000, 1, 1)


def workbooks(home: Home) -> list[Path]:
    """Return the workbooks that lie there, by owner."""
    return sorted(home.reports.glob(f"{_PREFIX}*.xlsx"))


def write_workbooks(home: Home, items: Sequence[Item]) -> list[Path]:
    """Write one workbook per owner and return them; remove those of owners that now have nothing to mend.

    ``items`` come by owner. A workbook is replaced whole, and not at all where it would be the same.
    """
    written: list[Path] = []
    for owner, own in groupby(items, key=lambda item: item.owner):
        path = home.reports / f"{_PREFIX}{owner}.xlsx"
        data = as_workbook(list(own))
        if not path.exists() or path.read_bytes() != data:
            _replace(path, data)
        written.append(path)
    for path in workbooks(home):
        if path not in written:
            path.unlink()
    return written


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def as_workbook(items: Sequence[Item]) -> bytes:
    """Return a workbook with one sheet per category; ``items`` come by category.

    Whatever a cell holds is text: nothing from a file becomes a formula or a link.
    """
    import xlsxwriter

    buffer = BytesIO()
    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **as_text}) as book:
        book.set_properties({"title": "Att rätta", "created": _CREATED})
        head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for category, own in groupby(items, key=lambda item: item.category):
            _write_sheet(book.add_worksheet(category), list(own), head, cell)
    return buffer.getvalue()


def _write_sheet(sheet: Any, items: Sequence[Item], head: Any, cell: Any) -> None:
    for place, (title, name, width) in enumerate(_COLUMNS):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, head)
        for number, item in enumerate(items, start=1):
            sheet.write_string(number, place, getattr(item, name)[:_LONGEST], cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(items), len(_COLUMNS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
