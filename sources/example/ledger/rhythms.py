"""Split a year's amount over the occasions on which such things are booked.

Belongs here: how often salaries, rents, invoices and grants come and how large each is. Not here: which accounts stand
against them or how vouchers are numbered (``bookings.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.example.ledger.workdays import Workdays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Days = NDArray[np.datetime64]

_MONTHS = tuple(range(1, 13))
_TKR = 100_000
# Invoices to one account grow slower than its amount: dear accounts have larger invoices.
_INVOICE_FACTOR, _INVOICE_POWER = 3.1, 0.6
# An investment of a million has 28 invoices, one of ten millions 90.
_SITE_FACTOR, _SITE_POWER = 0.9, 0.5
_PAY_RISE = (1.0, 1.0, 1.0, 1.025, 1.025, 1.025, 1.025, 1.025, 1.025, 1.025, 1.025, 1.025)
# Paid by the hour or on leave: mostly in summer.
_SUMMER = (0.3, 0.5, 0.4, 0.5, 0.5, 1.8, 4.0, 2.5, 0.6, 0.4, 0.5, 1.0)
_CREDIT_NOTES = 0.015
# With fewer invoices a credit note could outweigh them.
_MANY = 30


@dataclass(frozen=True, slots=True)
class Parts:
    """One amount's parts: booked on ``days``, ``pieces`` told apart where several are booked the same day."""

    days: Days
    pieces: Ints
    weights: Floats


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a rhythm may look at: the account, the amount's size, the calendar, chance and how many times more."""

    account: str
    size_ore: int
    calendar: Workdays
    rng: np.random.Generator
    scale: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How one kind of event is booked.

    Postings that share ``together`` stand in one voucher of ``series``. ``cut`` is the chance that the next posting of
    the same unit and day begins a new voucher; 0 lets ``together`` alone decide.
    """

    series: str
    together: tuple[str, ...]
    parts: Callable[[Occasion], Parts]
    is_invoice: bool = False
    cut: float = 0.0


def split(amount: int, weights: Floats) -> Ints:
    """Split an amount in öre by weights; the parts add up to it exactly.

    Running sums are rounded, not the parts, so no remainder is left over. Weights must not add up to zero.
    """
    running = np.cumsum(weights)
    edges: Ints = np.rint(running / running[-1] * amount).astype(np.int64)
    return edges - np.append(np.int64(0), edges[:-1])


def _fixed(occasion: Occasion, months: tuple[int, ...], day: int, pieces: int, by_month: tuple[float, ...]) -> Parts:
    """Book the same number of pieces on one day of each of the months."""
    days = np.array([occasion.calendar.on(month, day) for month in months])
    weights = np.repeat(np.array([by_month[month - 1] for month in months]), pieces)
    return Parts(
        np.repeat(days, pieces),
        np.tile(np.arange(pieces), len(months)),
        weights * occasion.rng.uniform(0.97, 1.03, len(weights)),
    )


def _salary(occasion: Occasion) -> Parts:
    seasonal = occasion.account in {"5021", "5111"}
    return _fixed(occasion, _MONTHS, 25, 2 * occasion.scale, _SUMMER if seasonal else _PAY_RISE)


def _even(months: tuple[int, ...], day: int) -> Callable[[Occasion], Parts]:
    """Return a rhythm of the same amount on one day of each of the months."""

    def parts(occasion: Occasion) -> Parts:
        fixed = _fixed(occasion, months, day, 1, (1.0,) * 12)
        return Parts(fixed.days, fixed.pieces, np.ones_like(fixed.weights))

    return parts


def _internal(occasion: Occasion) -> Parts:
    pieces = int(np.clip(occasion.size_ore / (12 * 30 * _TKR), 1, 40)) * occasion.scale
    return _fixed(occasion, _MONTHS, 31, pieces, (1, 1, 1, 1, 1, 1.1, 0.6, 0.9, 1, 1.1, 1.1, 1.3))


def _few(occasion: Occasion) -> Parts:
    """Grants, land and membership fees: few and large whatever the scale."""
    number = int(np.clip(occasion.size_ore / (700 * _TKR), 1, 24))
    days = np.sort(occasion.rng.choice(occasion.calendar.days, number))
    return Parts(days, np.arange(number), occasion.rng.uniform(0.6, 1.4, number))


def _invoices(occasion: Occasion) -> Parts:
    number = max(2, round(_INVOICE_FACTOR * (occasion.size_ore / _TKR) ** _INVOICE_POWER)) * occasion.scale
    rng = occasion.rng
    days = np.sort(rng.choice(occasion.calendar.days, number, p=occasion.calendar.shares))
    weights = rng.lognormal(0.0, 0.9, number)
    if number >= _MANY:
        weights[1:] *= np.where(rng.random(number - 1) < _CREDIT_NOTES, -0.3, 1.0)
    return Parts(days, np.arange(number), weights)


def _site(occasion: Occasion) -> Parts:
    """Investments: fewer and larger invoices than running costs have."""
    number = max(2, round(_SITE_FACTOR * (occasion.size_ore / _TKR) ** _SITE_POWER)) * occasion.scale
    days = np.sort(occasion.rng.choice(occasion.calendar.days, number, p=occasion.calendar.shares))
    return Parts(days, np.arange(number), occasion.rng.lognormal(0.0, 0.7, number))


RHYTHMS = {
    "salary": Rhythm("P", ("unit_code", "day", "piece"), _salary),
    "rent": Rhythm("N", ("unit_code", "day"), _even((1, 4, 7, 10), 1)),
    "internal": Rhythm("N", ("unit_code", "account", "day", "piece"), _internal, is_invoice=True),
    "supplier": Rhythm("L", ("unit_code", "day", "piece"), _invoices, is_invoice=True, cut=0.36),
    "customer": Rhythm("K", ("unit_code", "day", "piece"), _invoices, is_invoice=True, cut=0.8),
    "grant": Rhythm("B", ("coding", "piece"), _few),
    "land_sale": Rhythm("B", ("coding", "piece"), _few),
    "depreciation": Rhythm("A", ("day",), _even(_MONTHS, 31)),
    "interest": Rhythm("B", ("unit_code", "day"), _even((3, 6, 9, 12), 31)),
    "municipal_grant": Rhythm("B", ("day",), _even(_MONTHS, 20)),
    "investment": Rhythm("L", ("coding", "piece"), _site, is_invoice=True),
    "land_purchase": Rhythm("B", ("coding", "piece"), _few),
}
