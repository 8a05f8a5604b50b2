"""The machine's clock, which may be wrong: after a dead battery it says 2000, and somebody may set it a year ahead.

Belongs here: times in the books that never go back, and telling that the clock did. Not here: the order of deliveries
(``sources.register``), and what the heartbeat makes of a night in the future (``alerts.heartbeat``).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from orchestration.alerts.heartbeat import last_night
from orchestration.home import Home

# What a time server corrects on an ordinary night is nothing to tell of.
_TOLD_FROM = timedelta(minutes=5)


def after(clock_at: datetime, newest: datetime | None) -> datetime:
    """Return ``clock_at``, or a second after the ``newest`` there is if the clock has gone back; all of one zone."""
    return max(clock_at, newest + timedelta(seconds=1)) if newest else clock_at


def set_back(home: Home, clock_at: datetime) -> str:
    """Return (Swedish) since when the clock has gone back, empty where it has not; ``clock_at`` is aware.

    Compared with the last night that came through, so that the first one to come through after it tells, and no other.
    """
    try:
        before = last_night(home)
    except (ValueError, KeyError, TypeError):
        # The heartbeat tells of a mark that cannot be read; this night writes it anew.
        return ""
    if before is None or clock_at > before - _TOLD_FROM:
        return ""
    return (
        f"Klockan har gått tillbaka: den förra natten gick igenom {before:%Y-%m-%d %H:%M} UTC, och nu är den "
        f"{clock_at:%Y-%m-%d %H:%M} UTC. Leveranser och utgåvor behåller sin ordning. Kontrollera klockan med "
        "`timedatectl`, och starta sedan om bokslut-daemon."
    )
