"""Run the nightly job in this process, one at a time, and say how it ended.

Belongs here: the instance, the job, how it ended. Not here: what the job does (``definitions``) or how it is shown
(``summary``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from orchestration.alerts import tell_of_run
from orchestration.beside import end_alone
from orchestration.disk import is_of_disk, telling_of_disk, trouble, write_whole
from orchestration.home import Home
from orchestration.loading.snapshot import Build
from orchestration.lock import lock
from orchestration.progress import Listener, listening
from orchestration.publishing.audit import FILE, Audit

_INSTANCE = """\
# Written by `bokslut`. Runs, events and schedules of this home lie beside this file.
telemetry:
  enabled: false
nux:
  enabled: false
event_log_storage:
  module: orchestration.event_log
  class: KeptOpenEventLogStorage
concurrency:
  runs:
    max_concurrent_runs: 1
run_monitoring:
  enabled: true
  max_runtime_seconds: 21600
"""


class HistoryError(Exception):
    """Where Dagster keeps its runs cannot be reached; the message is Swedish."""


@dataclass(frozen=True, slots=True)
class Night:
    """How a run ended. ``audit`` is None where it did not come that far; ``errors`` are Swedish or dbt's own.

    ``untold`` says (Swedish) what the operators could not be told by mail.
    """

    run_id: str
    succeeded: bool
    audit: Audit | None
    errors: list[str]
    seconds: float
    untold: list[str] = field(default_factory=list)


def prepare_instance(home: Home) -> None:
    """Write Dagster's configuration into its home if there is none, and point Dagster at it."""
    configuration = home.create().dagster / "dagster.yaml"
    if not configuration.exists():
        write_whole(configuration, _INSTANCE)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    # Dagster's own notices would bury the summary; the events hold the same.
    os.environ.setdefault("DAGSTER_CLI_API_LOG_LEVEL", "ERROR")
    # The hundreds of events that say what a run means to do are then stored as one (see ``event_log``).
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "1000")


@contextmanager
def open_instance(home: Home) -> Iterator[Any]:
    """Open the home's Dagster, wherever its ``dagster.yaml`` says that the runs are; raises :class:`HistoryError`."""
    from dagster import DagsterInstance
    from sqlalchemy.exc import SQLAlchemyError

    try:
        instance = DagsterInstance.from_config(str(home.dagster))
    except Exception as error:
        cause = error.__cause__ or error
        if not isinstance(cause, SQLAlchemyError):
            raise
        said = str(getattr(cause, "orig", cause)).strip().partition("\n")[0]
        raise HistoryError(f"Dagsters databas svarar inte: {said}. Se att PostgreSQL är igång.") from error
    with instance:
        yield instance


def run_night(home: Home, listener: Listener) -> Night:
    """Run the job ``nightly`` in this process and return how it ended; its events land in the home's Dagster.

    Raises :class:`AlreadyRunningError`, :class:`HistoryError` and ``SettingsError`` before anything is touched, and
    ``PseudonymKeyError`` where personal files wait in the inbox and there is no key: they then stay there. Raises
    ``DiskError`` where the disk is full or closed for writing, so that not even Dagster can note how the run ends.
    """
    with telling_of_disk(home):
        return _run_night(home, listener)


def _run_night(home: Home, listener: Listener) -> Night:
    import time

    from orchestration.keys import required_key
    from orchestration.loading.intake import waits_for_key
    from orchestration.settings import load_settings

    load_settings()
    prepare_instance(home)
    if waiting := waits_for_key(home.inbox):
        required_key(home, f"{', '.join(waiting)}: filerna i inkorgen innehåller personuppgifter")
    started = time.monotonic()
    with lock(home):
        # Here it is only tried, to say so at once; two that start together both come through, and meet again below.
        pass
    with listening(listener), ExitStack() as at_the_end:
        at_the_end.callback(end_alone)
        listener("Startar")
        from orchestration.definitions import JOB, build_definitions
        from orchestration.workspace import Workspace

        job = build_definitions(Workspace(holds_lock=True)).resolve_job_def(JOB)
        with open_instance(home) as instance:
            untold = _end_dead_runs(home, instance)
            # Before Dagster knows of a run: one that cannot begin is none, and leaves nothing behind.
            with lock(home):
                result = job.execute_in_process(
                    instance=instance,
                    raise_on_error=False,
                    run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                )
            untold += tell_of_run(home, instance, result.run_id, succeeded=result.success)
        build = Build.of(home, result.run_id)
        audit = Audit.load(build) if (build.folder / FILE).exists() else None
        return Night(result.run_id, result.success, audit, _errors(home, result), time.monotonic() - started, untold)


def _end_dead_runs(home: Home, instance: Any) -> list[str]:
    """End runs that died without a word, tell of them, and return what could not be told."""
    from orchestration.operation.reconcile import AGE_SECONDS, reconcile

    ended = reconcile(home, instance, older_than_seconds=AGE_SECONDS)
    return [message for run_id in ended for message in tell_of_run(home, instance, run_id, succeeded=False)]


def _errors(home: Home, result: Any) -> list[str]:
    """Return what stopped the run: the disk before all that follows from it, else what ``_reasons`` finds."""
    reasons = _reasons(result)
    if result.success or (told := trouble(home, "\n".join(reasons))) is None:
        return reasons
    return [told, *(reason for reason in reasons if not is_of_disk(reason))]


def _reasons(result: Any) -> list[str]:
    """Return what blocking checks found, else the failed steps' messages."""
    found: list[str] = []
    for event in result.all_events:
        if event.event_type_value == "ASSET_CHECK_EVALUATION":
            check = event.asset_check_evaluation_data
            if not check.passed and check.severity.value == "ERROR":
                text = next((words for value in check.metadata.values() if (words := _words(value))), "")
                found.append(f"{check.check_name}: {text}")
        elif event.is_step_failure and event.step_failure_data.error and not found:
            # A step that fails because of a blocking check says nothing that the check has not said better.
            found.append(f"{event.step_key}: {_cause(event.step_failure_data)}")
    return found


def _cause(failure: Any) -> str:
    """Return a failed step's own words, without the trace: that is in Dagster's log."""
    if failure.user_failure_data and failure.user_failure_data.description:
        details = " ".join(_words(value) for value in failure.user_failure_data.metadata.values())
        return f"{failure.user_failure_data.description} {details}".strip()
    error = failure.error.cause or failure.error
    return f"{error.message.strip().splitlines()[0]} (se körningen i `bokslut ui`)"


def _words(value: Any) -> str:
    """Return what a metadata value says as one line of plain text; nothing for numbers."""
    text = getattr(value, "md_str", None) or getattr(value, "text", None) or ""
    return " ".join(line.removeprefix("- ") for line in text.splitlines()).replace("\\", "")
