"""Take what lies in the inbox: wait, claim, archive, register.

Belongs here: which files are taken and which are set aside unread. Not here: reading what is in them (``reading``).
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from orchestration.home import Home
from orchestration.settings import Settings
from sources.delivery import Sidecar, StillGrowing, archive_file, write_sidecar
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
    for file in _settled(inbox_files(home.inbox), settings.inbox.settle_seconds, report):
        try:
            _take(_without_person(file), home, register, run_id, report)
        except StillGrowing:
            _wait(file, report)
    return report


def inbox_files(inbox: Path) -> list[Path]:
    """Return the files of the inbox that are not plainly unfinished, oldest first."""
    found = [
        path
        for path in inbox.rglob("*")
        if (path.is_symlink() or path.is_file())
        and not any(part.startswith((".", "~$")) for part in path.relative_to(inbox).parts)
        and path.suffix.casefold() not in _UNFINISHED
    ]
    return sorted(found, key=lambda path: (path.lstat().st_mtime_ns, path.name))


def waits_for_key(inbox: Path) -> list[str]:
    """Return the names of files in the inbox that hold persons, so that they cannot be read without a key."""
    names = (file.name for file in inbox_files(inbox))
    return [_public_name(name) for name in names if any(source.needs_key for source in claimants(name))]


def _settled(files: list[Path], seconds: float, report: IntakeReport) -> list[Path]:
    if not files:
        return []
    first = {path: _look(path) for path in files}
    time.sleep(seconds)
    settled = []
    for path in files:
        if _look(path) == first[path]:
            settled.append(path)
        else:
            _wait(path, report)
    return settled


def _look(path: Path) -> tuple[int, int] | None:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return (status.st_size, status.st_mtime_ns)


def _wait(file: Path, report: IntakeReport) -> None:
    name = _public_name(file.name)
    report.waiting.append(name)
    report.messages.append(f"{name}: filen skrivs fortfarande. Den läses i nästa körning.")


def _public_name(name: str) -> str:
    from sources.hr.identity import without_numbers

    return without_numbers(name)


def _without_person(file: Path) -> Path:
    """Return the file under a name that holds no personnummer: names are published, with what became of each file."""
    name = _public_name(file.name)
    if name == file.name:
        return file
    target, number = file.with_name(name), 2
    while target.exists():
        target, number = file.with_name(f"{Path(name).stem}_{number}{Path(name).suffix}"), number + 1
    return file.rename(target)


def _take(file: Path, home: Home, register: Register, run_id: str, report: IntakeReport) -> None:
    if file.is_symlink():
        _refuse_link(file, report)
        return
    trace = _trace(file)
    if register.by_trace(trace):
        # A run died between registering this very file and clearing it away: it is not a second delivery.
        file.unlink()
        register.forget_trace(trace)
        return
    sources = claimants(file.name)
    # What nobody recognises may be a personal file under a wrong name.
    private = len(sources) != 1 or sources[0].sensitivity == "personal"
    archived = archive_file(file, home.archive, private=private)
    source_code = sources[0].code if len(sources) == 1 else UNCLAIMED
    now = datetime.now(UTC)
    common = {
        "source_code": source_code,
        "file_name": file.name,
        "sha256": archived.sha256,
        "size_bytes": archived.size_bytes,
        "received_at": now,
        "run_id": run_id,
    }
    earlier = register.by_sha256(archived.sha256)
    load_id = f"{source_code}-{archived.sha256[:12]}" + (f"-{len(earlier) + 1}" if earlier else "")
    if len(sources) != 1:
        message = _claim_message(file.name, [source.title for source in sources])
        register.add(trace=trace, load_id=load_id, status="rejected", message=message, **common)
        set_aside(home, archived.path, file.name, message)
        report.rejected.append(file.name)
        report.messages.append(message)
    elif original := next((delivery for delivery in earlier if delivery.status != "rejected"), None):
        message = _duplicate_message(file.name, original)
        rows = {"rows_in": original.rows_in, "rows_duplicate": original.rows_in}
        register.add(trace=trace, load_id=load_id, status="duplicate", message=message, **rows, **common)
        report.duplicates.append(file.name)
        report.messages.append(message)
    else:
        register.add(trace=trace, load_id=load_id, status="received", **common)
        write_sidecar(
            home.archive,
            Sidecar(archived.sha256, source_code, file.name, now.isoformat(), archived.size_bytes),
        )
        report.received.append(file.name)
    file.unlink()
    register.forget_trace(trace)


def _trace(file: Path) -> str:
    status = file.stat()
    return f"{file}|{status.st_ino}|{status.st_size}|{status.st_mtime_ns}"


def _claim_message(file_name: str, titles: list[str]) -> str:
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


def _refuse_link(file: Path, report: IntakeReport) -> None:
    # A link is not a delivery: what it points at could be anything on the machine.
    message = f"{file.name}: en länk är ingen leverans. Länken är borttagen; lägg själva filen i inkorgen."
    file.unlink()
    report.rejected.append(file.name)
    report.messages.append(message)


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
    if not copy.exists():
        shutil.copyfile(archived, copy)
        if is_private:
            copy.chmod(0o600)
    (folder / f"{file_name}.orsak.txt").write_text(reason + "\n", encoding="utf-8")
