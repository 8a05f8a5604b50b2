"""Work injuries and near misses of ``invented/incidents.csv``, with drawn days.

Belongs here: when they happened, to whom, and who reported them. Not here: how many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sources.example.catalog import YEARS, read_invented
from sources.example.people.records import Incident, Person, Roster

if TYPE_CHECKING:
    import numpy as np


def happened(persons: Sequence[Person], roster: Roster, rng: np.random.Generator) -> tuple[Incident, ...]:
    """Return the incidents by day, each numbered within its year; their texts name people, as such texts do."""
    rows = [(date(int(row["year"]), 1, 9) + timedelta(days=int(rng.integers(340))), row) for row in _rows()]
    incidents: list[Incident] = []
    for day, row in sorted(rows, key=lambda dated: dated[0]):
        held = [(each.person, each.terms_on(day)) for each in roster.employments]
        colleagues = sorted({person for person, terms in held if terms and terms.unit_code == row["unit_code"]})
        first, second = (persons[int(place)] for place in rng.choice(colleagues, size=2, replace=False))
        number = 1 + sum(incident.day.year == day.year for incident in incidents)
        incidents.append(
            Incident(
                code=f"{day:%y}-{number:03}",
                kind=row["kind"],
                day=day,
                unit_code=row["unit_code"],
                description=row["description"].format(name=first.name),
                reporter=second.name,
            )
        )
    return tuple(incidents)


def _rows() -> list[dict[str, str]]:
    return [row for row in read_invented("incidents.csv") if int(row["year"]) in YEARS]
