"""Free text as people write it in a staff system: now and then, and with what should not stand there.

Belongs here: the remarks. Not here: which column they stand in. A warehouse that lets one of them through has let a
person through.
"""

from __future__ import annotations

from collections.abc import Sequence

from sources.example.people.records import Person

_EVERY = 11
_TEXTS = (
    "Ersätts av {other.name} tills vidare.",
    "Fel personnummer i ansökan, ska vara {number} enligt {other.given_name} {other.surname}.",
    "{person.given_name} ringde om adressbyte, bor nu på {person.street}.",
    "Samtal med chefen bokat; hör av dig till {person.name}.",
)


def remark(place: int, person: Person, persons: Sequence[Person]) -> str:
    """Return the free text of a row by its place among the rows, empty for most of them."""
    if place % _EVERY:
        return ""
    other = persons[(place * 7 + 1) % len(persons)]
    number = f"{person.number[2:8]}-{person.number[8:]}"
    return _TEXTS[place // _EVERY % len(_TEXTS)].format(person=person, other=other, number=number)
