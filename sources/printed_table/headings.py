"""The row of headings of a printed table: which columns there are, of which year, in which unit.

Belongs here: finding the row and telling what each heading means. Not here: the rows below it (``read``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sources.printed_table.cells import HEADINGS, MONEY_UNITS
from sources.reading import Rejected
from sources.tabular.csv_rows import Row
from sources.tabular.table import HEADER_SOUGHT_IN_ROWS
from sources.tabular.values import folded, plain

# Columns that say where a row belongs: its part of a stacked table, its place in a tree.
SECTION, LEVEL, PARENT = "section", "level", "parent"
_PLACES = {
    SECTION: frozenset({"segment", "segmentcode", "verksamhetsdel"}),
    LEVEL: frozenset({"level", "niva"}),
    PARENT: frozenset({"parent", "overordnad", "category", "kategori", "tillhor"}),
}
_UNIT = re.compile(rf"(?<!\w)({'|'.join(MONEY_UNITS)})(?!\w)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: its place in the row, which of ``HEADINGS`` it is, its heading, and its own unit if any."""

    place: int
    name: str
    heading: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of a table: where they stand, columns of numbers, columns that place a row, columns that name it.

    ``unknown`` are headings right of the first column of numbers that mean nothing here, by place. ``unit`` is what
    the headings or a row above them say of the whole table.
    """

    at: int
    columns: tuple[Column, ...]
    places: dict[str, int]
    names: tuple[int, ...]
    unknown: dict[int, str]
    year: int | None
    unit: str | None


def find_header(rows: Sequence[Row]) -> Header:
    """Return the header of a table.

    Raises ``Rejected`` where no row has two headings that are known, where two mean the same, and for two units.
    """
    sought = rows[:HEADER_SOUGHT_IN_ROWS]
    counts = [len({name for cell in cells if (name := meaning(cell))}) for _, cells in sought]
    at = max(range(len(sought)), key=lambda place: counts[place], default=0)
    if not sought or counts[at] < 2:
        raise Rejected(
            "Ingen rubrikrad hittades. Ge talens kolumner rubriker, minst två av: Budget, Bokslut, Avvikelse, "
            "Året före, Skillnad; årtal får stå i rubriken."
        )
    cells = sought[at][1]
    year = max((found for cell in cells if meaning(cell) and (found := _year(cell))), default=None)
    columns = _columns(cells, year)
    first = min(column.place for column in columns)
    words = {word: name for name, spellings in _PLACES.items() for word in spellings}
    places = {words[folded(cell)]: place for place, cell in enumerate(cells) if folded(cell) in words}
    known = {column.place for column in columns} | set(places.values())
    above = [cell for _, row in sought[:at] for cell in row]
    return Header(
        at=at,
        columns=columns,
        places=places,
        names=tuple(place for place in range(first) if place not in known),
        unknown={place: cell.strip() for place, cell in enumerate(cells) if place > first and place not in known},
        year=year,
        unit=_one_unit([*above, *(cells[place] for place in range(first))]),
    )


def meaning(heading: str) -> str | None:
    """Return which of ``HEADINGS`` a heading is, whatever year and unit it names; None for another."""
    word = "".join(char for char in folded(_UNIT.sub(" ", plain(heading))) if not char.isdigit())
    return next((name for name, words in HEADINGS.items() if word in words), None)


def _columns(cells: Sequence[str], year: int | None) -> tuple[Column, ...]:
    """Return the columns of numbers; the outcome of the year before is the prior one, its budget is unknown."""
    found: list[Column] = []
    for place, cell in enumerate(cells):
        name, of = meaning(cell), _year(cell)
        if name == "outcome" and of is not None and of == (year or 0) - 1:
            name = "prior"
        elif name in ("outcome", "budget") and of != year and of is not None:
            name = None
        if name:
            found.append(Column(place, name, cell.strip(), _one_unit([cell])))
    for name, count in Counter(column.name for column in found).items():
        if count > 1:
            same = " och ".join(column.heading for column in found if column.name == name)
            raise Rejected(f"Rubrikerna {same} betyder samma sak; ta bort den ena eller skriv ut årtalen.")
    return tuple(found)


def _year(heading: str) -> int | None:
    return max(map(int, _YEAR.findall(heading.replace("_", " "))), default=None)


def _one_unit(cells: Iterable[str]) -> str | None:
    units = list(dict.fromkeys(found.casefold() for cell in cells for found in _UNIT.findall(plain(cell))))
    if len({MONEY_UNITS[unit] for unit in units}) > 1:
        raise Rejected(f"Tabellen säger att talen är både {' och '.join(units)}; låt bara en enhet stå kvar.")
    return units[0] if units else None
