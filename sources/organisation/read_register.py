"""One row per unit and time of validity in the register of units.

Belongs here: validity, parents and cycles. Not here: how files and cells are read (``sources.tabular``) or what
headers and segment words mean (``column_maps/``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

import pyarrow as pa

from sources.column_map import load_maps, typed, wanted
from sources.organisation.schema import ORGANISATION_UNITS
from sources.reading import Problem, Reading, ReadOptions, Rejected
from sources.tabular.table import read_table

TABLE = "organisation__units"
# Registers write an open end as a day far off; the warehouse writes it as null.
OPEN_END_YEAR = 9999


class _Unit(NamedTuple):
    """A row of the register, with its validity widened where a date could not be read."""

    row_no: int
    code: str
    parent: str | None
    start: date
    end: date


def read_units(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return ``organisation__units``, one row per data row of the file, in file order.

    Problems: cells that could not be read or are missing, a validity that ends before it starts, two rows of a unit
    that are valid on the same day, a parent that is not in the register. Raises ``Rejected`` for units that are each
    other's parents on some day: no sum could be made of them.
    """
    maps = load_maps("organisation")
    table = read_table(data, file_name, wanted(maps), encoding=options.encoding)
    typed_table = typed(table, maps, TABLE)
    columns = {**typed_table.columns, "row_no": list(typed_table.row_nos)}
    columns["valid_to"] = [_open_end(day) for day in columns["valid_to"]]
    units = _units(columns)
    _reject_cycles(units)
    found = [*_reversed(columns), *_overlaps(units), *_orphans(units)]
    return Reading(
        tables={TABLE: pa.table({name: columns[name] for name in ORGANISATION_UNITS.names}, schema=ORGANISATION_UNITS)},
        rows_in=len(table.row_nos),
        problems=(*typed_table.problems, *sorted(found, key=lambda problem: (problem.row_no, problem.column))),
        facts=dict(table.facts) | {"profile": typed_table.column_map.profile},
    )


def _open_end(day: date | None) -> date | None:
    return None if day is None or day.year == OPEN_END_YEAR else day


def _units(columns: dict[str, list[Any]]) -> list[_Unit]:
    names = ("row_no", "unit_code", "parent_code", "valid_from", "valid_to")
    return [
        _Unit(row_no, code, parent, start or date.min, end or date.max)
        for row_no, code, parent, start, end in zip(*(columns[name] for name in names), strict=True)
        if code is not None
    ]


def _reversed(columns: dict[str, list[Any]]) -> Iterator[Problem]:
    for row_no, start, end in zip(columns["row_no"], columns["valid_from"], columns["valid_to"], strict=True):
        if start and end and start > end:
            reason = f"giltigheten slutar innan den börjar ({start}); rätta datumen"
            yield Problem(TABLE, row_no, "valid_to", str(end), reason)


def _overlaps(units: Sequence[_Unit]) -> Iterator[Problem]:
    """Yield a problem for each row that shares a day with another row of its unit, naming one such row."""
    rows = defaultdict(list)
    for unit in sorted(units, key=lambda unit: (unit.start, unit.end, unit.row_no)):
        if unit.start <= unit.end:
            rows[unit.code].append(unit)
    for code, own in rows.items():
        clashes: dict[int, int] = {}
        latest = own[0]
        for unit in own[1:]:
            if unit.start <= latest.end:
                clashes[unit.row_no] = latest.row_no
                clashes.setdefault(latest.row_no, unit.row_no)
            latest = max(latest, unit, key=lambda unit: unit.end)
        for row_no, other in clashes.items():
            reason = f"enheten {code} gäller samtidigt på rad {other}; avsluta den ena dagen innan den andra börjar"
            yield Problem(TABLE, row_no, "valid_from", code, reason)


def _orphans(units: Sequence[_Unit]) -> Iterator[Problem]:
    codes = {unit.code for unit in units}
    for unit in units:
        if unit.parent is not None and unit.parent not in codes:
            reason = f"överordnad enhet {unit.parent} finns inte i registret; lägg till den eller rätta koden"
            yield Problem(TABLE, unit.row_no, "parent_code", unit.parent, reason)


def _reject_cycles(units: Sequence[_Unit]) -> None:
    """Raise ``Rejected`` for a circle of parents on any one day; the first day of a circle is its last row's first."""
    # Without a circle over all time there is none on a day, and most registers end here.
    if not _circle(units):
        return
    for day in sorted({unit.start for unit in units}):
        if circle := _circle([unit for unit in units if unit.start <= day <= unit.end]):
            names = " -> ".join([*circle, circle[0]])
            raise Rejected(f"Enheterna är överordnade varandra i en cirkel: {names}; rätta kolumnen Överordnad.")


def _circle(units: Sequence[_Unit]) -> list[str]:
    """Return the codes of a circle of parents, from its least code on, or nothing."""
    graph: dict[str, list[str]] = defaultdict(list)
    for code, parent in sorted({(unit.code, unit.parent) for unit in units if unit.parent is not None}):
        graph[code].append(parent)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1][:-1]
        first = circle.index(min(circle))
        return circle[first:] + circle[:first]
    return []
