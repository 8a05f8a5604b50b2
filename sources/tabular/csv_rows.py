"""Text to numbered rows of cells.

Belongs here: which separator, quoted fields that span lines, and what is no table at all. Not here: headers and
values. A row's number is the physical line it starts on.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from sources.reading import Rejected

Row: TypeAlias = tuple[int, list[str]]
SEPARATORS = (";", "\t", ",", "|")
_NAMES = {"\t": "tabb"}
_NOT_TABLES = (
    (("<!doctype html", "<html", "<head", "<body", "<table", "<meta"), "en webbsida (HTML)"),
    (("<?xml", "<workbook"), "XML"),
    (("%pdf",), "en PDF"),
    (("{\\rtf",), "ett textdokument (RTF)"),
    (('{"', '[{"'), "JSON"),
)


def reject_other_formats(text: str) -> None:
    """Raise ``Rejected`` if the text is no table: empty, or a web page, PDF, XML or JSON under another name."""
    start = text[:2000].lstrip().casefold()
    if not start and not text.strip():
        raise Rejected("Filen är tom; exportera den igen och kontrollera att rader kommer med.")
    for beginnings, name in _NOT_TABLES:
        if start.startswith(beginnings):
            raise Rejected(f"Filen är {name}, inte en tabell; exportera den som CSV eller Excel.")


def hinted_separator(text: str) -> str | None:
    """Return the separator of Excel's own first line ``sep=;``, or None."""
    first = text[:6].rstrip("\r\n").casefold()
    return first[4] if len(first) == 5 and first.startswith("sep=") else None


def separator_name(separator: str) -> str:
    """Return a separator as people call it."""
    return _NAMES.get(separator, separator)


def first_rows(text: str, separator: str, count: int) -> Sequence[Row]:
    """Return the first ``count`` rows, leniently: for choosing a separator, not for reading."""
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=separator)
    try:
        for cells in reader:
            rows.append((reader.line_num, cells))
            if len(rows) >= count:
                break
    except csv.Error:
        pass  # a wrong separator may make nonsense of the quotes; the rows so far are judged
    return rows


def csv_rows(text: str, separator: str) -> Iterator[Row]:
    """Yield each record with the line it starts on.

    Raises ``Rejected`` where quotes do not pair up: an open quote swallows the rows after it, so nothing after that
    line can be trusted.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        reason = f'Rad {line}: citattecknen (") går inte ihop; ta bort dem eller dubbla dem i källan.'
        raise Rejected(reason) from None
