"""Invented names and personnummer.

Belongs here: what a person is called and numbered. Not here: which sex and birth year (``ages.py``). The numbers have a
right check digit, or no reader would take them; like the names they are drawn at random and mean nobody.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sources.example.catalog import YEARS, read_invented
from sources.example.people.records import Person, Roster

if TYPE_CHECKING:
    import numpy as np

# In a samordningsnummer the day has this much added.
_COORDINATION = 60


def persons_of(
    roster: Roster, sexes: Sequence[str], birth_years: Sequence[int], rng: np.random.Generator
) -> tuple[Person, ...]:
    """Return every person; no two share a surname or a number.

    The first who was hired in the first year has a samordningsnummer, and the first whose year allows it was born on a
    leap day.
    """
    parts: dict[str, list[str]] = {}
    for row in read_invented("name_parts.csv"):
        parts.setdefault(row["kind"], []).append(row["part"])
    surnames = [start + end for start in parts["surname_start"] for end in parts["surname_end"]]
    rng.shuffle(surnames)
    newcomer = next(each.person for each in roster.employments if each.employed_from.year == YEARS[0])
    leapling = next(person for person, year in enumerate(birth_years) if isleap(year) and person != newcomer)
    taken: set[str] = set()
    persons = []
    for place, (sex, year) in enumerate(zip(sexes, birth_years, strict=True)):
        born = date(year, 2, 29) if place == leapling else date(year, 1, 1) + timedelta(int(rng.integers(365)))
        while (number := _number(born, sex, place == newcomer, rng)) in taken:
            pass
        taken.add(number)
        street = f"{rng.choice(parts['street'])} {rng.integers(1, 90)}"
        persons.append(Person(number, str(rng.choice(parts[sex])), surnames[place], street, sex, year))
    return tuple(persons)


def check_digit(digits: str) -> int:
    """Return the last digit of a personnummer from the nine before it (YYMMDDNNN)."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return -sum(product // 10 + product % 10 for product in doubled) % 10


def _number(born: date, sex: str, is_coordination: bool, rng: np.random.Generator) -> str:
    serial = 2 * int(rng.integers(0, 500)) + (sex == "men")
    day = born.day + (_COORDINATION if is_coordination else 0)
    digits = f"{born:%Y%m}{day:02}{serial:03}"
    return f"{digits}{check_digit(digits[2:])}"
