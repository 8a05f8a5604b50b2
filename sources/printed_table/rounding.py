"""A printed number to the exact values that it may stand for.

Belongs here: rounding half away from zero, in whole grains so that the ends of an interval are exact. Not here: what
the numbers are of each other (``relations``).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sources.printed_table.cells import Cell

_ORE = Decimal("0.01")


def grain(cells: Iterable[Cell], *, is_money: bool) -> Decimal:
    """Return the finest difference that unrounded values can have: an öre, or a thousandth of a measure's last digit.

    Every ``Cell.step`` is a whole number of grains.
    """
    finest = min(cell.step for cell in cells)
    return min(_ORE, finest) if is_money else finest / 1000


def values(steps: int, size: int) -> tuple[int, int]:
    """Return the lowest and highest whole number of grains that rounds to ``steps`` of ``size`` grains each.

    Half goes away from zero, so 500 kronor are 1 tkr and 499,99 kronor none: the ends differ on the two sides of zero.
    """
    if steps < 0:
        low, high = values(-steps, size)
        return -high, -low
    high = -(-(2 * steps + 1) * size // 2) - 1
    return (-(-(2 * steps - 1) * size // 2) if steps else -high), high


def rounded(value: int, size: int) -> int:
    """Return a number of grains in whole steps of ``size`` grains, half away from zero."""
    steps = (2 * abs(value) + size) // (2 * size)
    return steps if value >= 0 else -steps
