"""What must become of deliveries, in a few lines: the newest good one holds for its source, part and year.

Belongs here: the fate of each file by the order in which they came. Not here: the product, which is not imported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

Key = tuple[str, str, int]


@dataclass(frozen=True)
class File:
    """One file: ``source`` is empty where no source claims its name, ``made`` the supplier's day
    where it says one, ``half`` which half of a file it is."""

    name: str
    data: bytes
    source: str = ""
    part: str = ""
    year: int = 0
    made: date | None = None
    rows: int = 0
    half: int | None = None

    @property
    def key(self) -> Key:
        return (self.source, self.part, self.year)


@dataclass
class Came:
    """A file in the register: ``place`` in the order of arrival, the ``run`` that took it, and what became of it."""

    file: File
    place: int
    run: int
    fate: str

    @property
    def age(self) -> tuple[date, int]:
        # All of a test comes in one day, so those without a day of their own are told apart by their place.
        return (self.file.made or date.min, self.place)


class Model:
    """The register as it must be."""

    def __init__(self, least_share: float) -> None:
        self.came: list[Came] = []
        self._least_share = least_share

    def take(self, files: Sequence[File], run: int) -> None:
        """Enter files, in the order they lie in the inbox."""
        for file in files:
            known = any(came.file.data == file.data and came.fate in ("received", "loaded") for came in self.came)
            fate = "rejected" if not file.source else "duplicate" if known else "received"
            self.came.append(Came(file, len(self.came), run, fate))

    def read_and_judge(self) -> None:
        """Decide on all that was received."""
        waiting = [came for came in self.came if came.fate == "received"]
        together: dict[tuple[Key, date | None, int], list[Came]] = defaultdict(list)
        for came in waiting:
            if not came.file.rows:
                came.fate = "rejected"
            else:
                together[came.file.key, came.file.made, came.run].append(came)
        for rivals in together.values():
            for came in rivals if len(rivals) > 1 else ():
                came.fate = "rejected"
        for came in sorted((each for each in waiting if each.fate == "received"), key=lambda each: each.age):
            before = self.holding().get(came.file.key)
            is_small = before and before.age < came.age and came.file.rows < self._least_share * before.file.rows
            came.fate = "rejected" if is_small else "loaded"

    def holding(self) -> dict[Key, Came]:
        """Return what holds for each source, part and year."""
        loaded = sorted((came for came in self.came if came.fate == "loaded"), key=lambda came: came.age)
        return {came.file.key: came for came in loaded}
