"""Whether each source came when it should, and tells of days that are recent enough.

Belongs here: the judgement by the configured calendar and its words to the data owner. Not here: which delivery holds
(``sources.register``), that one does for every year (``loading.arrival``).

Two clocks: when a usable file last came, also one with nothing new in it, and the last period that those which hold
tell of. A supplier who has stopped shows on the first, one who sends the same old month again only on the second.
A file that came while the machine's clock was ahead has no day to judge by: the newest that has one is judged.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from orchestration.settings_of_releases import Days, Expected
from sources.register import Delivery, Register
from sources.registry import Source, source_by_code

DELIVERED, FRESH = "delivered_on_time", "data_is_recent"
_DESCRIPTIONS = {
    DELIVERED: "En användbar leverans har kommit så ofta som kalendern säger.",
    FRESH: "Leveranserna går fram till en så sen period som kalendern säger.",
}


@dataclass(frozen=True, slots=True)
class Timing:
    """One clock of one source: ``message`` (Swedish) is empty where it is in time; ``stops`` once it is too late."""

    source_code: str
    check_name: str
    who_fixes: str
    message: str
    stops: bool

    def row(self, run_id: str) -> dict[str, Any]:
        """Return it as a row of ``quality_result``."""
        return {
            "run_id": run_id,
            "source_code": self.source_code,
            "mart": None,
            "check_name": self.check_name,
            "severity": "critical" if self.stops else "warning",
            "passed": not self.message,
            "failed_rows": int(bool(self.message)),
            "total_rows": 1,
            "who_fixes": self.who_fixes,
            "description": _DESCRIPTIONS[self.check_name],
        }


def timings(register: Register, calendar: Mapping[str, Expected], day: date) -> list[Timing]:
    """Return each configured clock of each source as it stands on ``day``; none where no calendar is configured."""
    if not calendar:
        return []
    usable = register.deliveries(status=("loaded", "superseded", "duplicate"))
    holding = list(register.current().values())
    return [
        timing
        for code, expected in sorted(calendar.items())
        for timing in _of_source(source_by_code(code), expected, usable, holding, day)
    ]


def _of_source(
    source: Source, expected: Expected, usable: Sequence[Delivery], holding: Sequence[Delivery], day: date
) -> Iterator[Timing]:
    if expected.delivered:
        yield _delivered(
            source,
            expected.delivered,
            [each.clock_at.date() for each in usable if each.source_code == source.code],
            day,
        )
    if expected.data:
        period = max((each.period_to or 0 for each in holding if each.source_code == source.code), default=0)
        words = (
            f"uppgifterna går till och med {period}" if period else "ingen leverans säger vilken period den går till"
        )
        yield _timing(source, FRESH, expected.data, _last_day(period) if period else None, day, words)


def _delivered(source: Source, limit: Days, days: Sequence[date], day: date) -> Timing:
    # A day ahead may be another time zone; more is a clock that was wrong, then or now.
    came = max((each for each in days if each <= day + timedelta(days=1)), default=None)
    if days and came is None:
        message = (
            f"{source.title}: leveranserna är daterade {min(days)} eller senare och dagens datum är {day}, så om de "
            "kom i tid går inte att säga. Kontrollera klockan med `timedatectl`."
        )
        return Timing(source.code, DELIVERED, source.owner, message, stops=False)
    words = f"senaste leveransen kom {came}" if came else "ingen leverans har kommit"
    return _timing(source, DELIVERED, limit, came, day, words)


def _last_day(period: int) -> date:
    year, month = divmod(period, 100)
    return date(year, month, monthrange(year, month)[1])


def _timing(source: Source, check: str, limit: Days, since: date | None, day: date, words: str) -> Timing:
    """Judge one clock; what has no day at all is too late, for it was configured to be there."""
    days = (day - since).days if since else None
    message, stops = "", False
    if days is None or days > limit.fail:
        ago = "" if days is None else f", för {days} dygn sedan (högst {limit.fail})"
        message, stops = f"{source.title}: {words}{ago}. Inget publiceras förrän en nyare fil ligger i inkorgen.", True
    elif days > limit.warn:
        message = (
            f"{source.title}: {words}, för {days} dygn sedan. Lägg en nyare fil i inkorgen; "
            f"efter {limit.fail} dygn publiceras inget."
        )
    return Timing(source.code, check, source.owner, message, stops)
