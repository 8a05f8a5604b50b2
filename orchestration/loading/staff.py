"""What a delivery of staff is judged beside: employments, scheduled hours, other parts of the same table.

Belongs here: which deliveries these are, and their rows. Not here: the rules that compare (``expectations``), what is
in a file (``sources.hr``), companions of other sources (``companions``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.home import Home
from orchestration.loading.raw_files import raw_path
from sources.hr import KINDS
from sources.register import Delivery, Register

if TYPE_CHECKING:
    import pyarrow as pa

SOURCE = "hr"
_JUDGED_BY_EMPLOYMENTS = ("scheduled_hours", "absences", "worked_hours")


@dataclass(frozen=True, slots=True)
class StaffBeside:
    """The deliveries that one of staff is judged beside; all empty for other sources."""

    employments: tuple[Delivery, ...] = ()
    scheduled_hours: tuple[Delivery, ...] = ()
    same_table: tuple[Delivery, ...] = ()

    @property
    def load_ids(self) -> list[str]:
        """All of them, for knowing when a verdict no longer holds."""
        return [each.load_id for each in (*self.employments, *self.scheduled_hours, *self.same_table)]


def kind_of(part: str) -> str:
    """Return the kind of table of a ``Reading.part``: ``absences del 2`` -> ``absences``."""
    return part.partition(" ")[0]


def judging_stage(part: str) -> int:
    """Return when to judge a kind of table: after those it is judged beside."""
    return KINDS.index(kind_of(part)) if kind_of(part) in KINDS else len(KINDS)


def staff_beside(register: Register, delivery: Delivery) -> StaffBeside:
    """Return what a delivery is judged beside, as it holds now."""
    if delivery.source_code != SOURCE:
        return StaffBeside()
    kind = kind_of(delivery.part)
    holding = {other.load_id: other for other in register.current().values() if other.source_code == SOURCE}.values()
    return StaffBeside(
        employments=_of_kind(holding, "employments") if kind in _JUDGED_BY_EMPLOYMENTS else (),
        scheduled_hours=_of_years(_of_kind(holding, "scheduled_hours"), delivery) if kind == "absences" else (),
        same_table=_older_parts(register, delivery),
    )


def _of_kind(deliveries: Iterable[Delivery], kind: str) -> tuple[Delivery, ...]:
    found = (delivery for delivery in deliveries if kind_of(delivery.part) == kind)
    return tuple(sorted(found, key=lambda delivery: delivery.load_id))


def _of_years(deliveries: Iterable[Delivery], delivery: Delivery) -> tuple[Delivery, ...]:
    return tuple(other for other in deliveries if set(other.years) & set(delivery.years))


def _older_parts(register: Register, delivery: Delivery) -> tuple[Delivery, ...]:
    """Return the older deliveries of the same table and years under other parts, which hold and will go on to.

    A part for which a newer file waits is left out: that file is judged after this one, beside it.
    """
    newest: dict[tuple[str, int], Delivery] = {}
    for other in register.deliveries(source_code=SOURCE, status=("read", "loaded", "superseded")):
        for year in other.years:
            held = newest.get((other.part, year))
            if held is None or held.age_key < other.age_key:
                newest[other.part, year] = other
    parts = {
        other.load_id: other
        for other in newest.values()
        if other.part != delivery.part and other.status != "read" and other.age_key < delivery.age_key
    }
    return _of_years(_of_kind(parts.values(), kind_of(delivery.part)), delivery)


def staff_rows(home: Home, kind: str, deliveries: Iterable[Delivery], quarantine: str) -> pa.Table | None:
    """Return the rows of one kind of table that deliveries hold, without quarantined ones; None without deliveries."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    tables = []
    for delivery in deliveries:
        rows = pq.read_table(raw_path(home, f"{SOURCE}__{kind}", delivery.load_id))
        aside = pq.read_table(raw_path(home, quarantine, delivery.load_id)).column("row_no")
        tables.append(rows.filter(pc.invert(pc.is_in(rows["row_no"], value_set=aside))))
    return pa.concat_tables(tables) if tables else None
