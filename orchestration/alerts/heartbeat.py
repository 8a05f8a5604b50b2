"""Whether a night has come through lately, told by files alone.

Belongs here: the mark that a night leaves, and judging its age and the release's. Not here: mail, or anything of
Dagster's: what is asked here is asked because Dagster may have stopped.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from orchestration.disk import write_whole
from orchestration.publishing.store import current_release

if TYPE_CHECKING:
    from orchestration.home import Home
    from orchestration.publishing.store import Release
    from orchestration.settings import Heartbeat

_MARK = "last_night.json"
# A clock that has gone back makes everything look fresh.
_AHEAD = timedelta(hours=1)


def came_through(home: Home, run_id: str, now: datetime) -> None:
    """Leave the mark that a run did all it should, whether or not there was anything new to publish."""
    standing = current_release(home)
    try:
        known = _standing_since(home, standing)
    except (ValueError, KeyError, TypeError):
        known = None
    mark = {
        "run_id": run_id,
        "at": now.isoformat(timespec="seconds"),
        "release_id": standing.release_id if standing else None,
        "release_since": min(known or now, now).isoformat(timespec="seconds"),
    }
    write_whole(home.alerts / _MARK, json.dumps(mark))


def last_night(home: Home) -> datetime | None:
    """Return when a run last came through (aware), None where none has; raises ``ValueError`` for a broken mark."""
    mark = _read(home)
    return datetime.fromisoformat(mark["at"]) if mark else None


def _standing_since(home: Home, standing: Release | None) -> datetime | None:
    """Return since when nights have found this release standing, None where none has yet."""
    mark = _read(home)
    if standing is None or mark is None or mark.get("release_id") != standing.release_id:
        return None
    return datetime.fromisoformat(mark["release_since"])


def _read(home: Home) -> dict[str, Any] | None:
    path = home.alerts / _MARK
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def silence(home: Home, limits: Heartbeat, now: datetime) -> list[str]:
    """Return (Swedish) what is older than it may be, or cannot be read; empty where all is well."""
    try:
        release = current_release(home)
        night, since = last_night(home), _standing_since(home, release)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"Hemmet {home.root} kan inte läsas ({type(error).__name__})."]
    if release is None:
        return [f"Ingen utgåva är publicerad i {home.published}."]
    published = datetime.fromisoformat(release.published_at).replace(tzinfo=UTC)
    if published > now + _AHEAD and night:
        # The clock was ahead when it was made, and later ones are put after it. The nights know better.
        published = min(since or night, night)
    last = max(published, night or published)
    reasons = []
    if last > now + _AHEAD:
        reasons.append(
            f"Den senaste natten är daterad {last:%Y-%m-%d %H:%M} UTC, i framtiden. Kontrollera klockan, starta om "
            "bokslut-daemon och kör `bokslut run`."
        )
    if now - last > timedelta(hours=limits.max_night_hours):
        reasons.append(
            f"Ingen natt har gått igenom sedan {last:%Y-%m-%d %H:%M} UTC (gräns {limits.max_night_hours:g} h)."
        )
    if now - published > timedelta(days=limits.max_release_days):
        limit = f"gräns {limits.max_release_days:g} dygn"
        reasons.append(f"Utgåvan {release.release_id} är från {published:%Y-%m-%d} ({limit}).")
    return reasons
