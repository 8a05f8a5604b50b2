"""Tell the operators by mail how the nights go, and that one did not come.

    facts      the register, the release and Dagster's events of a run -> what there is to tell: names and counts only
    letters    facts -> a letter in Swedish
    outbox     letters kept on disk until the relay has taken them, each once
    mail       one letter -> the relay
    heartbeat  files -> whether a night has come through lately, without Dagster
    sensors    runs that Dagster starts: Dagster tells us how they end

Belongs here: whom to tell what, and when. Not here: finding out what is wrong; telling data owners (``mending``).
Nothing in here stops a night: what cannot be told is returned as Swedish messages, kept, and tried again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date

    from orchestration.alerts.letters import Letter
    from orchestration.home import Home
    from orchestration.settings import Mail

__all__ = ["announce", "night_of", "tell_not_started", "tell_of_run", "telling_if_not_started"]

# A night begins at three: what is run by hand shortly after midnight belongs to the day before.
_NIGHT_BEGINS = timedelta(hours=3)


def night_of(moment: datetime, time_zone: str) -> date:
    """Return which night an aware moment belongs to: its local date, counted from three in the morning."""
    return (moment.astimezone(ZoneInfo(time_zone)) - _NIGHT_BEGINS).date()


def announce(home: Home, mail: Mail, letter: Letter | None = None) -> list[str]:
    """Send a letter, and what else waits, and return (Swedish) what could not be sent; nothing where mail is off."""
    from orchestration.alerts.outbox import post, send_unkept, send_waiting

    if mail.host is None:
        return []
    if letter is not None:
        try:
            post(home, letter)
        except OSError:
            # A disk that takes nothing is most likely what the letter is about.
            return send_unkept(mail, letter)
    return send_waiting(home, mail)


def tell_of_run(home: Home, instance: Any, run_id: str, *, succeeded: bool) -> list[str]:
    """Mail how a run ended, with one letter per failed run and one per night that came through.

    ``instance`` is the ``DagsterInstance`` that has the run's events. Returns (Swedish) what could not be told; never
    raises.
    """
    from orchestration.settings import load_mail

    try:
        mail = load_mail()
        if mail.host is None:
            return []
        return announce(home, mail, _letter_of_run(home, instance, run_id, succeeded=succeeded))
    except Exception as error:
        return [_untold(error)]


def _letter_of_run(home: Home, instance: Any, run_id: str, *, succeeded: bool) -> Letter:
    """Return the letter, a short one where something is so wrong that nothing more can be found out."""
    from orchestration.alerts.facts import facts_of_run
    from orchestration.alerts.letters import letter_in_short, letter_of_run
    from orchestration.settings import load_settings

    now = datetime.now(UTC)
    try:
        settings = load_settings()
        facts = facts_of_run(home, settings, instance, run_id, now.date(), succeeded=succeeded)
    except Exception as error:
        return letter_in_short(run_id, error, now, succeeded=succeeded)
    return letter_of_run(facts, settings, night_of(now, settings.municipality.time_zone), now)


def tell_not_started(home: Home, error: Exception) -> list[str]:
    """Mail that a run could not start, at most once a night for each kind of reason; never raises."""
    from orchestration.alerts.letters import letter_not_started
    from orchestration.settings import load_mail

    try:
        return announce(home, load_mail(), letter_not_started(error, home, datetime.now(UTC)))
    except Exception as trouble:
        return [_untold(trouble)]


@contextmanager
def telling_if_not_started(home: Home) -> Iterator[None]:
    """Mail of an exception that gets out of a run, then let it go on; what cannot be mailed is a note on it."""
    try:
        yield
    except Exception as error:
        for message in tell_not_started(home, error):
            error.add_note(message)
        raise


def _untold(error: Exception) -> str:
    # The kind of error and not its words: those may repeat what a file holds.
    return f"Mejlet till driften kunde inte skrivas ({type(error).__name__}). Pröva med `bokslut mail-test`."
