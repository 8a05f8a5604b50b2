"""The ledger: SIE 4 files, Raindance and Unit4 extracts read into one canonical ledger.

Belongs here: the two doors, ``read`` and ``summarise``; the rest of the folder is imported when they are used.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    from sources.reading import Reading, ReadOptions


_HEAD = 64
SIE_ENDINGS = (".se", ".si", ".sie")
# The fact that tells how many rows of budget a ledger file carries.
BUDGET_FACT = "budget_rows"
# Parts of deliveries that stand beside the postings: they speak for no year of their own.
_COMPANION_PARTS = ("headers", "names", "plans")


def is_companion(part: str) -> bool:
    """Tell whether a ``Reading.part`` is of a file that stands beside the postings: voucher headers, names, plans."""
    return part.partition(" ")[0] in _COMPANION_PARTS


def read(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return the raw tables ``ledger__*`` (``schema.SCHEMAS``) that one ledger file speaks of. Raises ``Rejected``."""
    if is_sie(data, file_name):
        from sources.ledger.canonical import read_ledger

        return read_ledger(data, options)
    from sources.ledger.extracts.reader import read_extract

    return read_extract(data, file_name, options)


def read_file(file: Path, file_name: str, options: ReadOptions, take: Callable[[pa.Table], None]) -> Reading:
    """Read one ledger file as ``read`` does; the postings of a SIE file are given to ``take`` a slice at a time."""
    with file.open("rb") as opened:
        if is_sie(opened.read(_HEAD), file_name):
            from sources.ledger.canonical import stream_ledger

            return stream_ledger(opened, options, take)
    return read(file.read_bytes(), file_name, options)


def summarise(data: bytes, file_name: str = "", options: ReadOptions | None = None) -> dict[str, Any]:
    """Return what one ledger file holds, in numbers.

    A SIE file gives ``summary.summarise_sie``; an extract ``extracts.summary.summarise_extract``, read with
    ``options``. Raises ``Rejected``.
    """
    figures: dict[str, Any]
    if is_sie(data, file_name):
        from sources.ledger.summary import summarise_sie

        figures = summarise_sie(data)
    else:
        from sources.ledger.extracts.summary import summarise_extract
        from sources.reading import ReadOptions

        figures = summarise_extract(data, file_name, options or ReadOptions())
    return figures


def is_sie(data: bytes, file_name: str) -> bool:
    """Tell whether a file is to be read as SIE: by its ending, else by its first sign."""
    ending = PurePath(file_name).suffix.casefold()
    if ending in SIE_ENDINGS or not ending:
        return True
    return data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"#")
