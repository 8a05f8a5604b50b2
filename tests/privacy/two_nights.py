"""An attacker who has two releases that differ by one person, and solves for all printed figures of both together.

Belongs here: that attacker, who knows the ordinary hours of every cell of both nights, that nobody else has changed,
and how each figure is rounded. Not here: attackers of one release (``attackers``), which attack must fail (the tests).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from attackers import Cell, Group, all_groups, cells_of, in_group
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.staff_models import Built

_BANDS = ("day_1_14", "day_15_59", "day_60_and_over")
_DIMENSIONS = {"total": "board", "sex": "sex", "age": "age"}
Term = tuple[Any, ...]
Terms = dict[Term, float]


@dataclass
class TwoNights:
    """What is unknown, and what both nights' figures say of it.

    An unknown is the sick hours of a cell (``("cell", cell)``), of the person in a cell (``("person", cell)``), or of a
    board's band. ``facts`` are sums that lie between two numbers.
    """

    limits: dict[Term, float] = field(default_factory=dict)
    facts: list[tuple[Terms, float, float]] = field(default_factory=list)

    @classmethod
    def of(cls, fewer: Built, more: Built) -> TwoNights:
        """Know the releases without a person and with them."""
        known = cls()
        without, with_person = cells_of(fewer), cells_of(more)
        for cell in with_person.keys() | without.keys():
            before = without.get(cell, (0.0, 0.0))[0]
            known.limits[("cell", cell)] = before
            if (added := with_person.get(cell, (0.0, 0.0))[0] - before) > 0:
                known.limits[("person", cell)] = added
        known._band_sums()
        known._learn(fewer, ("cell",))
        known._learn(more, ("cell", "person"))
        return known

    def person(self) -> Iterator[tuple[Cell, float]]:
        """Yield each cell of the person with the width, in percentage points, of what their sick leave can be there."""
        names = sorted(self.limits, key=repr)
        place = {name: at for at, name in enumerate(names)}
        sums = np.zeros((len(self.facts), len(names)))
        for at, (terms, _, _) in enumerate(self.facts):
            for name, factor in terms.items():
                sums[at, place[name]] += factor
        told = LinearConstraint(sums, [fact[1] for fact in self.facts], [fact[2] for fact in self.facts])
        bounds = Bounds(0.0, [self.limits[name] for name in names])
        for name in names:
            if name[0] == "person" and len(name) == 2:
                aim = np.array([float(name == other) for other in names])
                answers = [milp(sign * aim, constraints=told, bounds=bounds) for sign in (1.0, -1.0)]
                assert all(answer.status == 0 for answer in answers), answers
                yield name[1], 100 * -(answers[0].fun + answers[1].fun) / self.limits[name]

    def _band_sums(self) -> None:
        """A board's bands are its sick hours, the person's bands the person's; spells of sixty days have all bands."""
        cells = list(self.limits)
        for kind in ("cell", "person"):
            for board, year in sorted({cell[:2] for at, cell in cells if at == kind}):
                mine = [name for name in cells if name[0] == kind and name[1][:2] == (board, year)]
                total = sum(self.limits[name] for name in mine)
                bands = [(kind, (board, year), band) for band in (*_BANDS, "long")]
                self.limits |= dict.fromkeys(bands, total)
                self.facts.append(({**dict.fromkeys(bands[:3], 1.0), **dict.fromkeys(mine, -1.0)}, 0.0, 0.0))
                self.facts.append(({bands[3]: 1.0, bands[2]: -1.0}, 0.0, total))
                self.facts.append(({**dict.fromkeys(mine, 1.0), bands[3]: -1.0}, 0.0, total))

    def _learn(self, built: Built, kinds: tuple[str, ...]) -> None:
        """Add every figure of sick leave that a night's marts tell."""
        groups = all_groups(built)
        ordinary = {group: float(row["ordinary_hours"]) for group, row in groups.items()}
        whole = {group: bool(row["is_whole"]) for group, row in groups.items()}
        rows = [(row, _group(row)) for row in built.mart("sick_leave")]
        units = built.mart("sick_leave_unit")
        rows += [(row, (row["board_code"], row["year"], "unit", row["unit_code"])) for row in units]
        for row, group in rows:
            if group not in groups:
                continue
            half = _rounded_within(whole[group])
            before = (group[0], group[1] - 1, *group[2:])
            part = row.get("group_code") if row.get("breakdown") in ("length", "statutory_60") else None
            if row.get("breakdown") == "statutory_60":
                self._learn_ratio(row["sick_leave_pct"], group, half, kinds)
                self._learn_ratio(row["prior_sick_leave_pct"], before, half, kinds)
                continue
            shares = [self._share(each, part, kinds, ordinary) for each in (group, before)]
            self._learn_share(row["sick_leave_pct"], [(shares[0], 1.0)], half)
            self._learn_share(row["prior_sick_leave_pct"], [(shares[1], 1.0)], half)
            self._learn_share(row["difference_pp"], [(shares[0], 1.0), (shares[1], -1.0)], half)

    def _share(self, group: Group, part: str | None, kinds: tuple[str, ...], ordinary: dict[Group, float]) -> Terms:
        """Return a group's sick leave in per cent of its ordinary hours, as terms."""
        if group not in ordinary:
            return {}
        return dict.fromkeys(self._members(group, part, kinds), 100.0 / ordinary[group])

    def _members(self, group: Group, part: str | None, kinds: tuple[str, ...]) -> list[Term]:
        if part:
            return [name for name in self.limits if name[0] in kinds and name[1:] == (group[:2], part)]
        return [name for name in self.limits if name[0] in kinds and len(name) == 2 and in_group(name[1], group)]

    def _learn_share(self, value: Any, shares: list[tuple[Terms, float]], half: float) -> None:
        if value is not None:
            terms: Terms = {}
            for share, sign in shares:
                for name, factor in share.items():
                    terms[name] = terms.get(name, 0.0) + sign * factor
            self.facts.append((terms, float(value) - half, float(value) + half))

    def _learn_ratio(self, value: Any, group: Group, half: float, kinds: tuple[str, ...]) -> None:
        """Long spells are between two shares of all sick hours."""
        if value is not None:
            total, long = self._members(group, None, kinds), self._members(group, "long", kinds)
            for share, sign in ((float(value) - half, 1.0), (float(value) + half, -1.0)):
                terms = {**dict.fromkeys(long, sign * 100.0), **dict.fromkeys(total, -sign * share)}
                self.facts.append((terms, 0.0, np.inf))


def _group(row: dict[str, Any]) -> Group:
    dimension = _DIMENSIONS.get(row["breakdown"], "board")
    return row["board_code"], row["year"], dimension, row["group_code"] if row["breakdown"] in _DIMENSIONS else "total"


def _rounded_within(is_whole: bool) -> float:
    """Return how far from a printed figure the unrounded one may be."""
    return 0.5 if is_whole else 0.05
