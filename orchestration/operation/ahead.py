"""Bring Dagster's schedules and sensors back from the future.

Dagster goes on from the last time it looked. Where the clock was ahead when it did, no night would start and no sensor
look until that day comes, and nothing would say why. To be done while the daemon is down: it remembers the time too.
"""

from __future__ import annotations

from typing import Any

# Dagster writes with one clock what is read here with the same: this is only for the time in between.
_AHEAD_SECONDS = 60.0


def bring_back(instance: Any, now: float) -> list[str]:
    """Put what schedules and sensors last did in the future at ``now``; return the names of those that it concerned."""
    return sorted(
        state.instigator_name for state in instance.all_instigator_state() if _bring_back(instance, state, now)
    )


def _bring_back(instance: Any, state: Any, now: float) -> bool:
    limit = now + _AHEAD_SECONDS
    ticks = instance.get_ticks(state.instigator_origin_id, state.selector_id, after=limit)
    for tick in ticks:
        instance.update_tick(tick._replace(tick_data=tick.tick_data._replace(timestamp=now)))
    data = state.instigator_data
    times = {name: getattr(data, name) for name in data._fields if name.endswith("_timestamp")} if data else {}
    ahead = {name: now for name, moment in times.items() if moment and moment > limit}
    if ahead:
        instance.update_instigator_state(state.with_data(data._replace(**ahead)))
    return bool(ticks or ahead)
