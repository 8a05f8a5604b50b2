"""Municipalities of any shape, for attackers to try: staff in units, with working time and sick leave.

Belongs here: drawing a municipality from a seed. Not here: running the models (``tests.staff_models``), attacks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.staff_tables import Staff

YEARS = (2022, 2023)
MONTHS = range(2, 13, 5)  # three months a year give sums as true as twelve, in a quarter of the time


@dataclass
class Person:
    """One person: where they work, who they are, how much they work and are away."""

    key: str
    unit: str
    sex: str
    birth_year: int
    hours: Decimal
    spells: list[tuple[int, date, date, Decimal]]
    second_unit: str | None = None
    left_on: date | None = None


@dataclass
class Municipality:
    """Persons in units of boards; ``units`` has the board of each."""

    units: dict[str, str]
    persons: list[Person] = field(default_factory=list)

    def staff(self) -> Staff:
        """Return the raw tables of all persons."""
        staff = Staff()
        for person in self.persons:
            more: dict[str, Any] = {"sex": person.sex, "birth_year": person.birth_year}
            staff.employ(person.key, person.unit, **more, employed_to=person.left_on)
            if person.second_unit:
                more |= {"person_key": person.key, "employment_form": "temporary"}
                staff.employ(f"{person.key}:2", person.second_unit, **more)
            for year in YEARS:
                staff.schedule(person.key, year, person.hours, MONTHS)
                if person.second_unit:
                    staff.schedule(f"{person.key}:2", year, Decimal(40), MONTHS)
            for year, start, end, extent in person.spells:
                staff.be_away(person.key, year, start, end, extent_pct=extent)
        return staff


def draw_person(random: Random, key: str, unit: str, *, women: float, young: float, ill: float) -> Person:
    """Draw one person of a unit: the chance of a woman, of being under thirty, of each spell of sick leave."""
    spells = []
    for year in YEARS:
        if random.random() < ill:
            start = date(year, 1, 1) + timedelta(days=random.randrange(300))
            end = start + timedelta(days=random.choice((2, 10, 30, 90)))
            spells.append((year, start, end, Decimal(random.choice((25, 50, 100, 100)))))
    return Person(
        key=key,
        unit=unit,
        sex="women" if random.random() < women else "men",
        birth_year=random.randrange(1995, 2003) if random.random() < young else random.randrange(1958, 1992),
        hours=Decimal(random.choice((165, 165, 165, 120, 80))),
        spells=spells,
        left_on=date(2023, 9, 30) if random.random() < 0.1 else None,
    )


def draw(seed: int) -> Municipality:
    """Draw a municipality: one or two boards, up to six units of one to thirty persons, some of one sex or age only."""
    random = Random(seed)
    municipality = Municipality({f"U{at}": random.choice(("KS", "KS", "BN")) for at in range(random.randint(1, 6))})
    ill = random.choice((0.0, 0.1, 0.3, 0.6))
    for unit in municipality.units:
        size = random.choice((random.randint(1, 9), random.randint(8, 13), random.randint(11, 30)))
        women, young = random.choice((0.0, 0.2, 0.5, 0.8, 1.0)), random.choice((0.0, 0.1, 0.3, 1.0))
        for at in range(size):
            person = draw_person(random, f"{unit}:{at}", unit, women=women, young=young, ill=ill)
            if random.random() < 0.05:
                person.second_unit = random.choice(list(municipality.units))
            municipality.persons.append(person)
    return municipality
