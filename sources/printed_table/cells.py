"""What a printed table is, once it has been read.

Belongs here: the types that reading, relations and conflicts share, and the vocabulary of columns. Not here: finding
them in a file (``read``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

#: What headings call each column: letters only, without year and unit.
HEADINGS: Mapping[str, frozenset[str]] = {
    "budget": frozenset({"budget", "budgetsek", "helarsbudget", "revideradbudget"}),
    "outcome": frozenset({"bokslut", "utfall", "varde", "antal", "outcome", "outcomesek", "value", "valuepct"}),
    "deviation": frozenset({"avvikelse", "budgetavvikelse", "deviation", "deviationsek"}),
    "prior": frozenset({"aretfore", "foregaendear", "prior", "prioroutcome", "prioroutcomesek", "priorvalue"}),
    "change": frozenset(
        {"diff", "differens", "skillnad", "forandring", "change", "changesek", "difference", "differencepp"}
    ),
}
#: What one printed unit is in kronor, by how it is written.
MONEY_UNITS: Mapping[str, int] = {
    **dict.fromkeys(("kr", "kronor", "sek"), 1),
    **dict.fromkeys(("tkr", "ksek"), 1_000),
    **dict.fromkeys(("mkr", "mnkr", "msek"), 1_000_000),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a kind of table before it is read.

    ``rows`` maps folded names and codes to row codes; None where any name is a row, and totals follow from the
    table's own levels. ``totals`` says for each total which rows it is the sum of. ``sections`` maps folded names and
    codes of the parts that a table may be stacked of (segments) to their codes. ``deviation_is_left`` tells that a
    deviation is budget minus outcome, as for expenditure, and not outcome minus budget.
    """

    code: str
    rows: Mapping[str, str] | None = None
    totals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    deviation_is_left: bool = False
    is_money: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed number.

    ``section``, ``row`` and ``column`` (a key of ``HEADINGS``) say which; ``label`` and ``heading`` are what is
    printed. ``printed`` is the number as printed; ``step`` is what its last digit counts and ``factor`` what one
    printed unit is, both in kronor for money: ``7 422`` tkr has step and factor 1000, ``7,4`` mnkr step 100 000.
    """

    row_no: int
    section: str
    row: str
    column: str
    label: str
    heading: str
    printed: Decimal
    step: Decimal
    factor: Decimal

    @property
    def key(self) -> tuple[str, str, str]:
        """Section, row and column: what the cell is known by."""
        return (self.section, self.row, self.column)

    @property
    def steps(self) -> int:
        """The printed number counted in its last digit: 74 for ``7,4``."""
        return int((self.printed * self.factor / self.step).to_integral_exact())

    def shown(self, steps: int) -> str:
        """Return another number as it would be printed here, Swedish: ``-7 421``, ``7,5``."""
        number = steps * self.step / self.factor
        places = max(0, -int(self.step.normalize().adjusted() - self.factor.normalize().adjusted()))
        return f"{number:,.{places}f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed table: its kind, its cells in the order they stand, and the year its headings name, if any.

    ``totals`` are the row codes that each total is the sum of, whether known before or told by the table's levels.
    ``not_read`` are headings of columns with numbers that nothing is known of; ``notes`` are Swedish findings.
    """

    known: Known
    cells: tuple[Cell, ...]
    totals: Mapping[str, tuple[str, ...]]
    year: int | None = None
    not_read: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
