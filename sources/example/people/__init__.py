"""The invented people of the example municipality: registers whose sums are the report's staff tables.

Belongs here: ``invent_people``, which puts the pieces in order. Not here: the pieces, or how systems write them
(``exports/``). Every person is invented; no register of any employer was used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.example.catalog import Catalog
    from sources.example.people.records import Registers

# Keeps the people apart from the vouchers, which draw from the same seed.
_STREAM = 4


def invent_people(catalog: Catalog, *, seed: int) -> Registers:
    """Return registers that give every printed cell of the staff, sick leave and incident tables.

    The same seed gives the same registers; another gives other people, dates and spells with the same printed cells.
    Raises ``solve.Unsolvable`` if ``invented/`` has been changed so that a printed cell cannot be reached.
    """
    import numpy as np

    from sources.example.people.absences import other_absences, sick_leave_rows
    from sources.example.people.ages import birth_years
    from sources.example.people.candidates import candidate_spells
    from sources.example.people.choice import Hours, chosen_spells
    from sources.example.people.identities import persons_of
    from sources.example.people.incidents import happened
    from sources.example.people.measures import check
    from sources.example.people.records import Registers
    from sources.example.people.roster import read_roster
    from sources.example.people.schedules import scheduled_hours, worked_hours

    rng = np.random.default_rng((seed, _STREAM))
    roster = read_roster(rng)
    scheduled = scheduled_hours(roster)
    sexes, years = birth_years(catalog, roster, scheduled, rng)
    candidates = candidate_spells(roster, rng)
    spells = chosen_spells(candidates, Hours(catalog, roster, sexes, years, scheduled))
    persons = persons_of(roster, sexes, years, rng)
    registers = Registers(
        persons=persons,
        employments=roster.employments,
        absences=(*roster.leaves, *sick_leave_rows(spells), *other_absences(roster, years, spells, rng)),
        scheduled=scheduled,
        worked=worked_hours(catalog, roster, rng),
        incidents=happened(persons, roster, rng),
    )
    check(catalog, registers)
    return registers
