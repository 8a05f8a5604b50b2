"""Fetch from Kolada what the settings name, into the inbox, before the night takes what lies there.

Belongs here: what the settings mean to a fetch, and what is told of it. Not here: how it is done
(``sources.indicators.kolada_fetch``). A fetch that fails is told of and stops nothing: the last pages still hold.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from orchestration.home import Home
from orchestration.settings import Settings
from sources.indicators.kolada_fetch import Fetched, Plan, fetch
from sources.indicators.kolada_state import LastFetch, last_fetch


def today(time_zone: str = "Europe/Stockholm") -> date:
    """Return the day it is in the municipality."""
    return datetime.now(ZoneInfo(time_zone)).date()


def plan_of(settings: Settings, day: date) -> Plan:
    """Return what the settings want from Kolada; years up to the one that ``day`` is in."""
    codes = {settings.municipality.code, *settings.comparison.municipalities}
    return Plan(
        kpis=settings.kolada.kpis,
        municipalities=tuple(sorted(codes)),
        group=settings.comparison.group,
        first_year=settings.kolada.first_year,
        last_year=max(day.year, settings.kolada.first_year),
    )


def fetch_kolada(home: Home, settings: Settings, day: date, tell: Callable[[str], None]) -> Fetched:
    """Fetch into the inbox; raises ``KoladaError`` where Kolada cannot be reached or answers what cannot be used."""
    from sources.indicators.kolada_client import KoladaClient

    own = settings.kolada
    with KoladaClient(own.url, timeout_seconds=own.timeout_seconds, max_seconds=own.max_seconds) as client:
        return fetch(plan_of(settings, day), client, home.kolada, home.inbox, day, tell)


def last_from_kolada(home: Home) -> LastFetch | None:
    """Return what is known of earlier fetches, None where nothing was ever asked for."""
    return last_fetch(home.kolada) if home.kolada.exists() else None


def messages_of(fetched: Fetched) -> list[str]:
    """Return what people should know of a fetch that succeeded."""
    if not fetched.gone:
        return []
    gone = ", ".join(fetched.gone)
    return [
        f"Kolada har inte längre {gone}. Det som hämtats tidigare gäller; byt nyckeltal i inställningarna och i "
        "målregistret om definitionen har ersatts."
    ]


def failure_of(last: LastFetch | None, day: date) -> str:
    """Return why the latest fetch failed and how old the pages are that hold instead; empty where none failed."""
    if last is None or not last.failure:
        return ""
    return f"{last.failure} {last.told(day)}"
