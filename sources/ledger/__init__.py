"""The ledger: SIE 4 files read into one canonical ledger.

Belongs here: the two doors, ``read`` and ``summarise``; the rest of the folder is imported when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sources.reading import Reading, ReadOptions


def read(data: bytes, file_name: str, options: ReadOptions) -> Reading:  # noqa: ARG001  one door for all sources
    """Return the raw tables ``ledger__*`` (``schema.SCHEMAS``) of one SIE 4 file. Raises ``Rejected``."""
    from sources.ledger.canonical import read_ledger

    return read_ledger(data, options)


def summarise(data: bytes) -> dict[str, Any]:
    """Return what one SIE 4 file holds, in numbers (``summary.summarise_sie``). Raises ``Rejected``."""
    from sources.ledger.summary import summarise_sie

    return summarise_sie(data)
