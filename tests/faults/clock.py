"""A clock that says what a test wants, wherever the product reads it."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

import pytest

# Every module of the nights that asks what time it is; a test sees that there is no other.
READERS = (
    "orchestration.alerts",
    "orchestration.assets.release",
    "orchestration.loading.intake",
    "orchestration.loading.kolada",
    "orchestration.operation.commands",
    "orchestration.operation.reconcile",
    "orchestration.operation.retention",
    "orchestration.publishing.audit",
    "orchestration.publishing.store",
    "sources.indicators.kolada_client",
)

#: What a machine whose battery is dead says.
YEARS_BACK = datetime(2000, 1, 1, tzinfo=UTC)


def at(day: str, time: str = "02:15") -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(f"{day}T{time}+00:00")


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> datetime:
    """Let it be ``moment`` (aware) until the clock is set again, and return it."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz or UTC)

    for module in READERS:
        monkeypatch.setattr(f"{module}.datetime", Clock)
    return moment
