"""Facts as letters in Swedish, for operators who read them on a telephone.

Belongs here: subjects, sentences and the keys that tell letters apart. Not here: gathering (``facts``) or sending
(``outbox``). The subject alone says whether anything must be done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from orchestration.alerts.facts import Facts
    from orchestration.home import Home
    from orchestration.settings import Settings

# How many rules a letter names for each kind of thing to mend.
_CHECKS_NAMED = 5
_RUNBOOK = "Vad larmet betyder och vad du gör: docs/operations.md."
_NOT_STARTED = {
    "AlreadyRunningError": "En annan körning arbetar redan i hemmet.",
    "HistoryError": "Dagsters databas svarar inte.",
    "PseudonymKeyError": "Personalfiler väntar i inkorgen, och nyckeln för pseudonymer saknas eller är fel.",
    "SettingsError": "Inställningarna (bokslut.toml) kan inte användas.",
    "OSError": "Disken är full eller hemmet kan inte skrivas.",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail: ``key`` is a file name, and the same for what is to be told once; ``written_at`` is aware."""

    key: str
    subject: str
    body: str
    written_at: datetime


def letter_of_run(facts: Facts, settings: Settings, night: date, now: datetime) -> Letter:
    """Return the night's digest, or the alarm of a failed run, which tells all that the digest would."""
    name = settings.municipality.name
    if facts.succeeded:
        key, subject = f"night-{night}", f"[Bokslut {name}] Natten {night}: {_headline(facts)}"
    else:
        key, subject = f"failed-{facts.run_id}", f"[Bokslut {name}] STOPPAD {night}: inget är publicerat"
    lines = [
        *_verdict(facts),
        _standing(facts, settings.municipality.time_zone),
        *_section("Klockan", [facts.clock] if facts.clock else []),
        *_section("Stoppades av", facts.stopped_by),
        *_section("Saknade leveranser", [f"{title} ({owner})" for title, owner in facts.missing]),
        *_section("Sena leveranser", [f"{message} ({owner})" for message, owner in facts.late]),
        *_section("Att rätta, per dataägare", list(_to_mend(facts))),
        "",
        f"Körningen: {_link(settings.mail.ui_url, facts.run_id)}",
        _RUNBOOK,
    ]
    return Letter(key, subject, "\n".join(lines) + "\n", now)


def letter_in_short(run_id: str, error: Exception, now: datetime, *, succeeded: bool) -> Letter:
    """Return what can be said of a run when finding out more has failed, by the kind of error and not its words."""
    lines = [
        "Natten gick igenom." if succeeded else "Natten stoppades, och den förra utgåvan gäller.",
        f"Mer kunde inte tas reda på ({type(error).__name__}). Se `bokslut status` och körningen: {run_id}.",
        _RUNBOOK,
    ]
    subject = "[Bokslut] Natten gick igenom, men brevet om den är inte helt" if succeeded else "[Bokslut] STOPPAD"
    return Letter(f"{'short' if succeeded else 'failed'}-{run_id}", subject, "\n".join(lines) + "\n", now)


def letter_not_started(error: Exception, home: Home, now: datetime) -> Letter:
    """Return the alarm of a run that could not start; the reason is told by its kind, never by an exception's words."""
    kind = next((each.__name__ for each in type(error).__mro__ if each.__name__ in _NOT_STARTED), type(error).__name__)
    reason = _NOT_STARTED.get(kind, f"Ett oväntat fel ({kind}).")
    lines = [f"Körningen kunde inte starta. {reason}", f"Kör `bokslut run` i {home.root} för att se hela orsaken.", ""]
    return Letter(
        f"not-started-{now:%Y-%m-%d}-{kind}",
        "[Bokslut] STOPPAD: körningen kunde inte starta",
        "\n".join([*lines, _RUNBOOK]) + "\n",
        now,
    )


def letter_of_silence(reasons: Sequence[str], name: str, night: date, now: datetime) -> Letter:
    """Return the alarm that nothing has come through for too long."""
    lines = [
        "Ingen har sagt att något är fel, men det har inte heller gått som det ska:",
        *(f"- {reason}" for reason in reasons),
        "",
        "Se `bokslut status`, och att bokslut-daemon och bokslut-code är igång.",
        _RUNBOOK,
    ]
    return Letter(f"silence-{night}", f"[Bokslut {name}] TYST: ingen ny natt", "\n".join(lines) + "\n", now)


def letter_of_trial(name: str, now: datetime) -> Letter:
    """Return a letter that only shows that letters arrive."""
    body = "Detta är ett prov. Du får nattens brev och alla larm på samma väg.\n"
    return Letter(f"trial-{now:%Y%m%dT%H%M%S%f}", f"[Bokslut {name}] Prov av e-post", body, now)


def _headline(facts: Facts) -> str:
    to_mend = sum(each.count for each in facts.to_mend)
    is_new = facts.release is not None and facts.release.run_id == facts.run_id
    what = "ny utgåva" if is_new else "ingen ny utgåva" if facts.verdict == "withdrawn" else "oförändrad"
    if facts.clock:
        return f"{what}, klockan har gått tillbaka"
    if to_mend:
        return f"{what}, {to_mend} att rätta"
    return f"{what}, {len(facts.late)} sena leveranser" if facts.late else f"{what}, allt väl"


def _verdict(facts: Facts) -> Iterator[str]:
    if facts.succeeded:
        yield "Natten gick igenom."
    elif facts.stopped_by:
        yield "Natten stoppades, och den förra utgåvan gäller."
    else:
        yield "Körningen dog eller kunde inte starta: inget steg har sagt vad som hände. Den förra utgåvan gäller."
    if facts.succeeded and facts.verdict == "withdrawn":
        yield "Innehållet är en tillbakadragen utgåvas, så inget nytt är publicerat."


def _standing(facts: Facts, time_zone: str) -> str:
    release = facts.release
    if release is None:
        return "Ingen utgåva är publicerad."
    published = datetime.fromisoformat(release.published_at).replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone))
    checks = f"{release.checks_passed} kontroller godkända, {release.checks_warned} med anmärkning"
    span = f"data {release.data_from} till {release.data_to}"
    return f"Gällande utgåva: {release.release_id}, publicerad {published:%Y-%m-%d %H:%M}, {span}; {checks}."


def _to_mend(facts: Facts) -> Iterator[str]:
    for each in facts.to_mend:
        named = [f"{check} {count}" for check, count in each.checks[:_CHECKS_NAMED]]
        if (more := len(each.checks) - _CHECKS_NAMED) > 0:
            named.append(f"och {more} regler till")
        what = f"{each.owner}, {each.category.lower()}: {each.count} ({', '.join(named)})"
        yield f"{what}, se att_ratta_{each.owner}.xlsx"


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"{title}:", *(f"- {line}" for line in lines)] if lines else []


def _link(ui_url: str | None, run_id: str) -> str:
    return f"{ui_url.rstrip('/')}/runs/{run_id}" if ui_url else f"{run_id} (öppna med `bokslut ui`)"
