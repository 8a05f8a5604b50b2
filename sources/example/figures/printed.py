"""What the published report prints about operations, investments and forecasts, as sums over rows of the catalog.

Belongs here: reading the CSV files beside this and saying which rows each printed cell adds up. Not here: finding
amounts that give those cells (``solve.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sources.example.catalog import BOARD, YEARS, Catalog, PlanRow, line_of, read_rows

_FIGURES = Path(__file__).parent
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
# Expenditure is plus in the ledger and in print: the signs undo the cell's minus. Deviation is budget minus outcome.
_INVESTMENT_MEASURES: dict[str, tuple[tuple[str, int], ...]] = {
    "budget_2023": (("budget_2023", -1),),
    "outcome_2023": (("outcome_2023", -1),),
    "outcome_2022": (("outcome_2022", -1),),
    "deviation": (("budget_2023", -1), ("outcome_2023", 1)),
    "change": (("outcome_2023", -1), ("outcome_2022", 1)),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed number: ``-sum(sign * rows[row].ore[measure])`` rounded to ``unit_ore`` shall be ``printed_ore``.

    The minus turns the ledger's sign into the statement's. ``exact`` cells hold without any rounding.
    """

    name: str
    terms: tuple[tuple[int, str, int], ...]
    printed_ore: int
    unit_ore: int
    exact: bool

    def value_ore(self, rows: tuple[PlanRow, ...]) -> int:
        """Return the unrounded value of the cell, in öre with the sign it is printed with."""
        return -sum(sign * rows[row].ore[measure] for row, measure, sign in self.terms)

    def agrees(self, rows: tuple[PlanRow, ...]) -> bool:
        """Tell whether the rows give the printed number when rounded half away from zero."""
        value = self.value_ore(rows)
        if self.exact:
            return value == self.printed_ore
        units = (2 * abs(value) + self.unit_ore) // (2 * self.unit_ore)
        return (units if value >= 0 else -units) * self.unit_ore == self.printed_ore


def printed_cells(catalog: Catalog) -> list[Cell]:
    """Return every printed cell of the operations. Source: the board's year-end report 2023, see README.md."""
    return [*_operations(catalog), *_comparable(catalog), *_named(catalog)]


def investment_cells(catalog: Catalog) -> list[Cell]:
    """Return every printed cell the investments must give, each node with all that is below it."""
    parents = {node.code: node.parent_code for node in catalog.project_nodes}
    names = {node.name: node.code for node in catalog.project_nodes}
    return [
        Cell(
            f"investments {row['label']} {measure}",
            tuple(
                (place, name, sign)
                for place, investment in enumerate(catalog.investments)
                if row["level"] == "total" or names[row["label"]] in _upwards(investment.project_code, parents)
                for name, sign in terms
            ),
            int(row[measure]) * _ORE_PER_TKR,
            _ORE_PER_TKR,
            # An investment budget is decided in thousands.
            exact=measure == "budget_2023",
        )
        for row in read_rows(_FIGURES / "investments.csv")
        for measure, terms in _INVESTMENT_MEASURES.items()
    ]


def printed_forecasts() -> dict[tuple[int, str], int]:
    """Return the printed result of each forecast round of 2023, in öre, by month and segment."""
    rows = read_rows(_FIGURES / "forecasts.csv")
    return {
        (int(row["month"]), _SEGMENTS[row["segment"]]): int(row["forecast_result_tkr"]) * _ORE_PER_TKR for row in rows
    }


def _upwards(code: str, parents: Mapping[str, str]) -> Iterable[str]:
    """Yield a node and all that it is below."""
    while code:
        yield code
        code = parents[code]


def _operations(catalog: Catalog) -> Iterable[Cell]:
    for row in read_rows(_FIGURES / "operations.csv"):
        line, segment = row["line"], _SEGMENTS[row["segment"]]
        rows = [place for place, plan_row in enumerate(catalog.plan) if line_of(plan_row.account) in _lines(line)]
        for measure in _MEASURES:
            yield Cell(
                f"operations {row['segment']} {line} {measure}",
                _terms(catalog, measure, segment, rows),
                int(row[measure]) * _ORE_PER_TKR,
                _ORE_PER_TKR,
                # The board's grant is decided in thousands and a decided budget is balanced to the krona.
                exact=line == "municipal_grant" or (line, measure) == ("result", "budget_2023"),
            )


def _comparable(catalog: Catalog) -> Iterable[Cell]:
    """Yield the changes that leave out units which have changed boards."""
    for row in read_rows(_FIGURES / "comparable_change.csv"):
        rows = [
            place
            for place, plan_row in enumerate(catalog.plan)
            if line_of(plan_row.account) == row["line"]
            and len({catalog.unit_in(plan_row.unit_code, year).board_code for year in YEARS}) == 1
        ]
        terms = _terms(catalog, "change", "ordinarie", rows)
        yield Cell(f"comparable {row['line']}", terms, _mkr(row["change_2023_2022_mkr"]), _ORE_PER_MKR // 10, False)


def _named(catalog: Catalog) -> Iterable[Cell]:
    for row in read_rows(_FIGURES / "named_deviations.csv"):
        keys = [key for key in ("unit_code", "account", "activity_code") if row[key]]
        rows = [
            place
            for place, plan_row in enumerate(catalog.plan)
            if line_of(plan_row.account) == row["line"] and all(getattr(plan_row, key) == row[key] for key in keys)
        ]
        name = " ".join(["named", row["measure"], row["line"], *(row[key] for key in keys)])
        terms = _terms(catalog, row["measure"], "ordinarie", rows)
        yield Cell(name, terms, _mkr(row["printed_mkr"]), _ORE_PER_MKR // 10, False)


def _lines(line: str) -> tuple[str, ...]:
    return _TOTALS.get(line, (line,))


def _mkr(text: str) -> int:
    return int(Decimal(text) * _ORE_PER_MKR)


def _terms(catalog: Catalog, measure: str, segment: str, rows: Iterable[int]) -> tuple[tuple[int, str, int], ...]:
    """Return (row, measure, sign) of those rows that belong to the board and segment in the measure's year."""
    terms = []
    for row in rows:
        for name, sign in _MEASURES[measure]:
            unit = catalog.unit_in(catalog.plan[row].unit_code, int(name[-4:]))
            if unit.board_code == BOARD and unit.segment == segment:
                terms.append((row, name, sign))
    return tuple(terms)
