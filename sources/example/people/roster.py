"""Who is employed where and when, as ``invented/staff.csv`` counts them.

Belongs here: turning each counted row into employments with drawn dates. Not here: what is special about a career
(``careers.py``), or who the people are (``identities.py``).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sources.example.catalog import read_invented
from sources.example.people.careers import CAREERS, Hired
from sources.example.people.records import Absence, Employment, Roster, month_days

if TYPE_CHECKING:
    import numpy as np

_FIRST_NUMBER, _NUMBERS = 10_000, 90_000


def read_roster(rng: np.random.Generator) -> Roster:
    """Return the employments of every person counted in ``invented/staff.csv``, with dates drawn within their years."""
    occupations: dict[str, list[tuple[str, str]]] = {}
    for row in read_invented("occupations.csv"):
        occupations.setdefault(row["unit_code"], []).append((row["occupation_code"], row["title"]))
    rows = [row for row in read_invented("staff.csv") for _ in range(int(row["persons"]))]
    # No career has more than two employments.
    numbers = rng.choice(_NUMBERS, size=2 * len(rows), replace=False) + _FIRST_NUMBER
    ids = (f"A-{number}" for number in numbers)
    employments: list[Employment] = []
    leaves: list[Absence] = []
    for person, row in enumerate(rows):
        titles = occupations[row["unit_code"]]
        hired = _hired(row, person, titles[int(rng.integers(len(titles)))], rng)
        career = CAREERS[row["case"]](hired, ids, rng)
        employments += career.employments
        leaves += career.leaves
    return Roster(len(rows), tuple(employments), tuple(leaves))


def _hired(row: dict[str, str], person: int, occupation: tuple[str, str], rng: np.random.Generator) -> Hired:
    within_a_year = row["starts"] == row["ends"]
    return Hired(
        person=person,
        unit_code=row["unit_code"],
        form=row["form"],
        since=_start(row["starts"], row["form"], within_a_year, rng),
        until=_end(row["ends"], within_a_year, rng),
        leaving_reason=row["leaving_reason"],
        rate_pct=Decimal(row["rate_pct"]),
        occupation=occupation,
        other_unit_code=row["other_unit_code"],
        year=int(row["year"] or 0),
        new_rate_pct=Decimal(row["new_rate_pct"] or 0),
    )


def _start(year: str, form: str, within_a_year: bool, rng: np.random.Generator) -> date:
    """Return the first of a month; before the first year it may be long ago, but not for a temporary employment."""
    if not year:
        return date(2021 if form == "temporary" else int(rng.integers(2006, 2022)), int(rng.integers(1, 11)), 1)
    return date(int(year), int(rng.integers(2, 6 if within_a_year else 11)), 1)


def _end(year: str, within_a_year: bool, rng: np.random.Generator) -> date | None:
    """Return the last of a month, never 31 December: who leaves in a year is not there at its end."""
    if not year:
        return None
    month = int(rng.integers(8 if within_a_year else 2, 12))
    return month_days(int(year) * 100 + month)[1]
