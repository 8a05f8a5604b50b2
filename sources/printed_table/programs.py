"""The integer programs behind a verdict: distances from printed numbers, in whole grains.

Belongs here: the solver and how its answers are made exact. Not here: tables (``conflicts``). Imported only when a
table is judged, since scipy takes its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack, identity, vstack

_INFEASIBLE = 2
_UNBOUNDED = 3


class Program:
    """Whole numbers within spans whose signed sums are given.

    ``spans`` are the lowest and highest value of each unknown, None for one that may be anything. Each of ``rows`` maps
    unknowns to signs; their signed sum shall be the corresponding one of ``gaps``.
    """

    def __init__(
        self, spans: Sequence[tuple[int, int] | None], rows: Sequence[Mapping[int, int]], gaps: Sequence[int]
    ) -> None:
        entries = [(line, place, sign) for line, row in enumerate(rows) for place, sign in row.items()]
        lines, places, signs = zip(*entries, strict=True)
        self._matrix = csr_array(
            coo_array((np.array(signs, dtype=float), (lines, places)), shape=(len(rows), len(spans)))
        )
        self._gaps = np.array(gaps, dtype=float)
        self._low = np.array([-np.inf if span is None else span[0] for span in spans], dtype=float)
        self._high = np.array([np.inf if span is None else span[1] for span in spans], dtype=float)

    def is_feasible(self, freed: Iterable[int]) -> bool:
        """Say whether there is a solution when the unknowns in ``freed`` may be anything."""
        return self._solve(freed) is not None

    def span(self, place: int, freed: Iterable[int]) -> tuple[int | None, int | None]:
        """Return the least and the greatest value of one unknown over all solutions, None where there is no end."""
        return self._solve(freed, place, 1), self._solve(freed, place, -1)

    def fewest(self, candidates: Sequence[int]) -> tuple[int, ...]:
        """Return a smallest set of ``candidates`` that must be freed for there to be a solution.

        Of several sets the one with the earliest candidates is taken. Raises ``ArithmeticError`` if there is none.
        """
        refused: list[set[int]] = []
        while True:
            found = self._cheapest(candidates, refused)
            if self.is_feasible(found):
                return found
            # The solver allows a freed unknown a grain too little or too much; what it then proposes is refused.
            refused.append(set(found))

    def _solve(self, freed: Iterable[int], place: int | None = None, sign: int = 1) -> int | None:
        """Return the value of an unknown where its ``sign`` times it is least, or 0 where none is asked for.

        None where there is no solution, or no end to it.
        """
        low, high = self._low.copy(), self._high.copy()
        low[list(freed)], high[list(freed)] = -np.inf, np.inf
        cost = np.zeros(len(low))
        if place is not None:
            cost[place] = sign
        answer = milp(
            cost,
            integrality=np.ones(len(low)),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(self._matrix, self._gaps, self._gaps),
        )
        if answer.x is None and answer.status not in (_INFEASIBLE, _UNBOUNDED):
            raise ArithmeticError(f"the solver gave up: {answer.message}")
        if answer.x is None:
            return None
        return 0 if place is None else round(answer.x[place])

    def _cheapest(self, candidates: Sequence[int], refused: Sequence[set[int]]) -> tuple[int, ...]:
        """Return the fewest candidates that the solver would free; a switch per candidate opens its span."""
        size, count = len(self._low), len(candidates)
        room = float(np.abs(self._gaps).sum() + np.abs(self._high - self._low)[np.isfinite(self._high)].sum())
        opens = csr_array((np.full(count, room), (candidates, range(count))), shape=(size, count))
        eye = identity(size, format="csr")
        switches = np.array([[place not in refusal for place in candidates] for refusal in refused], dtype=float)
        constraints = [
            LinearConstraint(hstack([self._matrix, csr_array((len(self._gaps), count))]), self._gaps, self._gaps),
            LinearConstraint(
                vstack([hstack([eye, opens]), hstack([eye, -opens])]),
                np.concatenate([self._low, np.full(size, -np.inf)]),
                np.concatenate([np.full(size, np.inf), self._high]),
            ),
        ]
        if refused:
            constraints.append(LinearConstraint(np.hstack([np.zeros((len(refused), size)), switches]), 1, np.inf))
        # A little more for the later ones decides between sets of the same size.
        cost = np.concatenate([np.zeros(size), 1 + np.arange(count) / (1000 * count * count)])
        answer = milp(
            cost,
            integrality=np.concatenate([np.zeros(size), np.ones(count)]),
            bounds=Bounds(np.r_[np.full(size, -np.inf), np.zeros(count)], np.r_[np.full(size, np.inf), np.ones(count)]),
            constraints=constraints,
        )
        if answer.x is None:
            raise ArithmeticError(f"no cells explain the conflict: {answer.message}")
        return tuple(place for place, on in zip(candidates, answer.x[size:], strict=True) if on > 0.5)
