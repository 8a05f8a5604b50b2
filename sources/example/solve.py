"""Find the plan nearest to the sketch that gives every printed figure.

Belongs here: the two linear programs, the rounding to whole öre and the exact check afterwards. Not here: what is
printed (``figures.py``) or how a year's amount becomes vouchers (``ledger.py``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, identity, vstack

from sources.example.catalog import Catalog, PlanRow, line_of
from sources.example.figures import Cell, printed_cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SOLVED = ("budget_2023", "outcome_2023", "outcome_2022")
_KRONA = 100
# Keep this share of the largest margin there is; the rest buys nearness to the sketch.
_MARGIN_KEPT = 0.8


class Unsolvable(Exception):
    """No plan gives every printed figure; the message names a cell that fails."""


def solve_plan(catalog: Catalog) -> tuple[PlanRow, ...]:
    """Return the plan with amounts, in whole öre, that give every printed cell.

    Sums and differences are rounded only when shown, so rounded lines cannot simply be spread out: 35 of the printed
    relations are off by one. First the margin to every rounding boundary is made as large as possible, then the
    distance to the sketch as small as possible. Signs and zeros of the sketch stay, municipal grants stay untouched and
    budgets are whole kronor. Raises ``Unsolvable``.
    """
    cells = printed_cells(catalog)
    sketch = np.array([row.ore[measure] / _KRONA for row in catalog.plan for measure in _SOLVED])
    fixed = np.array([line_of(row.account) == "municipal_grant" for row in catalog.plan for _ in _SOLVED])
    matrix = _matrix(cells, len(sketch))
    plan = _whole(catalog, _nearest(sketch, fixed, matrix, cells))
    for cell in cells:
        if not cell.agrees(plan):
            raise Unsolvable(f"{cell.name}: {cell.value_ore(plan)} öre does not give {cell.printed_ore} öre")
    return plan


def _matrix(cells: list[Cell], columns: int) -> csr_array:
    entries = [
        (line, row * len(_SOLVED) + _SOLVED.index(measure), -sign)
        for line, cell in enumerate(cells)
        for row, measure, sign in cell.terms
    ]
    lines, places, signs = zip(*entries, strict=True)
    return csr_array((np.array(signs, dtype=float), (lines, places)), shape=(len(cells), columns))


def _nearest(sketch: Floats, fixed: NDArray[np.bool_], matrix: csr_array, cells: list[Cell]) -> Floats:
    exact = np.array([cell.exact for cell in cells])
    printed = np.array([cell.printed_ore / _KRONA for cell in cells])
    half = np.array([cell.unit_ore / _KRONA / 2 for cell in cells])[~exact]
    loose, tight = matrix[~exact], matrix[exact]
    low = np.where(fixed | (sketch >= 0), np.where(fixed, sketch, 0.0), -np.inf)
    high = np.where(fixed | (sketch <= 0), np.where(fixed, sketch, 0.0), np.inf)
    both = vstack([loose, -loose])
    limits = np.concatenate([printed[~exact], -printed[~exact]])
    room = np.concatenate([half, half])

    widest = linprog(
        np.append(np.zeros_like(sketch), -1.0),
        A_ub=hstack([both, csr_array(room[:, None])]),
        b_ub=limits + room,
        A_eq=hstack([tight, csr_array((tight.shape[0], 1))]),
        b_eq=printed[exact],
        bounds=np.column_stack([np.append(low, 0.0), np.append(high, 1.0)]),
    )
    if not widest.success:
        raise Unsolvable(f"no plan with the signs of data/plan.csv gives every printed figure: {widest.message}")

    size = len(sketch)
    # Slightly different weights leave one nearest plan, so that every solver version finds the same.
    weights = (1 + np.arange(size) / (1000 * size)) / (1 + np.abs(sketch))
    eye = identity(size, format="csr")
    nearest = linprog(
        np.concatenate([np.zeros(size), weights]),
        A_ub=vstack([hstack([both, csr_array((both.shape[0], size))]), hstack([eye, -eye]), hstack([-eye, -eye])]),
        b_ub=np.concatenate([limits + room * (1 - _MARGIN_KEPT * widest.x[-1]), sketch, -sketch]),
        A_eq=hstack([tight, csr_array((tight.shape[0], size))]),
        b_eq=printed[exact],
        bounds=np.column_stack([np.append(low, np.zeros(size)), np.append(high, np.full(size, np.inf))]),
    )
    if not nearest.success:
        raise Unsolvable(f"the plan nearest to data/plan.csv was not found: {nearest.message}")
    solution: Floats = nearest.x[:size]
    return solution


def _whole(catalog: Catalog, kronor: Floats) -> tuple[PlanRow, ...]:
    """Round outcomes to öre and budgets to kronor, and let one row per segment take what its budget then misses."""
    table = kronor.reshape(len(catalog.plan), len(_SOLVED))
    amounts = [
        dict(row.ore)
        | {
            name: round(value) * _KRONA if name.startswith("budget") else round(value * _KRONA)
            for name, value in zip(_SOLVED, values.tolist(), strict=True)
        }
        for row, values in zip(catalog.plan, table, strict=True)
    ]
    for segment in {unit.segment for unit in catalog.units}:
        rows = [i for i, row in enumerate(catalog.plan) if catalog.unit_in(row.unit_code, 2023).segment == segment]
        movable = [i for i in rows if line_of(catalog.plan[i].account) == "personnel"]
        largest = max(movable, key=lambda i: abs(amounts[i]["budget_2023"]))
        amounts[largest]["budget_2023"] -= sum(amounts[i]["budget_2023"] for i in rows)
    return tuple(replace(row, ore=amount) for row, amount in zip(catalog.plan, amounts, strict=True))
