"""One row per cell of a table in JSON-stat 2, the way PxWeb (SCB's Statistikdatabasen) gives it.

Belongs here: the cube, its dimensions and their order. Not here: which tables are wanted; they are saved from SCB's
pages or API and put in the inbox. Source: JSON-stat 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from sources.indicators.values import FINAL, MISSING, TABLE, day_in_name, in_scale, values_reading
from sources.reading import Problem, Reading, Rejected

SOURCE_NAME = "SCB"
# SCB answers with at most 150,000 cells; a cube of more is a product of sizes that no file holds.
MAX_CELLS = 1_000_000
# What PxWeb calls the dimensions where the document itself does not say what part they play.
_TIMES = frozenset({"tid", "time", "år", "year"})
_REGIONS = frozenset({"region", "kommun", "regionkod"})
_MEASURES = frozenset({"contentscode", "tabellinnehåll", "tabellinnehall"})
_GROUPS = frozenset({"kon", "kön", "sex"})
_GROUP_CODES = {"1": "men", "2": "women", "1+2": "total", "tot": "total", "total": "total", "m": "men", "k": "women"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class _Dimension:
    """A dimension: its categories' codes in order, and their labels."""

    name: str
    label: str
    codes: tuple[str, ...]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Cube:
    """A table: its dimensions in the order of its cells, and which of them plays which part."""

    dimensions: tuple[_Dimension, ...]
    time: str
    region: str
    measure: str | None
    group: str | None
    table_code: str
    label: str
    reported_on: date

    @property
    def others(self) -> tuple[_Dimension, ...]:
        """Dimensions that make the cells different measures."""
        parts = {self.time, self.region, self.group}
        return tuple(each for each in self.dimensions if each.name not in parts)


def is_dataset(document: Any) -> bool:
    """Say whether a document is a table in JSON-stat 2."""
    return isinstance(document, dict) and document.get("class") == "dataset"


def read_dataset(document: Mapping[str, Any], file_name: str) -> Reading:
    """Return ``indicator__values``, one row per cell, in the cells' order.

    ``external_code`` is the table's code and the code of each measure and other category, ``TAB638/BE0101N1``; regions
    are written as Kolada writes them (``00`` is ``0000``). A cell without a value has status missing. ``reported_on``
    is the day the table was updated, else the day in the file name. Raises ``Rejected`` for a table without regions or
    years, and one whose parts do not agree.
    """
    try:
        cube = _cube(document, file_name)
        values = _cells(document.get("value"), cube)
    except (AttributeError, KeyError, TypeError, IndexError):
        raise Rejected("Tabellen följer inte JSON-stat 2 (id, size, dimension, value); hämta den igen.") from None
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for places, value in zip(_places(cube), values, strict=True):
        row, faults = _row(cube, places, value)
        row["row_no"] = len(rows) + 1
        rows.append(row)
        problems += [Problem(TABLE, len(rows), column, shown, reason) for column, shown, reason in faults]
    return values_reading(rows, problems, {"table": cube.table_code, "title": cube.label}, page=cube.table_code)


def _cube(document: Mapping[str, Any], file_name: str) -> _Cube:
    names, sizes = list(document["id"]), list(document["size"])
    dimensions = tuple(_dimension(name, document["dimension"][name]) for name in names)
    if [len(each.codes) for each in dimensions] != sizes or prod(sizes) > MAX_CELLS:
        raise Rejected("Tabellens mått (size) stämmer inte med dess kategorier; hämta den igen.")
    roles = document.get("role") or {}
    time, region = _part(dimensions, roles.get("time"), _TIMES), _part(dimensions, roles.get("geo"), _REGIONS)
    if time is None or region is None:
        raise Rejected("Tabellen saknar år eller region; välj kommun och år när tabellen hämtas.")
    day = str(document.get("updated") or "")[:10]
    reported_on = date.fromisoformat(day) if _DAY.fullmatch(day) else day_in_name(file_name)
    if reported_on is None:
        raise Rejected(
            "Tabellen säger inte när den uppdaterades; skriv dagen i filnamnet (scb_befolkning_2024-01-15.json)."
        )
    px = (document.get("extension") or {}).get("px") or {}
    return _Cube(
        dimensions=dimensions,
        time=time,
        region=region,
        measure=_part(dimensions, roles.get("metric"), _MEASURES),
        group=_part(dimensions, None, _GROUPS),
        table_code=str(px.get("tableid") or "").strip(),
        label=str(document.get("label") or "").strip(),
        reported_on=reported_on,
    )


