"""What the published report prints about staff, sick leave and incidents, cell by cell.

Belongs here: reading the CSV files beside this and what a printed number says about the unrounded one. Not here:
computing or finding any number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from sources.example.catalog import YEARS, read_rows

_FIGURES = Path(__file__).parent
# Key columns of each table; its other columns are one value per year and their difference.
_TABLES = {"staff": ("measure", "group"), "sick_leave": ("breakdown", "group"), "incidents": ("measure",)}
_DIFFERENCE = "difference"

Figure = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """One printed number of a figure (table, measure, group); ``year`` is None for the difference between the years."""

    figure: Figure
    year: int | None
    printed: Decimal

    @property
    def name(self) -> str:
        """Return the cell's place in words."""
        return " ".join([*self.figure, str(self.year or _DIFFERENCE)])

    def value(self, by_year: Mapping[int, Mapping[Figure, Fraction]]) -> Fraction:
        """Return the cell's unrounded value: a difference is taken before rounding."""
        if self.year is not None:
            return by_year[self.year][self.figure]
        before, now = (by_year[year][self.figure] for year in YEARS)
        return now - before

    def bounds(self) -> tuple[Fraction, Fraction]:
        """Return between which values the unrounded one lies."""
        half = Fraction(self._unit()) / 2
        return Fraction(self.printed) - half, Fraction(self.printed) + half

    def agrees(self, value: Fraction) -> bool:
        """Tell whether the value gives the printed number when rounded half away from zero."""
        unit = Fraction(self._unit())
        rounded = (2 * abs(value) + unit) // (2 * unit) * unit
        return (rounded if value >= 0 else -rounded) == Fraction(self.printed)

    def _unit(self) -> Decimal:
        return Decimal(1).scaleb(int(self.printed.as_tuple().exponent))


def printed_people() -> tuple[PrintedCell, ...]:
    """Return every printed cell of the three tables. Source: the board's year-end report 2023, see README.md."""
    return tuple(cell for table, keys in _TABLES.items() for cell in _cells(table, keys))


def _cells(table: str, keys: tuple[str, ...]) -> Iterator[PrintedCell]:
    for row in read_rows(_FIGURES / f"{table}.csv"):
        figure = (table, *(row[key] for key in keys))
        for column, text in row.items():
            if column.startswith("value_"):
                yield PrintedCell(figure, int(column.removeprefix("value_")[:4]), Decimal(text))
            elif column.startswith(_DIFFERENCE):
                yield PrintedCell(figure, None, Decimal(text))
