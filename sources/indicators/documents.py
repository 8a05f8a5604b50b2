"""JSON to the reader that knows it.

Belongs here: telling Kolada's pages from JSON-stat, and exact numbers. Not here: what either says.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

from sources.reading import Reading, Rejected

# What Kolada sends at most is some megabytes; a file beyond this is something else.
MAX_BYTES = 50_000_000


def is_json(data: bytes) -> bool:
    """Say whether the bytes begin as JSON does."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def read_document(data: bytes, file_name: str) -> Reading:
    """Return what a JSON document says; raises ``Rejected`` where it is broken or neither Kolada's nor JSON-stat."""
    from sources.indicators.jsonstat import is_dataset, read_dataset
    from sources.indicators.kolada_page import is_page, read_page

    document = parse_document(data)
    if is_page(document):
        return read_page(document, file_name)
    if is_dataset(document):
        return read_dataset(document, file_name)
    raise Rejected(
        "JSON-filen är varken ett svar från Kolada (v3) eller en tabell i JSON-stat 2; hämta den igen, eller spara "
        "tabellen som CSV."
    )


def parse_document(data: bytes) -> Any:
    """Return the document with every decimal number exact; raises ``Rejected`` where it is cut off or no JSON."""
    if len(data) > MAX_BYTES:
        raise Rejected(f"JSON-filen är större än {MAX_BYTES // 1_000_000} MB; dela upp frågan i flera.")
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Rejected("JSON-filen är inte skriven i UTF-8; hämta den igen.") from None
    except (ValueError, RecursionError):
        raise Rejected("JSON-filen är trasig eller avbruten; hämta den igen.") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
