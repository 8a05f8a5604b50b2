"""Whether any unrounded values could have given a printed table, and if not, which cells stand in the way.

Belongs here: the search for the fewest cells that cannot all be right, and what could stand in them. Not here: which
relations hold (``relations``), which values a printed number may stand for (``rounding``), the solver (``programs``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources.printed_table.cells import Cell, Printed
from sources.printed_table.relations import Key, Relation, relations
from sources.printed_table.rounding import grain, rounded, values

if TYPE_CHECKING:
    from sources.printed_table.programs import Program


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cell that would make the rest hold together if it read something else.

    ``low`` and ``high`` are the lowest and highest number, in ``Cell.steps``, that could stand there given all other
    cells but the ones it is named with; None where nothing bounds it. ``broken`` are the relations that it breaks.
    """

    cell: Cell
    low: int | None
    high: int | None
    broken: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Cells that hang together and cannot all be right.

    ``fewest`` is how many at least are wrong. ``suspects`` are a smallest set that explains the conflict, first in
    the table, and each cell that could take the place of one of them: nobody can tell from the table alone.
    """

    fewest: int
    suspects: tuple[Suspect, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a printed table says of itself.

    ``relations`` counts the relations whose cells are all printed, and ``off_by_rounding`` those of them whose printed
    numbers do not add up although some unrounded values give them. No conflicts: the table is possible as a whole.
    """

    relations: int
    off_by_rounding: int
    conflicts: tuple[Conflict, ...]

    @property
    def is_possible(self) -> bool:
        """Whether some unrounded values give every printed cell."""
        return not self.conflicts


def judge(printed: Printed) -> Verdict:
    """Say whether the printed cells can all stand at once, exactly: half away from zero, in whole öre.

    Cells that are in no relation with each other are judged apart. The same table always gives the same verdict.
    """
    every = relations(printed)
    cells = {cell.key: cell for cell in printed.cells}
    size = grain(printed.cells, is_money=printed.known.is_money)
    conflicts: list[Conflict] = []
    impossible: set[Key] = set()
    for group in _groups(every):
        part = _Part(group, cells, {key: int(cell.step / size) for key, cell in cells.items()})
        if found := part.conflict():
            conflicts.append(found)
            impossible.update(part.keys)
    whole = [relation for relation in every if all(key in cells for key in relation.keys)]
    off = [r for r in whole if r.result not in impossible and _printed_gap(r, cells)]
    return Verdict(len(whole), len(off), tuple(conflicts))


def _printed_gap(relation: Relation, cells: Mapping[Key, Cell]) -> bool:
    amount = {key: cells[key].printed * cells[key].factor for key in relation.keys}
    return amount[relation.result] != sum(sign * amount[key] for key, sign in relation.terms)


def _groups(every: Sequence[Relation]) -> Iterator[list[Relation]]:
    """Yield relations that share cells, directly or by way of others, together; in the order they stand."""
    leader: dict[Key, Key] = {}

    def find(key: Key) -> Key:
        while (above := leader.setdefault(key, key)) != key:
            key = above
        return key

    for relation in every:
        for key in relation.keys:
            leader[find(key)] = find(relation.result)
    grouped: dict[Key, list[Relation]] = {}
    for relation in every:
        grouped.setdefault(find(relation.result), []).append(relation)
    yield from grouped.values()


class _Part:
    """Relations that hang together, as a program: one unknown per cell, how far it is from its printed number."""

    def __init__(self, group: Sequence[Relation], cells: Mapping[Key, Cell], sizes: Mapping[Key, int]) -> None:
        self.keys = list(dict.fromkeys(key for relation in group for key in relation.keys))
        self._cells, self._sizes, self._relations = cells, sizes, group
        self._printed = [key for key in self.keys if key in cells]

    def conflict(self) -> Conflict | None:
        """Return what cannot stand, or None if everything can."""
        program = self._program()
        if program.is_feasible(()):
            return None
        candidates = [self.keys.index(key) for key in self._printed]
        alone = [place for place in candidates if program.is_feasible((place,))]
        if alone:
            return Conflict(1, tuple(self._suspect(program, place, (place,)) for place in alone))
        fewest = program.fewest(candidates)
        suspects = {place: self._suspect(program, place, fewest) for place in fewest}
        for given_up in fewest:
            rest = tuple(place for place in fewest if place != given_up)
            for place in candidates:
                if place not in suspects and program.is_feasible((*rest, place)):
                    suspects[place] = self._suspect(program, place, (*rest, place))
        return Conflict(len(fewest), tuple(suspects[place] for place in sorted(suspects)))

    def _program(self) -> Program:
        from sources.printed_table.programs import Program

        place = {key: number for number, key in enumerate(self.keys)}
        spans: list[tuple[int, int] | None] = []
        for key in self.keys:
            if key not in self._cells:
                spans.append(None)
                continue
            low, high = values(self._cells[key].steps, self._sizes[key])
            spans.append((low - self._value(key), high - self._value(key)))
        rows = [{place[r.result]: -1} | {place[key]: sign for key, sign in r.terms} for r in self._relations]
        # Unknowns are distances from the printed numbers, so that all are small: the printed sums go to the right.
        gaps = [-sum(sign * self._value(self.keys[number]) for number, sign in row.items()) for row in rows]
        return Program(spans, rows, gaps)

    def _value(self, key: Key) -> int:
        """Return the printed number in grains; nothing for a cell that is not printed."""
        return self._cells[key].steps * self._sizes[key] if key in self._cells else 0

    def _suspect(self, program: Program, place: int, freed: Iterable[int]) -> Suspect:
        key = self.keys[place]
        low, high = (
            None if end is None else rounded(end + self._value(key), self._sizes[key])
            for end in program.span(place, tuple(freed))
        )
        broken = tuple(r for r in self._relations if key in r.keys and not self._holds_alone(r))
        return Suspect(self._cells[key], low, high, broken)

    def _holds_alone(self, relation: Relation) -> bool:
        """Say whether a relation can hold when all others are left out of account."""
        if any(key not in self._cells for key in relation.keys):
            return True
        spans = [values(self._cells[key].steps, self._sizes[key]) for key, _ in relation.terms]
        ends = [
            (sign * low, sign * high) if sign > 0 else (-high, -low)
            for (_, sign), (low, high) in zip(relation.terms, spans, strict=True)
        ]
        low, high = values(self._cells[relation.result].steps, self._sizes[relation.result])
        return sum(end[0] for end in ends) <= high and sum(end[1] for end in ends) >= low
