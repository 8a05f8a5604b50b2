"""Headers of a system to our columns: the maps as data, and tables typed by them.

Belongs here: reading ``sources/<source>/column_maps/<profile>.yml``, choosing the map a file fits, typing its cells.
Not here: how a cell is parsed (``sources.tabular.values``) or what a row means (each source). A column that is
missing, unknown or there twice is an error that names it; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from sources.reading import Problem, Rejected
from sources.tabular.table import TextTable, Wanted
from sources.tabular.values import (
    folded,
    is_missing,
    parse_amount,
    parse_code,
    parse_codes,
    parse_date,
    parse_fraction,
    parse_hours,
    parse_measure,
    parse_percent,
    parse_period,
    parse_text,
    parse_whole,
    parse_year,
)

ColumnType = Literal[
    "amount",
    "code",
    "codes",
    "date",
    "fraction",
    "hours",
    "measure",
    "percent",
    "period",
    "text",
    "whole",
    "word",
    "year",
]
# What a total row adds up.
_SUMMED = ("amount", "hours")
_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "amount": parse_amount,
    "code": parse_code,
    "codes": parse_codes,
    "date": parse_date,
    "measure": parse_measure,
    "fraction": parse_fraction,
    "hours": parse_hours,
    "percent": parse_percent,
    "text": parse_text,
    "whole": parse_whole,
    "year": parse_year,
}


class Column(BaseModel):
    """One of our columns: the headers it goes under, and how its cells are read.

    ``required`` columns must be in the file; ``filled`` ones must have a value in every row. ``words`` maps the words
    of a system to ours (type ``word``); ``default`` is our value where the file says nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    headers: tuple[str, ...]
    type: ColumnType
    required: bool = False
    filled: bool = False
    words: dict[str, str] = {}
    default: str | None = None


class ColumnMap(BaseModel):
    """What one system calls our columns; ``ignored`` lists headers that are known and not needed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile: str
    description: str
    sign: Literal["debit_positive", "income_positive"] = "debit_positive"
    columns: dict[str, Column]
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedTable:
    """One list per column of the map, in file order, with None where a cell is missing or could not be typed."""

    column_map: ColumnMap
    row_nos: tuple[int, ...]
    columns: Mapping[str, list[Any]]
    problems: tuple[Problem, ...]


@cache
def load_maps(source: str) -> tuple[ColumnMap, ...]:
    """Return the maps of a source (``budget``) in the order of their names."""
    folder = files(f"sources.{source}") / "column_maps"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yml"))
    maps = [yaml.load((folder / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) for name in names]
    return tuple(
        ColumnMap(profile=name.removesuffix(".yml"), **content) for name, content in zip(names, maps, strict=True)
    )


def wanted(maps: Sequence[ColumnMap]) -> Wanted:
    """Return what to look for in a file that may follow any of ``maps``."""
    columns = [column for column_map in maps for column in column_map.columns.values()]
    return Wanted(
        headers=frozenset(folded(header) for column in columns for header in column.headers),
        amounts=frozenset(folded(header) for column in columns if column.type in _SUMMED for header in column.headers),
        examples=tuple(dict.fromkeys(column.headers[0] for column in columns if column.required)),
    )


def typed(table: TextTable, maps: Sequence[ColumnMap], table_name: str) -> TypedTable:
    """Return the table's columns under our names, typed by the map its headers fit best.

    A cell that cannot be read is None and a ``Problem`` in ``table_name``, as is a missing cell in a filled column
    and a row with more cells than headers. Raises ``Rejected`` if no map fits. Amounts keep the file's sign:
    ``column_map.sign`` says which.
    """
    column_map, places = choose(table.headers, maps)
    columns: dict[str, list[Any]] = {}
    problems = _overfull_rows(table, table_name)
    for name, column in column_map.columns.items():
        if name not in places:
            columns[name] = [column.default] * len(table.row_nos)
            continue
        cells = table.columns[places[name]]
        keys: Iterable[tuple[str, Any]] = ((cell, None) for cell in cells)
        if column.type == "period" and "fiscal_year" in columns:
            keys = zip(cells, columns["fiscal_year"], strict=True)
        columns[name], faults = _typed_cells(keys, cell_parser(column))
        problems += [
            Problem(table_name, table.row_nos[place], name, cells[place].strip(), reason) for place, reason in faults
        ]
    return TypedTable(column_map, table.row_nos, columns, tuple(problems))


def choose(headers: Sequence[str], maps: Sequence[ColumnMap]) -> tuple[ColumnMap, Mapping[str, int]]:
    """Return the map that fits the headers and each column's place in them.

    Raises ``Rejected``, in the words of the nearest map, if a required column is missing, a header is unknown, or two
    headers go to one column.
    """
    fitted = [(column_map, *_fit(headers, column_map)) for column_map in maps]
    nearest, places, faults = min(fitted, key=lambda fit: (len(fit[2]), -len(fit[1])))
    if faults:
        raise Rejected(f"{' '.join(faults)} I filen finns: {', '.join(headers)}.")
    return nearest, places


def _fit(headers: Sequence[str], column_map: ColumnMap) -> tuple[dict[str, int], list[str]]:
    """Return where the map's columns are, and a sentence for each way in which the headers do not fit it."""
    meaning = {folded(header): name for name, column in column_map.columns.items() for header in column.headers}
    ignored = {folded(header) for header in column_map.ignored}
    places: dict[str, int] = {}
    faults: list[str] = []
    for place, header in enumerate(headers):
        name = meaning.get(folded(header))
        if name is None and folded(header) not in ignored:
            known = ", ".join(column.headers[0] for column in column_map.columns.values())
            faults.append(
                f"Kolumnen {header} är okänd (väntade: {known}); ta bort den eller för in den i kolumnkartan."
            )
        elif name in places:
            faults.append(f"Kolumnerna {headers[places[name]]} och {header} betyder samma sak; behåll en av dem.")
        elif name is not None:
            places[name] = place
    for name, column in column_map.columns.items():
        if column.required and name not in places:
            faults.append(
                f"Kolumnen {column.headers[0]} saknas (kan heta: {', '.join(column.headers)}); lägg till den."
            )
    return places, faults


