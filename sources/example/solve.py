"""Find the amounts nearest to the sketch that give every printed figure.

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
from sources.example.figures.printed import Cell, investment_cells, printed_cells, printed_forecasts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Rows = tuple[PlanRow, ...]

_SOLVED = ("budget_2023", "outcome_2023", "outcome_2022")
_KRONA = 100
# Keep this share of the largest margin there is; the rest buys nearness to the sketch.
_MARGIN_KEPT = 0.8


class Unsolvable(Exception):
    """No amounts give every printed figure; the message says what fails."""


@dataclass(frozen=True, slots=True)
class _Program:
    """What both linear programs demand of the amounts x, in kronor.

    ``signed @ x <= limits + room`` for the printed cells from above and from below, ``tight @ x == values`` for the
    exact ones, ``low <= x <= high``. ``sketch_name`` is the file the amounts were sketched in.
    """

    sketch_name: str
    signed: csr_array
    limits: Floats
    room: Floats
    tight: csr_array
    values: Floats
    low: Floats
    high: Floats


def solved(catalog: Catalog) -> Catalog:
    """Return the catalog with a plan and investments that give every printed cell. Raises ``Unsolvable``."""
    _check_forecasts(catalog)
    return replace(catalog, plan=solve_plan(catalog), investments=solve_investments(catalog))


def solve_plan(catalog: Catalog) -> Rows:
    """Return the plan with amounts, in whole öre, that give every printed cell of the operations.

    Sums and differences are rounded only when shown, so rounded lines cannot simply be spread out: 35 of the printed
    relations are off by one. First the margin to every rounding boundary is made as large as possible, then the
    distance to the sketch as small as possible. Signs and zeros of the sketch stay, municipal grants stay untouched and
    budgets are whole kronor. Raises ``Unsolvable``.
    """
    cells = printed_cells(catalog)
    fixed = [line_of(row.account) == "municipal_grant" for row in catalog.plan for _ in _SOLVED]
    rows = _nearest_rows("invented/plan.csv", catalog.plan, cells, fixed)
    return _checked(_balanced(catalog, rows), cells)


def solve_investments(catalog: Catalog) -> Rows:
    """Return the investments with outcomes that give every printed cell; their budgets stay. Raises ``Unsolvable``."""
    cells = investment_cells(catalog)
    fixed = [measure.startswith("budget") for _ in catalog.investments for measure in _SOLVED]
    return _checked(_nearest_rows("invented/investments.csv", catalog.investments, cells, fixed), cells)


def _check_forecasts(catalog: Catalog) -> None:
    """Raise ``Unsolvable`` unless the forecasts give the printed results; they need no rounding, so no solving."""
    printed = printed_forecasts()
    foreseen = {
        (forecast.month, segment): forecast.result(segment)
        for forecast in catalog.forecasts
        for segment, _ in forecast.ore
    }
    if foreseen != printed:
        raise Unsolvable(f"invented/forecasts.csv gives the results {foreseen} öre, printed are {printed}")


def _checked(rows: Rows, cells: list[Cell]) -> Rows:
    for cell in cells:
        if not cell.agrees(rows):
            raise Unsolvable(f"{cell.name}: {cell.value_ore(rows)} öre does not give {cell.printed_ore} öre")
    return rows


def _nearest_rows(name: str, rows: Rows, cells: list[Cell], fixed: list[bool]) -> Rows:
    """Return the rows with the amounts nearest to theirs that give the cells; fixed amounts stay as they are.

    The amounts of all rows, each in the order of ``_SOLVED``, are the unknowns; ``name`` says where they come from.
    """
    sketch = np.array([row.ore[measure] / _KRONA for row in rows for measure in _SOLVED])
    program = _program(name, sketch, np.array(fixed), cells)
    return _whole(rows, _nearest(program, sketch, _MARGIN_KEPT * _widest_margin(program)))


def _matrix(cells: list[Cell], columns: int) -> csr_array:
    entries = [
        (line, row * len(_SOLVED) + _SOLVED.index(measure), -sign)
        for line, cell in enumerate(cells)
        for row, measure, sign in cell.terms
    ]
    lines, places, signs = zip(*entries, strict=True)
    return csr_array((np.array(signs, dtype=float), (lines, places)), shape=(len(cells), columns))


def _program(name: str, sketch: Floats, fixed: NDArray[np.bool_], cells: list[Cell]) -> _Program:
    matrix = _matrix(cells, len(sketch))
    exact = np.array([cell.exact for cell in cells])
    printed = np.array([cell.printed_ore / _KRONA for cell in cells])
    half = np.array([cell.unit_ore / _KRONA / 2 for cell in cells])[~exact]
    return _Program(
        sketch_name=name,
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
        raise Unsolvable(f"no amounts with the signs of {program.sketch_name} give every figure: {found.message}")
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
        raise Unsolvable(f"the amounts nearest to {program.sketch_name} were not found: {found.message}")
    amounts: Floats = found.x[:size]
    return amounts


def _whole(rows: Rows, kronor: Floats) -> Rows:
    """Return the rows with the amounts found, outcomes rounded to öre and budgets to kronor."""
    table = kronor.reshape(len(rows), len(_SOLVED)).tolist()
    return tuple(
        replace(
            row,
            ore=dict(row.ore)
            | {
                name: round(value) * _KRONA if name.startswith("budget") else round(value * _KRONA)
                for name, value in zip(_SOLVED, values, strict=True)
            },
        )
        for row, values in zip(rows, table, strict=True)
    )


def _balanced(catalog: Catalog, plan: Rows) -> Rows:
    """Let one row per segment take what the segment's budget misses when its rows are whole kronor."""
    amounts = [dict(row.ore) for row in plan]
    for segment in {unit.segment for unit in catalog.units}:
        rows = [i for i, row in enumerate(plan) if catalog.unit_in(row.unit_code, 2023).segment == segment]
        movable = [i for i in rows if line_of(plan[i].account) == "personnel"]
        largest = max(movable, key=lambda i: abs(amounts[i]["budget_2023"]))
        amounts[largest]["budget_2023"] -= sum(amounts[i]["budget_2023"] for i in rows)
    return tuple(replace(row, ore=amount) for row, amount in zip(plan, amounts, strict=True))
