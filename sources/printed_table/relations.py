"""What the cells of a printed table are of each other.

Belongs here: differences along a row, totals down a column, said of unrounded values. Not here: whether printed
numbers can satisfy them (``conflicts``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sources.printed_table.cells import Printed

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Relation:
    """``result`` is the sum of ``terms``, each a cell's key with its sign, before any rounding."""

    result: Key
    terms: tuple[tuple[Key, int], ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """Every cell that takes part, the result first."""
        return (self.result, *(key for key, _ in self.terms))


def relations(printed: Printed) -> list[Relation]:
    """Return every relation of a table, row by row and then total by total.

    A cell that a relation needs and the table does not print may hold anything. Differences need their three columns.
    """
    return [*_differences(printed), *_sums(printed)]


def _differences(printed: Printed) -> Iterator[Relation]:
    columns = {cell.column for cell in printed.cells}
    deviation = ("budget", "outcome") if printed.known.deviation_is_left else ("outcome", "budget")
    for result, (plus, minus) in {"deviation": deviation, "change": ("outcome", "prior")}.items():
        if {result, plus, minus} <= columns:
            for section, row in dict.fromkeys((cell.section, cell.row) for cell in printed.cells):
                terms = (((section, row, plus), 1), ((section, row, minus), -1))
                yield Relation((section, row, result), terms)


def _sums(printed: Printed) -> Iterator[Relation]:
    columns = dict.fromkeys(cell.column for cell in printed.cells)
    sections = dict.fromkeys(cell.section for cell in printed.cells)
    for total, parts in nested(printed.totals).items():
        for section in sections:
            for column in columns:
                yield Relation((section, total, column), tuple(((section, part, column), 1) for part in parts))


def nested(totals: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return each total as the sum that a reader sees: of smaller totals where they fit, else of rows.

    A result that is the sum of seven rows, five of them in the net cost, is the net cost and the other two.
    """
    smaller_first = sorted(totals, key=lambda total: (len(totals[total]), total))
    shown: dict[str, tuple[str, ...]] = {}
    for place, total in enumerate(smaller_first):
        left, parts = set(totals[total]), list[str]()
        for other in reversed(smaller_first[:place]):
            if set(totals[other]) <= left:
                parts.append(other)
                left -= set(totals[other])
        shown[total] = (*parts, *(row for row in totals[total] if row in left))
    return shown
