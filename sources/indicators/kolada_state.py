"""The folder that a fetch works in: what has been answered, what is ready to deliver, what earlier fetches came to.

    ongoing/   plan.json and the pages answered so far, a folder per question
    ready/     every question answered: files to move into the inbox, and what to remember of them
    latest.json, failure.json   what the last whole fetch came to, and why one after it did not come to anything

Belongs here: files that are there whole or not at all, and the one order in which they move. Not here: what is asked
and what answers mean (``kolada_fetch``).
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sources.indicators.kolada_client import KoladaError

# What was answered longer ago than this is asked again: pages of different days may not fit together.
RESUMED_WITHIN_DAYS = 1
LATEST, FAILURE = "latest.json", "failure.json"


@dataclass(frozen=True, slots=True)
class LastFetch:
    """What is known of earlier fetches; all None before the first.

    ``fetched_on`` is the day all was last answered, ``changed_on`` the last day with anything new, ``last_year`` the
    latest year with a value. ``failure`` is why the fetch after that did not succeed (Swedish), empty if none failed.
    """

    fetched_on: date | None = None
    changed_on: date | None = None
    last_year: int | None = None
    failure: str = ""

    def told(self, today: date) -> str:
        """Return it as a Swedish sentence for people."""
        if self.fetched_on is None:
            return "Inget har hämtats från Kolada ännu."
        days = (today - self.fetched_on).days
        year = f", senaste år med värde {self.last_year}" if self.last_year else ""
        return f"Kolada hämtades senast {self.fetched_on}, för {days} dagar sedan{year}."


def last_fetch(folder: Path) -> LastFetch:
    """Return what is known of earlier fetches."""
    latest, failure = read_json(folder / LATEST) or {}, read_json(folder / FAILURE) or {}
    series = latest.get("series", {}).values()
    changed = [date.fromisoformat(each["changed_on"]) for each in series]
    return LastFetch(
        date.fromisoformat(latest["fetched_on"]) if latest else None,
        max(changed, default=None),
        max((key[2] for each in series for key in each["keys"]), default=None),
        failure.get("failure", ""),
    )


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Work in the folder by oneself; raises :class:`KoladaError` where another fetch does."""
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise KoladaError("En annan hämtning från Kolada pågår; vänta tills den är klar.") from None
        yield


def opened(folder: Path, plan: Mapping[str, Any], today: date) -> Path:
    """Return the folder of a fetch with this plan that was cut off, if it may go on, else a new one."""
    ongoing = folder / "ongoing"
    started = read_json(ongoing / "plan.json")
    if started and started["plan"] == plan:
        age = (today - date.fromisoformat(started["started_on"])).days
        if 0 <= age <= RESUMED_WITHIN_DAYS:
            return ongoing
    shutil.rmtree(ongoing, ignore_errors=True)
    ongoing.mkdir()
    write_json(ongoing / "plan.json", {"plan": plan, "started_on": today.isoformat()})
    return ongoing


def settle(folder: Path, ongoing: Path, files: Mapping[str, bytes], latest: Mapping[str, Any]) -> None:
    """Turn a fetch whose every question is answered into what is ready to deliver, at once."""
    settled = ongoing / "deliver"
    shutil.rmtree(settled, ignore_errors=True)
    settled.mkdir()
    for name, data in files.items():
        write_bytes(settled / name, data)
    write_json(ongoing / LATEST, latest)
    ongoing.rename(folder / "ready")
    _sync(folder)


def deliver(folder: Path, inbox: Path) -> tuple[list[Path], Any]:
    """Move what is ready into the inbox; return the files, and what is remembered of that fetch (None if none was).

    What was moved before a kill is not there to be moved again.
    """
    ready = folder / "ready"
    if not ready.exists():
        return [], None
    moved = []
    for file in sorted((ready / "deliver").glob("*.json")):
        target = inbox / file.name
        _move(file, target)
        moved.append(target)
    _sync(inbox)
    if (ready / LATEST).exists():
        (ready / LATEST).replace(folder / LATEST)
    (folder / FAILURE).unlink(missing_ok=True)
    _sync(folder)
    shutil.rmtree(ready)
    return moved, read_json(folder / LATEST)


def _move(file: Path, target: Path) -> None:
    try:
        file.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # An inbox on another disk: a kill before the unlink delivers the same bytes twice, which the intake knows.
        write_bytes(target, file.read_bytes())
        file.unlink()


def read_json(file: Path) -> Any:
    """Return what a file holds, None where there is none."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def dumped(content: Any) -> str:
    """Return content as JSON; equal content gives equal text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, default=float)


def write_json(file: Path, content: Any) -> None:
    """Write a JSON file, whole and on disk or not at all."""
    write_bytes(file, (dumped(content) + "\n").encode())


def write_bytes(file: Path, data: bytes) -> None:
    """Write a file, whole and on disk or not at all."""
    # Not .json: what a kill leaves half written must never be taken for a page.
    temporary = file.with_name(f".{os.getpid()}-{file.name}.part")
    with temporary.open("wb") as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())
    temporary.replace(file)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
