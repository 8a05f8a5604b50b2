"""The check of one delivery, begun ahead of its turn where there are processes to do it beside.

Belongs here: what a check is given, when it begins, whether what was begun still holds. Not here: the rules
(``expectations``), what follows from a verdict (``arrival``). A verdict may depend on those before it, so what is begun
ahead is a guess that none of them matters; it is checked against what is known when its turn comes.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.beside import begin, is_beside
from orchestration.home import Home
from orchestration.loading.context import arrival_context
from orchestration.loading.dropped import left_out
from orchestration.loading.raw_files import raw_path, read_dropped, read_problems
from orchestration.settings import Settings
from sources.register import Delivery, Register
from sources.registry import Source

if TYPE_CHECKING:
    from expectations.arrival import ArrivalVerdict


@dataclass(frozen=True, slots=True)
class Begun:
    """A check that has begun: ``given`` is all that its verdict depends on, as bytes that can be compared."""

    given: bytes
    wait: Callable[[], ArrivalVerdict]


class Trials:
    """The checks of one source's deliveries."""

    def __init__(self, home: Home, settings: Settings, register: Register, source: Source) -> None:
        self._home, self._settings, self._register, self._source = home, settings, register, source
        self._begun: dict[str, Begun] = {}

    def begin(self, deliveries: Sequence[Delivery]) -> None:
        """Begin to check those that were read tonight, each as if it were next."""
        from expectations.arrival import check_arrival

        for delivery in deliveries if is_beside() and len(deliveries) > 1 else ():
            if delivery.status == "read":
                given = self._given(delivery)
                self._begun[delivery.load_id] = Begun(pickle.dumps(given), begin(check_arrival, *given))

    def verdict(self, delivery: Delivery) -> ArrivalVerdict:
        """Return the verdict on a delivery as things stand now."""
        from expectations.arrival import check_arrival

        begun, given = self._begun.pop(delivery.load_id, None), self._given(delivery)
        return begun.wait() if begun and begun.given == pickle.dumps(given) else begin(check_arrival, *given)()

    def _given(self, delivery: Delivery) -> tuple[Any, ...]:
        """Return what ``check_arrival`` is given."""
        from expectations.batches import ParquetRows

        home, source = self._home, self._source
        paths = {table: raw_path(home, table, delivery.load_id) for table in source.tables}
        dropped = read_dropped(home, delivery.load_id)
        return (
            source.code,
            delivery.load_id,
            delivery.file_name,
            {table: ParquetRows(path, left_out(dropped, table)) for table, path in paths.items() if path.exists()},
            read_problems(home, delivery.load_id),
            arrival_context(home, self._settings, self._register, source, delivery),
        )
