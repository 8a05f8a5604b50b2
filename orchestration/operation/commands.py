"""``bokslut heartbeat``, ``reconcile``, ``forget-runs`` and ``mail-test``: what timers and operators call.

Belongs here: the commands' options, words and exit codes. Not here: what they do; the other commands (``cli``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from orchestration.home import Home

_out = Console()
_err = Console(stderr=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for name, command in (
        ("heartbeat", heartbeat),
        ("reconcile", reconcile),
        ("forget-runs", forget_runs),
        ("mail-test", mail_test),
    ):
        app.command(name)(command)


def heartbeat() -> None:
    """Pröva att en natt nyligen har gått igenom; mejla annars, och det som väntar. Avslutar med 1 om något är fel."""
    from orchestration.alerts import announce, night_of
    from orchestration.alerts.heartbeat import silence
    from orchestration.alerts.letters import letter_of_silence
    from orchestration.settings import Settings, SettingsError, load_mail, load_settings

    home, now = Home.from_environment(), datetime.now(UTC)
    try:
        settings, wrong = load_settings(), []
    except SettingsError as error:
        settings, wrong = Settings(), ["Inställningarna (bokslut.toml) kan inte användas."]
        _tell(str(error))
    reasons = [*silence(home, settings.heartbeat, now), *wrong]
    night, name = night_of(now, settings.municipality.time_zone), settings.municipality.name
    try:
        letter = letter_of_silence(reasons, name, night, now) if reasons else None
        untold = announce(home, load_mail(), letter)
    except (SettingsError, OSError) as error:
        untold = [f"Mejlet kunde inte skickas: {error}"]
    for message in [*reasons, *untold]:
        _tell(message)
    if reasons or untold:
        raise typer.Exit(1)
    _out.print("Allt väl: en natt har nyligen gått igenom.", highlight=False)


def reconcile() -> None:
    """Avsluta körningar som dog utan att säga det, till exempel vid ett strömavbrott, och mejla om dem.

    Scheman och sensorer som stannat för att klockan gick före kommer igång igen.
    """
    from orchestration.alerts import tell_of_run
    from orchestration.operation.ahead import bring_back
    from orchestration.operation.reconcile import reconcile as end_dead_runs

    home = Home.from_environment()
    with _instance(home) as instance:
        for name in bring_back(instance, datetime.now(UTC).timestamp()):
            _out.print(f"{name} väntade på en dag i framtiden och går nu igen.", highlight=False, soft_wrap=True)
        ended = end_dead_runs(home, instance)
        for run_id in ended:
            _out.print(f"Körningen {run_id} var död och är avslutad som misslyckad.", highlight=False, soft_wrap=True)
            for message in tell_of_run(home, instance, run_id, succeeded=False):
                _tell(message)
    if not ended:
        _out.print("Inga döda körningar.", highlight=False)


def forget_runs(
    keep_days: Annotated[int, typer.Option("--keep-days", min=7, help="Så många dygn av körningar behålls.")] = 400,
) -> None:
    """Ta bort gamla körningar och deras händelser ur Dagster. Utgåvor och leveranser rörs inte."""
    from orchestration.operation.retention import forget_old_runs

    with _instance(Home.from_environment()) as instance:
        count = forget_old_runs(instance, keep_days)
    _out.print(f"{count} körningar äldre än {keep_days} dygn är borttagna ur Dagster.", highlight=False)


def mail_test() -> None:
    """Skicka ett provbrev, och det som väntar. Avslutar med 1 och orsaken om det inte går."""
    from orchestration.alerts import announce
    from orchestration.alerts.letters import letter_of_trial
    from orchestration.settings import SettingsError, load_settings

    home = Home.from_environment().create()
    try:
        settings = load_settings()
    except SettingsError as error:
        _fail(error)
    if settings.mail.host is None:
        _fail("E-post är avstängd. Ange host, sender och recipients under [mail] i bokslut.toml.")
    if untold := announce(home, settings.mail, letter_of_trial(settings.municipality.name, datetime.now(UTC))):
        _fail("\n".join(untold))
    _out.print(f"Skickat till {', '.join(settings.mail.recipients)}.", highlight=False, soft_wrap=True)


@contextmanager
def _instance(home: Home) -> Iterator[Any]:
    """Open the home's Dagster; ends the command where it cannot be reached."""
    from orchestration.night import HistoryError, open_instance, prepare_instance

    prepare_instance(home)
    try:
        with open_instance(home) as instance:
            yield instance
    except HistoryError as error:
        _fail(error)


def _tell(message: str) -> None:
    _err.print(message, style="red", markup=False, highlight=False, soft_wrap=True)


def _fail(message: object) -> NoReturn:
    _tell(str(message))
    raise typer.Exit(1)
