"""The report's tables as text: what a table is, and how figures are rounded to be shown.

Belongs here: rounding half away from zero and Swedish signs. Not here: reading any table (``statement``,
``follow_up``), drawing it (``summary``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row: its name, whether it stands out, and its cells as text."""

    name: str
    is_total: bool
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One table of the report for one board and year; ``columns`` are the headings of the cells."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def tables(rows: Iterable[Sequence[Any]], columns: tuple[str, ...], row_of: Callable[[Any], Row]) -> list[PrintedTable]:
    """Return one table per title (the first column), its rows in the order they came."""
    return [
        PrintedTable(title, columns, tuple(map(row_of, group)))
        for title, group in groupby(rows, key=lambda row: row[0])
    ]


def decimals(value: Decimal | None, places: int) -> str:
    """Return a figure with so many decimals, ``-7,4`` or ``91 728``; a dash where nothing is known or shown."""
    if value is None:
        return "–"
    # The sign of Decimal decides: ROUND_HALF_UP is half away from zero.
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    # What rounds to nothing has no sign.
    return f"{rounded if rounded else abs(rounded):,}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


def tkr(amount: Decimal | None) -> str:
    """Return kronor as thousands, ``-139`` or ``91 728``; a dash where nothing is known."""
    return decimals(None if amount is None else amount / 1000, 0)


def mnkr(amount: Decimal | None) -> str:
    """Return kronor as millions with one decimal, ``-7,4``; a dash where nothing is known."""
    return decimals(None if amount is None else amount / 1_000_000, 1)
