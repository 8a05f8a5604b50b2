"""The lines of the statement, as the warehouse defines them.

Belongs here: reading dbt's seeds for those who judge a delivery before dbt runs. Not here: the lines themselves
(``dbt_project/seeds``), which accounts belong to them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"


@dataclass(frozen=True, slots=True)
class StatementLines:
    """Every line's code, for each total the codes of the base lines it is the sum of, and each line's printed name."""

    codes: frozenset[str]
    components: dict[str, frozenset[str]]
    names: dict[str, str]


@cache
def statement_lines() -> StatementLines:
    """Return the lines of the statement; raises ``FileNotFoundError`` or ``KeyError`` where the seeds are not whole."""
    lines = _rows("statement_line")
    parts = [(row["line_code"], row["component_code"]) for row in _rows("statement_line_component")]
    totals = [row["line_code"] for row in lines if row["is_total"] == "true"]
    return StatementLines(
        codes=frozenset(row["line_code"] for row in lines),
        components={total: frozenset(part for line, part in parts if line == total) for total in totals},
        names={row["line_code"]: row["line_name"] for row in lines},
    )


@cache
def segments() -> dict[str, str]:
    """Return the name of each segment by its code."""
    return {row["segment_code"]: row["segment_name"] for row in _rows("segment")}


def _rows(seed: str) -> list[dict[str, str]]:
    with (_SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