def cell_parser(column: Column) -> Callable[[str, Any], Any]:
    """Return the function from a cell (and, for periods, its row's year) to a value; it raises ``ValueError``."""
    words = {folded(word): ours for word, ours in column.words.items()}

    def parse(cell: str, year: Any) -> Any:
        if column.type == "word":
            value: Any = None if is_missing(cell) else words.get(folded(cell))
            if value is None and not is_missing(cell):
                raise ValueError(f"ordet är okänt; använd något av {', '.join(column.words)}")
        else:
            value = parse_period(cell, year) if column.type == "period" else _PARSERS[column.type](cell)
        if value is None and column.filled:
            raise ValueError("värdet saknas; fyll i det i källan")
        return column.default if value is None else value

    return parse


def _typed_cells(
    keys: Iterable[tuple[str, Any]], parse: Callable[[str, Any], Any]
) -> tuple[list[Any], list[tuple[int, str]]]:
    """Return values, and faults by place; each distinct cell is parsed once, which makes 100,000 rows quick."""
    seen: dict[Hashable, Any] = {}
    values: list[Any] = []
    faults: list[tuple[int, str]] = []
    for place, key in enumerate(keys):
        value = seen.get(key, seen)
        if value is seen:
            try:
                value = parse(*key)
            except ValueError as error:
                value = error
            seen[key] = value
        if isinstance(value, ValueError):
            faults.append((place, str(value)))
            value = None
        values.append(value)
    return values, faults


def _overfull_rows(table: TextTable, table_name: str) -> list[Problem]:
    expected = len(table.headers)
    reason = f"raden har fler fält än rubrikraden ({expected}) och kan vara förskjuten; rätta skiljetecknen i källan"
    return [
        Problem(table_name, row_no, "row_no", f"{cells} fält", reason)
        for row_no, cells in sorted(table.overfull.items())
    ]
