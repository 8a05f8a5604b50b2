"""What is set aside and what has been mended since: each file and row that was refused, and what became of it.

Belongs here: telling by which later delivery something was mended. Not here: what an item says (``mending.items``,
which shows no personal data), the terminal (``quarantine``). Nothing is stored for it: the register and the quarantine
of every delivery are kept, and a row is known again by its key and its rule; one of persons, which has no key that may
be shown, is mended when no row of a later delivery breaks the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from orchestration.home import Home
from orchestration.mending.items import Item, reasons_of, rows_of
from sources.redelivery import is_newer, mended_by
from sources.register import CheckRow, Delivery, Register


@dataclass(frozen=True, slots=True)
class SetAside:
    """One file, row or group of rows that was set aside.

    ``item.row`` and ``item.key`` are empty for a whole file. ``mended_by`` is the file that it was mended with and
    ``mended_on`` the day that came, both None while it is open.
    """

    source_code: str
    set_aside_on: date
    item: Item
    mended_by: str | None = None
    mended_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be mended."""
        return self.mended_by is None


def all_set_aside(home: Home, register: Register) -> list[SetAside]:
    """Return what is open and what has been mended: by source, file and row, the oldest delivery first.

    Open is what is wrong in a delivery that holds, and a rejected one that nothing newer has made up for. What a newer
    delivery holds too is told of that one only. A file that is rejected is mended as a whole; what it had in quarantine
    is told of each row.
    """
    loaded = register.deliveries(status=("loaded", "superseded"))
    holding = {delivery.load_id for delivery in register.current().values()}
    still_open = {delivery.load_id for delivery in register.open_rejections()}
    failed = [check for check in register.checks() if not check.passed]
    seen = _Seen(home)
    found: list[SetAside] = []
    for delivery in register.deliveries(status=("loaded", "superseded", "rejected")):
        if delivery.status == "rejected":
            found += _files(delivery, failed, mended_by(delivery, loaded))
        is_open = delivery.load_id in holding or delivery.load_id in still_open
        found += _rows(delivery, loaded, seen, is_open=is_open)
    return sorted(found, key=lambda each: (each.source_code, each.set_aside_on, each.item.file))


class _Seen:
    """The items of deliveries' quarantines, each read once."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._items: dict[str, list[Item]] = {}

    def items(self, delivery: Delivery) -> list[Item]:
        if delivery.load_id not in self._items:
            self._items[delivery.load_id] = list(rows_of(self._home, delivery))
        return self._items[delivery.load_id]

    def has(self, delivery: Delivery, item: Item) -> bool:
        """Tell whether a delivery has the same thing wrong: the rule and the key, for rows are numbered anew."""
        return any((each.check, each.key) == (item.check, item.key) for each in self.items(delivery))


def _files(delivery: Delivery, failed: Sequence[CheckRow], mending: Delivery | None) -> Iterator[SetAside]:
    for item in reasons_of(delivery, failed):
        yield _told(delivery, item, mending)


def _rows(delivery: Delivery, loaded: Sequence[Delivery], seen: _Seen, *, is_open: bool) -> Iterator[SetAside]:
    """Yield the rows in quarantine that a later delivery of the same thing lacks, or, where it is open, all of them."""
    items = seen.items(delivery)
    later = [each for each in loaded if _speaks_for(each, delivery)] if items else []
    for item in items:
        mending = next((each for each in later if not seen.has(each, item)), None)
        if mending or is_open:
            yield _told(delivery, item, mending)


def _speaks_for(later: Delivery, earlier: Delivery) -> bool:
    """Tell whether a later delivery says all that an earlier one did: same source, part, organisation and years."""
    same = ("source_code", "part", "organisation_number")
    return (
        is_newer(later, earlier)
        and all(getattr(later, name) == getattr(earlier, name) for name in same)
        and set(later.years) >= set(earlier.years)
    )


def _told(delivery: Delivery, item: Item, mending: Delivery | None) -> SetAside:
    return SetAside(
        delivery.source_code,
        delivery.received_at.date(),
        item,
        mending.file_name if mending else None,
        mending.received_at.date() if mending else None,
    )
