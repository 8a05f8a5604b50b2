"""One row per unit and time of validity in the register of units.

Belongs here: predecessors, and what a register of units is refused for. Not here: validity and parents
(``sources.validity``), how files and cells are read (``sources.tabular``), what headers and segment words mean
(``column_maps/``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from sources import validity
from sources.column_map import load_maps, typed, wanted
from sources.organisation.schema import ORGANISATION_UNITS
from sources.reading import Problem, Reading, ReadOptions, Rejected
from sources.tabular.table import read_table

TABLE = "organisation__units"


def read_units(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return ``organisation__units``, one row per data row of the file, in file order.

    Problems: cells that could not be read or are missing, a validity that ends before it starts, two rows of a unit
    that are valid on the same day, a parent or a predecessor that is not in the register. Raises ``Rejected`` for
    units that are each other's parents on some day: no sum could be made of them.
    """
    maps = load_maps("organisation")
    table = read_table(data, file_name, wanted(maps), encoding=options.encoding)
    typed_table = typed(table, maps, TABLE)
    columns = {**typed_table.columns, "row_no": list(typed_table.row_nos)}
    columns["valid_to"] = [validity.open_end(day) for day in columns["valid_to"]]
    units = validity.entries(columns, "unit_code")
    if circle := validity.circle(units):
        names = " -> ".join(circle)
        raise Rejected(f"Enheterna är överordnade varandra i en cirkel: {names}; rätta kolumnen Överordnad.")
    found = [
        *validity.reversed_dates(TABLE, columns),
        *validity.overlaps(TABLE, units, "enheten"),
        *validity.orphans(TABLE, units, "överordnad enhet"),
        *_predecessors(columns),
    ]
    return Reading(
        tables={TABLE: pa.table({name: columns[name] for name in ORGANISATION_UNITS.names}, schema=ORGANISATION_UNITS)},
        rows_in=len(table.row_nos),
        problems=(*typed_table.problems, *sorted(found, key=lambda problem: (problem.row_no, problem.column))),
        facts=dict(table.facts) | {"profile": typed_table.column_map.profile},
    )


def _predecessors(columns: Mapping[str, Sequence[Any]]) -> Iterator[Problem]:
    """Yield a problem for each row with a predecessor that is not in the register."""
    known = set(columns["unit_code"])
    for row_no, named in zip(columns["row_no"], columns["predecessor_codes"], strict=True):
        if unknown := [code for code in (named or "").split(",") if code and code not in known]:
            reason = f"föregångare {', '.join(unknown)} finns inte i registret; lägg till den eller rätta koden"
            yield Problem(TABLE, row_no, "predecessor_codes", named, reason)
