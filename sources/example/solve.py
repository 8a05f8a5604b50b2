"""Find the plan nearest to the sketch that gives every printed figure.

Belongs here: the two linear programs, the rounding to whole öre and the exact check afterwards. Not here: what is
printed (``figures/printed.py``) or how a year's amount becomes vouchers (``ledger/``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, identity, vstack

from sources.example.catalog import Catalog, PlanRow, line_of
from sources.example.figures.printed import Cell, printed_cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SOLVED = ("budget_2023", "outcome_2023", "outcome_2022")
_KRONA = 100
# Keep this share of the largest margin there is; the rest buys nearness to the sketch.
_MARGIN_KEPT = 0.8


class Unsolvable(Exception):
    """No plan gives every printed figure; the message says what fails."""


@dataclass(frozen=True, slots=True)
class _Program:
    """What both linear programs demand of the amounts x, in kronor.

    ``signed @ x <= limits + room`` for the printed cells from above and from below, ``tight @ x == values`` for the
    exact ones, ``low <= x <= high``.
    """

    signed: csr_array
    limits: Floats
    room: Floats
    tight: csr_array
    values: Floats
    low: Floats
    high: Floats


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
    program = _program(sketch, fixed, _matrix(cells, len(sketch)), cells)
    plan = _whole(catalog, _nearest(program, sketch, _MARGIN_KEPT * _widest_margin(program)))
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


def _program(sketch: Floats, fixed: NDArray[np.bool_], matrix: csr_array, cells: list[Cell]) -> _Program:
    exact = np.array([cell.exact for cell in cells])
    printed = np.array([cell.printed_ore / _KRONA for cell in cells])
    half = np.array([cell.unit_ore / _KRONA / 2 for cell in cells])[~exact]
    return _Program(
        signed=vstack([matrix[~exact], -matrix[~exact]]),
        limits=np.concatenate([printed[~exact], -printed[~exact]]),
        room=np.concatenate([half, half]),
        tight=matrix[exact],
        values=printed[exact],
        low=np.where(fixed, sketch, np.where(sketch >= 0, 0.0, -np.inf)),
        high=np.where(fixed, sketch, np.where(sketch <= 0, 0.0, np.inf)),
    )


def _widest_margin(program: _Program) -> float:
    """Return the largest margin all cells can have at once, as a share of half their rounding unit."""
    found = linprog(
        np.append(np.zeros_like(program.low), -1.0),
        A_ub=hstack([program.signed, csr_array(program.room[:, None])]),
        b_ub=program.limits + program.room,
        A_eq=hstack([program.tight, csr_array((program.tight.shape[0], 1))]),
        b_eq=program.values,
        bounds=np.column_stack([np.append(program.low, 0.0), np.append(program.high, 1.0)]),
    )
    if not found.success:
        raise Unsolvable(f"no plan with the signs of invented/plan.csv gives every printed figure: {found.message}")
    return float(found.x[-1])


def _nearest(program: _Program, sketch: Floats, margin: float) -> Floats:
    """Return the amounts nearest to the sketch, each distance relative to its size, that keep the margin."""
    size = len(sketch)
    # Slightly different weights break ties between plans that are equally near.
    weights = (1 + np.arange(size) / (1000 * size)) / (1 + np.abs(sketch))
    eye = identity(size, format="csr")
    no_distance = csr_array((program.signed.shape[0], size))
    found = linprog(
        np.concatenate([np.zeros(size), weights]),
        A_ub=vstack([hstack([program.signed, no_distance]), hstack([eye, -eye]), hstack([-eye, -eye])]),
        b_ub=np.concatenate([program.limits + program.room * (1 - margin), sketch, -sketch]),
        A_eq=hstack([program.tight, csr_array((program.tight.shape[0], size))]),
        b_eq=program.values,
        bounds=np.column_stack(
            [np.append(program.low, np.zeros(size)), np.append(program.high, np.full(size, np.inf))]
        ),
    )
    if not found.success:
        raise Unsolvable(f"the plan nearest to invented/plan.csv was not found: {found.message}")
    amounts: Floats = found.x[:size]
    return amounts


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
