"""Letters on disk until the relay has taken them, each once.

    alerts/waiting/<key>.json  ->  alerts/sent/<key>.json

Belongs here: the two folders and the order. Not here: SMTP (``mail``). A letter that cannot be sent waits for the next
one, or for the heartbeat; a process that is killed while sending may send a letter twice, with the same Message-ID.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.alerts.letters import Letter
from orchestration.alerts.mail import MailError, send
from orchestration.disk import write_whole

if TYPE_CHECKING:
    from orchestration.home import Home
    from orchestration.settings import Mail

# A relay that comes back after weeks is not to flood anybody, and what was sent is kept so that it is not sent again.
LONGEST_QUEUE, KEPT_SENT = 30, 500
_ONE_NIGHT = timedelta(days=2)


def post(home: Home, letter: Letter) -> bool:
    """Put a letter among those that wait, and tell whether it was: not if one of the same key waits or was sent."""
    waiting = _folder(home, "waiting") / f"{letter.key}.json"
    if waiting.exists() or _is_sent(_folder(home, "sent") / waiting.name, letter):
        return False
    values = {"subject": letter.subject, "body": letter.body, "written_at": letter.written_at.isoformat()}
    write_whole(waiting, json.dumps(values, ensure_ascii=False))
    return True


def send_unkept(mail: Mail, letter: Letter) -> list[str]:
    """Send a letter that the disk cannot keep, and return (Swedish) why it could not be sent: it is then lost."""
    try:
        refused = send(mail, letter)
    except MailError as error:
        return [f"{error} Brevet {letter.subject!r} kunde inte heller läggas på disken."]
    return [f"Brevet {letter.subject!r} nådde inte {', '.join(refused)}."] if refused else []


def _is_sent(sent: Path, letter: Letter) -> bool:
    if not sent.exists():
        return False
    # One of the same night, long before or after: the clock was wrong then, and this is another night.
    return abs(_letter(sent).written_at - letter.written_at) < _ONE_NIGHT


def waiting(home: Home) -> list[Letter]:
    """Return the letters that wait, oldest first."""
    letters = [_letter(path) for path in (home.alerts / "waiting").glob("[!.]*.json")]
    return sorted(letters, key=lambda letter: (letter.written_at, letter.key))


def send_waiting(home: Home, mail: Mail) -> list[str]:
    """Send what waits, oldest first, and return (Swedish) what could not be sent.

    The first letter that the relay does not take ends it: the others would fare no better, and would each take time.
    """
    told: list[str] = []
    with _one_at_a_time(home):
        letters = waiting(home)
        for letter in letters[:-LONGEST_QUEUE]:
            told.append(f"Brevet {letter.subject!r} gick aldrig att skicka och är kastat.")
            _waiting_path(home, letter).unlink()
        for letter in letters[-LONGEST_QUEUE:]:
            try:
                refused = send(mail, letter)
            except MailError as error:
                count = len(waiting(home))
                return [*told, f"{error} {count} brev väntar; de skickas vid nästa körning eller `bokslut heartbeat`."]
            if refused:
                told.append(f"Brevet {letter.subject!r} nådde inte {', '.join(refused)}.")
            _waiting_path(home, letter).replace(_folder(home, "sent") / f"{letter.key}.json")
        _forget_old(home)
    return told


def _forget_old(home: Home) -> None:
    sent = sorted(_folder(home, "sent").glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    for path in sent[:-KEPT_SENT]:
        path.unlink()


def _letter(path: Path) -> Letter:
    values = json.loads(path.read_text(encoding="utf-8"))
    return Letter(path.stem, values["subject"], values["body"], datetime.fromisoformat(values["written_at"]))


def _waiting_path(home: Home, letter: Letter) -> Path:
    return _folder(home, "waiting") / f"{letter.key}.json"


def _folder(home: Home, name: str) -> Path:
    folder = home.alerts / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _one_at_a_time(home: Home) -> Iterator[None]:
    # A run's end and the heartbeat may come together; who waits here waits no longer than the relay's time limit.
    with (home.alerts / "outbox.lock").open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
