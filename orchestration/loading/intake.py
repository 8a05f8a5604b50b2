"""Take what lies in the inbox: wait, claim, archive, register.

Belongs here: which files are taken and which are set aside unread. Not here: which entries are never opened
(``entries``), reading what is in files (``reading``).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from orchestration.home import Home
from orchestration.loading.entries import entries, left_alone, never_opened, odd_name, safe_name
from orchestration.settings import Settings
from sources.delivery import NO_BYTES, Look, Sidecar, StillGrowing, archive_file, write_sidecar
from sources.register import Delivery, Register
from sources.registry import SOURCES, claimants

UNCLAIMED = "unclaimed"
# Names under which programs keep what they are still writing, and what desktops leave behind.
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload")


@dataclass(slots=True)
class IntakeReport:
    """What became of every file in the inbox: file names per fate, messages (Swedish) for people."""

    received: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


def take_inbox(home: Home, settings: Settings, register: Register, run_id: str) -> IntakeReport:
    """Take every settled file of the inbox and say what became of each.

    A file leaves the inbox only after it is archived and registered. One whose size or time still changes waits for
    the next run. One that no source or more than one claims is set aside in ``rejected/`` with the reason.
    """
    report = IntakeReport()
    register.begin_intake(run_id)
    for file, look in _settled(inbox_files(home.inbox), settings.inbox.settle_seconds, report).items():
        try:
            status = file.lstat()
            if reason := never_opened(status):
                _remove(file, reason, register, run_id, report)
            elif reason := left_alone(status, settings.inbox.caps):
                _tell_unread(file, reason, report)
            else:
                _take(_renamed(file), look, odd_name(file.name), home, register, run_id, report)
        except (StillGrowing, FileNotFoundError):
            _wait(file, report)
        except PermissionError as error:
            if error.filename and home.inbox not in Path(error.filename).parents:
                # Not the supplier's file but a folder of ours: nothing at all can be taken.
                raise
            reason = "kontot som kör Bokslut får inte läsa filen eller ta bort den ur inkorgen. Rätta rättigheterna."
            _tell_unread(file, reason, report)
    register.end_intake()
    return report


def inbox_files(inbox: Path) -> list[Path]:
    """Return what lies in the inbox and is not plainly unfinished, oldest first."""
    return [
        path
        for path in entries(inbox)
        if not any(part.startswith((".", "~$")) for part in path.relative_to(inbox).parts)
        and path.suffix.casefold() not in _UNFINISHED
    ]


def waits_for_key(inbox: Path) -> list[str]:
    """Return the names of files in the inbox that hold persons, so that they cannot be read without a key."""
    names = (file.name for file in inbox_files(inbox))
    return [_public_name(name) for name in names if any(source.needs_key for source in claimants(name))]


def _settled(files: list[Path], seconds: float, report: IntakeReport) -> dict[Path, Look]:
    """Return the files that lie still, each as it then looks."""
    if not files:
        return {}
    first = {path: _look(path) for path in files}
    time.sleep(seconds)
    settled = {}
    for path in files:
        look = _look(path)
        if look is not None and look == first[path]:
            settled[path] = look
        else:
            _wait(path, report)
    return settled


def _look(path: Path) -> Look | None:
    try:
        return Look.of(path.lstat())
    except FileNotFoundError:
        return None


def _wait(file: Path, report: IntakeReport) -> None:
    name = _public_name(file.name)
    report.waiting.append(name)
    report.messages.append(f"{name}: filen skrivs fortfarande. Den läses i nästa körning.")


def _public_name(name: str) -> str:
    from sources.hr.identity import without_numbers

    return without_numbers(safe_name(name))


def _renamed(file: Path) -> Path:
    """Return the file under a name that can be shown: names are published, with what became of each file.

    It holds no personnummer, and nothing that hides what it says.
    """
    name = _public_name(file.name)
    if name == file.name:
        return file
    target, number = file.with_name(name), 2
    while target.exists():
        target, number = file.with_name(f"{Path(name).stem}_{number}{Path(name).suffix}"), number + 1
    return file.rename(target)


def _take(
    file: Path, look: Look, oddity: str | None, home: Home, register: Register, run_id: str, report: IntakeReport
) -> None:
    """Archive one file that still is as it looked, and then register it.

    ``oddity`` is why the name it came under is not accepted.
    """
    trace = _trace(file)
    if register.by_trace(trace):
        # A run died between registering this very file and clearing it away: it is not a second delivery.
        file.unlink()
        register.forget_trace(trace)
        return
    sources = [] if oddity else claimants(file.name)
    # What nobody recognises may be a personal file under a wrong name.
    private = len(sources) != 1 or sources[0].sensitivity == "personal"
    archived = archive_file(file, home.archive, private=private, settled=look)
    source_code = sources[0].code if len(sources) == 1 else UNCLAIMED
    now = datetime.now(UTC)
    received_at = register.next_arrival(now)
    common = {
        "source_code": source_code,
        "file_name": file.name,
        "sha256": archived.sha256,
        "size_bytes": archived.size_bytes,
        "received_at": received_at,
        "clock_at": now,
        "run_id": run_id,
    }
    earlier = register.by_sha256(archived.sha256)
    load_id = f"{source_code}-{archived.sha256[:12]}" + (f"-{len(earlier) + 1}" if earlier else "")
    if len(sources) != 1:
        message = _claim_message(file.name, oddity, [source.title for source in sources])
        set_aside(home, archived.path, file.name, message)
        register.add(trace=trace, load_id=load_id, status="rejected", message=message, **common)
        report.rejected.append(file.name)
        report.messages.append(message)
    elif original := next((each for each in earlier if each.status not in ("rejected", "duplicate")), None):
        message = _duplicate_message(file.name, original)
        rows = {"rows_in": original.rows_in, "rows_duplicate": original.rows_in}
        register.add(trace=trace, load_id=load_id, status="duplicate", message=message, **rows, **common)
        report.duplicates.append(file.name)
        report.messages.append(message)
    else:
        sidecar = Sidecar(archived.sha256, source_code, file.name, received_at.isoformat(), archived.size_bytes)
        write_sidecar(home.archive, sidecar)
        register.add(trace=trace, load_id=load_id, status="received", **common)
        report.received.append(file.name)
    file.unlink()
    register.forget_trace(trace)


def _trace(file: Path) -> str:
    status = file.lstat()
    return f"{os.fsencode(file)!r}|{status.st_ino}|{status.st_size}|{status.st_mtime_ns}"


def _claim_message(file_name: str, oddity: str | None, titles: list[str]) -> str:
    if oddity:
        return f"{file_name}: {oddity}. Filen är lagd åt sidan; döp om den och lägg den i inkorgen igen."
    if not titles:
        known = ", ".join(source.title.lower() for source in SOURCES)
        return (
            f"{file_name}: ingen källa känner igen filnamnet. Filen är lagd åt sidan; döp om den efter källans mönster "
            f"({known}) och lägg den i inkorgen igen."
        )
    return (
        f"{file_name}: filnamnet passar flera källor ({', '.join(titles)}). Filen är lagd åt sidan; döp om den så att "
        "det framgår vilken den hör till och lägg den i inkorgen igen."
    )


def _duplicate_message(file_name: str, original: Delivery) -> str:
    same_name = "" if original.file_name == file_name else f" under namnet {original.file_name}"
    return f"{file_name}: samma innehåll kom redan {original.received_at:%Y-%m-%d}{same_name}. Ingenting läses om."


def _remove(file: Path, reason: str, register: Register, run_id: str, report: IntakeReport) -> None:
    """Remove an entry that is never opened; the register tells of it, though there are no bytes to archive."""
    trace, name, now = _trace(file), _public_name(file.name), datetime.now(UTC)
    if not register.by_trace(trace):
        register.add(
            trace=trace,
            load_id=f"{UNCLAIMED}-{hashlib.sha256(f'{run_id} {trace!r}'.encode()).hexdigest()[:12]}",
            source_code=UNCLAIMED,
            file_name=name,
            sha256=NO_BYTES,
            size_bytes=file.lstat().st_size,
            received_at=register.next_arrival(now),
            clock_at=now,
            run_id=run_id,
            status="rejected",
            message=f"{name}: {reason}",
        )
    file.unlink()
    register.forget_trace(trace)
    _tell_unread(file, reason, report)


def _tell_unread(file: Path, reason: str, report: IntakeReport) -> None:
    name = _public_name(file.name)
    report.rejected.append(name)
    report.messages.append(f"{name}: {reason}")


def set_aside(home: Home, archived: Path, file_name: str, reason: str) -> None:
    """Put a copy of a refused file in ``rejected/`` with the reason beside it, for people to look at.

    Who may not read the file in the archive may not read the copy either.
    """
    is_private = not archived.stat().st_mode & 0o077
    folder = home.rejected / archived.name[:12]
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / file_name
    if is_private:
        folder.chmod(0o700)
    # A copy that a full disk cut short is made again.
    if not copy.exists() or copy.stat().st_size != archived.stat().st_size:
        shutil.copyfile(archived, copy)
        if is_private:
            copy.chmod(0o600)
    (folder / f"{file_name}.orsak.txt").write_text(reason + "\n", encoding="utf-8")
