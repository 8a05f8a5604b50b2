"""The days on which the example municipality books: weekdays that are not holidays.

Belongs here: calendars and how busy the months are. Not here: what is booked on them (``rhythms.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Days = NDArray[np.datetime64]

_HOLIDAYS = tuple(
    np.datetime64(day)
    for day in (
        *("2022-01-06", "2022-04-15", "2022-04-18", "2022-05-26", "2022-06-06", "2022-06-24", "2022-12-26"),
        *("2023-01-06", "2023-04-07", "2023-04-10", "2023-05-01", "2023-05-18", "2023-06-06", "2023-06-23"),
        *("2023-12-25", "2023-12-26", "2024-01-01"),
    )
)
# July is quiet, December is when everything must be in.
_BUSY = (0.85, 0.9, 1.0, 0.95, 1.0, 1.1, 0.45, 0.8, 1.0, 1.05, 1.15, 1.7)


@dataclass(frozen=True, slots=True)
class Workdays:
    """The working days of one year; ``shares`` says how much of the year's invoices comes on each."""

    year: int
    days: Days
    shares: NDArray[np.float64]

    def on(self, month: int, day: int) -> np.datetime64:
        """Return the last working day not after this day of the month (the month's last if it is shorter)."""
        first = np.datetime64(f"{self.year}-{month:02}-01")
        after = (first.astype("datetime64[M]") + 1).astype("datetime64[D]")
        wanted = min(first + (day - 1), after - 1)
        found: np.datetime64 = max(
            np.busday_offset(wanted, 0, roll="backward", holidays=_HOLIDAYS),
            np.busday_offset(first, 0, roll="forward", holidays=_HOLIDAYS),
        )
        return found

    def after(self, days: Days, wait: NDArray[np.int64]) -> Days:
        """Return the working days on or after ``days + wait``."""
        later: Days = np.busday_offset(days + wait, 0, roll="forward", holidays=_HOLIDAYS)
        return later


def workdays(year: int) -> Workdays:
    """Return the calendar of one year."""
    every = np.arange(np.datetime64(date(year, 1, 1)), np.datetime64(date(year + 1, 1, 1)))
    days = every[np.is_busday(every, holidays=_HOLIDAYS)]
    shares = np.array(_BUSY)[days.astype("datetime64[M]").astype(int) % 12]
    return Workdays(year, days, shares / shares.sum())