def _dimension(name: str, content: Mapping[str, Any]) -> _Dimension:
    """Return a dimension; its order is a list, or a place for each code, or, of one category, said by its label."""
    category = content["category"]
    labels = category.get("label") or {}
    index = category.get("index") or list(labels)
    codes = sorted(index, key=lambda code: index[code]) if isinstance(index, Mapping) else index
    return _Dimension(name, str(content.get("label") or name), tuple(map(str, codes)), labels)


def _part(dimensions: Sequence[_Dimension], role: Sequence[str] | None, words: frozenset[str]) -> str | None:
    """Return the dimension with a role, else the first whose name or label is one of ``words``."""
    if role:
        return str(role[0])
    return next((d.name for d in dimensions if {d.name.casefold(), d.label.casefold()} & words), None)


def _cells(values: Any, cube: _Cube) -> list[Any]:
    """Return the value of every cell in row-major order; a sparse table names only the cells it has."""
    count = prod(len(each.codes) for each in cube.dimensions)
    if isinstance(values, Mapping):
        cells = [values.get(str(place)) for place in range(count)]
        if len(values) == sum(cell is not None for cell in cells) + sum(v is None for v in values.values()):
            return cells
    elif isinstance(values, list) and len(values) == count:
        return values
    raise Rejected(f"Tabellen har inte de {count} celler som dess mått (size) säger; hämta den igen.")


def _places(cube: _Cube) -> Iterator[dict[str, str]]:
    """Yield each cell's category in every dimension, the last dimension fastest."""
    names = [each.name for each in cube.dimensions]
    for codes in product(*(each.codes for each in cube.dimensions)):
        yield dict(zip(names, codes, strict=True))


def _row(cube: _Cube, place: Mapping[str, str], value: Any) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    """Return one cell as a row, and its faults: column, value, reason."""
    faults = []
    year, region = place[cube.time], place[cube.region]
    if not re.fullmatch(r"(19|20)\d{2}", year):
        faults.append(("year", year, "är inget helt år; hämta tabellen med årsvärden"))
    group = "total" if cube.group is None else _GROUP_CODES.get(place[cube.group].casefold())
    if group is None:
        faults.append(("group_code", place[str(cube.group)], "är inget känt kön; hämta tabellen per kön eller totalt"))
    number = None
    if value is not None:
        try:
            number = in_scale(_exact(value))
        except ValueError as error:
            faults.append(("value", str(value), str(error)))
    row = {
        "source_name": SOURCE_NAME,
        "external_code": "/".join(code for code in (cube.table_code, *(place[d.name] for d in cube.others)) if code),
        "external_name": ", ".join(str(d.labels.get(place[d.name], place[d.name])) for d in cube.others) or cube.label,
        "municipality_code": region.zfill(4) if region.isdecimal() else region,
        "year": int(year) if re.fullmatch(r"\d{4}", year) else None,
        "group_code": group,
        "value": number,
        "status": MISSING if value is None else FINAL,
        "reported_on": cube.reported_on,
        "unit_text": _unit(cube, place),
    }
    return row, faults


def _exact(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("är inte ett tal; hämta tabellen igen")
    return Decimal(value)


def _unit(cube: _Cube, place: Mapping[str, str]) -> str | None:
    """Return the unit of a measure, where its label ends with one: ``Andel, procent``."""
    measure = next((each for each in cube.dimensions if each.name == cube.measure), None)
    label = "" if measure is None else str(measure.labels.get(place[measure.name], ""))
    return label.rpartition(", ")[2] or None if "," in label else None
