"""What the published report prints about the operations, as sums over rows of the plan.

Belongs here: reading ``figures/*.csv`` and saying which plan rows each printed cell adds up. Not here: finding amounts
that give those cells (``solve.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sources.example.catalog import Catalog, PlanRow, line_of, read_rows

_FIGURES = Path(__file__).parent / "figures"
_ORE_PER_TKR = 100_000
_ORE_PER_MKR = 100_000_000
_SEGMENTS = {"ordinary": "ordinarie", "development": "exploatering"}
_COSTS = ("personnel", "rent", "services", "other")
_NET = ("revenue", *_COSTS)
_TOTALS = {"costs": _COSTS, "net_cost": _NET, "result": (*_NET, "municipal_grant", "financial_net")}
# A difference is taken between unrounded sums: it is one sum with signs, not two cells subtracted.
_MEASURES: dict[str, tuple[tuple[str, int], ...]] = {
    "budget_2023": (("budget_2023", 1),),
    "outcome_2023": (("outcome_2023", 1),),
    "outcome_2022": (("outcome_2022", 1),),
    "deviation": (("outcome_2023", 1), ("budget_2023", -1)),
    "change": (("outcome_2023", 1), ("outcome_2022", -1)),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed number: ``-sum(sign * plan[row].ore[measure])`` rounded to ``unit_ore`` shall be ``printed_ore``.

    The minus turns the ledger's sign into the statement's. ``exact`` cells hold without any rounding.
    """

    name: str
    terms: tuple[tuple[int, str, int], ...]
    printed_ore: int
    unit_ore: int
    exact: bool

    def value_ore(self, plan: tuple[PlanRow, ...]) -> int:
        """Return the unrounded value of the cell, in öre with the statement's sign."""
        return -sum(sign * plan[row].ore[measure] for row, measure, sign in self.terms)

    def agrees(self, plan: tuple[PlanRow, ...]) -> bool:
        """Tell whether the plan gives the printed number when rounded half away from zero."""
        value = self.value_ore(plan)
        if self.exact:
            return value == self.printed_ore
        units = (2 * abs(value) + self.unit_ore) // (2 * self.unit_ore)
        return (units if value >= 0 else -units) * self.unit_ore == self.printed_ore


def printed_cells(catalog: Catalog) -> list[Cell]:
    """Return every printed cell the plan must give. Source: the board's year-end report 2023, see README.md."""
    return [*_operations(catalog), *_comparable(catalog), *_named(catalog)]


def _operations(catalog: Catalog) -> Iterable[Cell]:
    for row in read_rows(_FIGURES / "operations.csv"):
        lines, segment = _lines(row["line"]), _SEGMENTS[row["segment"]]
        for measure in _MEASURES:
            yield Cell(
                f"operations {row['segment']} {row['line']} {measure}",
                _terms(catalog, measure, segment, lambda plan_row, lines=lines: line_of(plan_row.account) in lines),
                int(row[measure]) * _ORE_PER_TKR,
                _ORE_PER_TKR,
                # The board's grant is decided in thousands and a decided budget is balanced to the krona.
                exact=row["line"] == "municipal_grant" or (row["line"], measure) == ("result", "budget_2023"),
            )


def _comparable(catalog: Catalog) -> Iterable[Cell]:
    def is_comparable(plan_row: PlanRow, line: str) -> bool:
        units = {catalog.unit_in(plan_row.unit_code, year).board_code for year in (2022, 2023)}
        return line_of(plan_row.account) == line and len(units) == 1

    for row in read_rows(_FIGURES / "comparable_change.csv"):
        yield Cell(
            f"comparable {row['line']}",
            _terms(catalog, "change", "ordinarie", lambda plan_row, line=row["line"]: is_comparable(plan_row, line)),
            _mkr(row["change_2023_2022_mkr"]),
            _ORE_PER_MKR // 10,
            exact=False,
        )


def _named(catalog: Catalog) -> Iterable[Cell]:
    keys = ("unit_code", "account", "activity_code")
    for row in read_rows(_FIGURES / "named_deviations.csv"):

        def is_named(plan_row: PlanRow, row: dict[str, str] = row) -> bool:
            fits = all(not row[key] or row[key] == getattr(plan_row, key) for key in keys)
            return fits and line_of(plan_row.account) == row["line"]

        yield Cell(
            "named " + " ".join(filter(None, (row["measure"], row["line"], *(row[key] for key in keys)))),
            _terms(catalog, row["measure"], "ordinarie", is_named),
            _mkr(row["printed_mkr"]),
            _ORE_PER_MKR // 10,
            exact=False,
        )


def _lines(line: str) -> tuple[str, ...]:
    return _TOTALS.get(line, (line,))


def _mkr(text: str) -> int:
    return int(Decimal(text) * _ORE_PER_MKR)


def _terms(
    catalog: Catalog, measure: str, segment: str, wanted: Callable[[PlanRow], bool]
) -> tuple[tuple[int, str, int], ...]:
    """Return (row, measure, sign) of the plan rows a cell adds up: those of the board and segment in that year."""
    terms = []
    for index, plan_row in enumerate(catalog.plan):
        if not wanted(plan_row):
            continue
        for name, sign in _MEASURES[measure]:
            unit = catalog.unit_in(plan_row.unit_code, int(name[-4:]))
            if unit.board_code == "KS" and unit.segment == segment:
                terms.append((index, name, sign))
    return tuple(terms)
