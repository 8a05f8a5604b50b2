"""Attackers of what is published of staff: they subtract, and they solve for what subtraction leaves open.

Belongs here: what an attacker knows, and the narrowest interval they can put around a group's sick leave. Not here:
which groups must withstand it (the tests). An attacker knows the ordinary hours of every cell of sex, age group and
unit, and is told every published figure exactly, which is more than its rounded digits tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog

from tests.staff_models import Built

Row = dict[str, Any]
Group = tuple[str, int, str, str]  # board, year, dimension, group
Cell = tuple[Any, ...]  # board, year, sex, age group, unit
DIMENSIONS = {"board": None, "sex": 2, "age": 3, "unit": 4}


def in_group(cell: Cell, group: Group) -> bool:
    """Whether the persons of a cell are of the group."""
    place = DIMENSIONS[group[2]]
    return cell[:2] == group[:2] and (place is None or cell[place] == group[3])


def shown_groups(built: Built) -> set[Group]:
    """Return the groups whose sick leave any mart tells, in the row of its year or as the year before of another."""
    found: set[Group] = set()
    dimensions = {"total": "board", "sex": "sex", "age": "age"}
    rows = [row for row in built.mart("sick_leave") if row["breakdown"] in dimensions]
    told = [(row, dimensions[row["breakdown"]], row["group_code"]) for row in rows]
    told += [(row, "unit", row["unit_code"]) for row in built.mart("sick_leave_unit")]
    for row, dimension, group in told:
        if row["sick_leave_pct"] is not None:
            found.add((row["board_code"], row["year"], dimension, group))
        if row["prior_sick_leave_pct"] is not None:
            found.add((row["board_code"], row["year"] - 1, dimension, group))
        if row["difference_pp"] is not None:
            assert row["sick_leave_pct"] is not None
            assert row["prior_sick_leave_pct"] is not None
    return found


def all_groups(built: Built, condition: str = "true") -> dict[Group, Row]:
    """Return the groups that have working time, in every dimension, with what the mask knows of them."""
    rows = built.rows(f"select * from core.disclosure_group where ordinary_hours > 0 and {condition}")
    return {(row["board_code"], row["fiscal_year"], row["dimension"], row["group_code"]): row for row in rows}


def cells_of(built: Built) -> dict[Cell, tuple[float, float]]:
    """Return the ordinary and the sick hours of every cell."""
    return {
        (row["board_code"], row["fiscal_year"], row["sex"], row["age_group"], row["unit_code"]): (
            float(row["ordinary_hours"]),
            float(row["sick_hours"]),
        )
        for row in built.rows("select * from core.fct_sick_leave")
    }


@dataclass
class Knowledge:
    """What an attacker knows: the ordinary hours of cells, and sums of the sick hours of some of them."""

    hours: dict[Cell, float] = field(default_factory=dict)
    facts: list[tuple[list[Cell], float]] = field(default_factory=list)

    @classmethod
    def of(cls, built: Built, groups: Iterable[Group]) -> Knowledge:
        """Know the ordinary hours of every cell, and the sick hours of ``groups`` to the last digit."""
        cells = cells_of(built)
        known = cls({cell: ordinary for cell, (ordinary, _) in cells.items()})
        known.learn(cells, groups)
        return known

    @classmethod
    def of_two_nights(cls, fewer: Built, more: Built, shown: dict[int, set[Group]]) -> Knowledge:
        """Know two releases that differ by one person, and which cells that person is in.

        ``shown`` has the groups told by the release without the person (0) and by the one with them (1). The person's
        own hours are cells of their own, marked as a sixth part of the cell.
        """
        without, with_person = cells_of(fewer), cells_of(more)
        known = cls({cell: ordinary for cell, (ordinary, _) in without.items()})
        for cell, (ordinary, _) in with_person.items():
            added = ordinary - without.get(cell, (0.0, 0.0))[0]
            if added > 0:
                known.hours[(*cell, "person")] = added
        known.learn(without, shown[0])
        known.learn(with_person, shown[1], [*known.hours])
        return known

    def learn(
        self, cells: dict[Cell, tuple[float, float]], groups: Iterable[Group], among: Iterable[Cell] = ()
    ) -> None:
        """Add the sick hours of each group, as the sum of its cells ``among`` those known."""
        for group in groups:
            members = [cell for cell in (among or cells) if in_group(cell, group)]
            if members:
                self.facts.append((members, sum(sick for cell, (_, sick) in cells.items() if in_group(cell, group))))

    def intervals(self, targets: Iterable[Group], *, without_person: bool = False) -> Iterator[tuple[Group, float]]:
        """Yield each target with the width, in percentage points, of what its sick leave can be.

        ``without_person`` looks at the others of each target only, and leaves out one that has no others.
        """
        cells = sorted(self.hours)
        place = {cell: at for at, cell in enumerate(cells)}
        told = np.zeros((len(self.facts), len(cells)))
        for at, (members, _) in enumerate(self.facts):
            told[at, [place[cell] for cell in members]] = 1.0
        sums = np.array([total for _, total in self.facts])
        bounds = [(0.0, self.hours[cell]) for cell in cells]
        for target in targets:
            aim = np.array([float(in_group(cell, target) and not (without_person and cell[5:])) for cell in cells])
            if not aim.any():
                continue
            ends = []
            for sign in (1.0, -1.0):
                answer = linprog(sign * aim, A_eq=told, b_eq=sums, bounds=bounds, method="highs")
                assert answer.status == 0, answer.message
                ends.append(sign * answer.fun)
            yield target, 100 * (ends[1] - ends[0]) / float(aim @ [self.hours[cell] for cell in cells])


def subtract(groups: dict[Group, Row], shown: set[Group]) -> set[Group]:
    """Return the groups that are the only one of their dimension not shown: total minus the others tells them."""
    found: set[Group] = set()
    for board, year, dimension in {group[:3] for group in groups if group[2] != "board"}:
        parts = [group for group in groups if group[:3] == (board, year, dimension)]
        missing = [group for group in parts if group not in shown]
        if (board, year, "board", "total") in shown and len(missing) == 1 and len(parts) > 1:
            found |= set(missing)
    return found
