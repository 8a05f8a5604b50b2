"""What there is to tell the operators of a run: names of ours and counts.

Belongs here: gathering it. Not here: the words around it (``letters``). Nothing in a fact comes out of a file: a mail
is read on telephones and passed on, so neither rows, file names, messages nor the words of an exception are told, only
which source, step, rule and role. Who needs more has the workbooks and Dagster.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from orchestration.home import Home
    from orchestration.publishing.store import Release
    from orchestration.settings import Settings


@dataclass(frozen=True, slots=True)
class ToMend:
    """How many things of one kind one owner has to mend; ``checks`` are the rules' names with counts of their own."""

    owner: str
    category: str
    count: int
    checks: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """How a run ended and what stands after it.

    ``stopped_by`` names the blocking checks that failed, else the steps; empty where the process died or could not
    start. ``missing`` are (source's title, owner) without a delivery that holds, ``late`` (what the calendar says of a
    source, owner). ``verdict`` is the audit's, None where the run did not come that far; ``clock`` is its words
    (Swedish) where the machine's clock has gone back.
    """

    run_id: str
    succeeded: bool
    verdict: str | None
    release: Release | None
    stopped_by: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    late: tuple[tuple[str, str], ...]
    to_mend: tuple[ToMend, ...]
    clock: str = ""


def facts_of_run(home: Home, settings: Settings, instance: Any, run_id: str, day: date, *, succeeded: bool) -> Facts:
    """Gather what there is to tell of a run that ended on ``day``; ``instance``, Dagster's, has its events."""
    from orchestration.loading.arrival import missing_deliveries
    from orchestration.loading.snapshot import Build
    from orchestration.mending.items import MISSING, gather
    from orchestration.publishing.audit import FILE, Audit
    from orchestration.publishing.store import current_release
    from orchestration.publishing.timeliness import timings
    from sources.register import Register
    from sources.registry import SOURCES

    own_number = settings.municipality.organisation_number
    with Register(home.register) as register:
        lacking = [source for source in SOURCES if missing_deliveries(register, source.code, own_number)]
        late = [timing for timing in timings(register, settings.calendar, day) if timing.message]
        items = [item for item in gather(home, settings, register, run_id) if item.category != MISSING]
    counted: dict[tuple[str, str], Counter[str]] = {}
    for item in items:
        counted.setdefault((item.owner, item.category), Counter())[item.check] += 1
    build = Build.of(home, run_id)
    audit = Audit.load(build) if (build.folder / FILE).exists() else None
    return Facts(
        run_id=run_id,
        succeeded=succeeded,
        verdict=audit.verdict if audit else None,
        release=current_release(home),
        stopped_by=() if succeeded else _stopped_by(instance, run_id),
        missing=tuple((source.title, source.owner) for source in lacking),
        late=tuple((timing.message, timing.who_fixes) for timing in late),
        to_mend=tuple(
            ToMend(owner, category, checks.total(), tuple(sorted(checks.items())))
            for (owner, category), checks in counted.items()
        ),
        clock=audit.clock if audit else "",
    )


def _stopped_by(instance: Any, run_id: str) -> tuple[str, ...]:
    """Return the names of the blocking checks that failed, else those of the steps."""
    from dagster import DagsterEventType

    checks, steps = [], []
    asked = {DagsterEventType.ASSET_CHECK_EVALUATION, DagsterEventType.STEP_FAILURE}
    for entry in instance.all_logs(run_id, of_type=asked):
        event = entry.dagster_event
        if event.event_type is DagsterEventType.STEP_FAILURE:
            steps.append(f"steget {event.step_key}")
        else:
            check = event.asset_check_evaluation_data
            if not check.passed and check.severity.value == "ERROR":
                checks.append(f"kontrollen {check.check_name}")
    return tuple(dict.fromkeys(checks or steps))
