"""A delivery: a file as it was sent, kept untouched under its sha256 with a sidecar.

Belongs here: hashing, archiving, the sidecar. Not here: which source a file belongs to (``registry``), its fate
(``register``), what it says (the readers).
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

_CHUNK = 1 << 20


class StillGrowing(Exception):
    """The file changed while it was copied: it is left in the inbox for the next run."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A file in the archive. ``path`` holds the bytes, ``path`` + ``.json`` the sidecar."""

    sha256: str
    size_bytes: int
    path: Path


def archive_file(file: Path, archive: Path, *, private: bool = False) -> Archived:
    """Copy ``file`` into ``archive`` under its sha256 and return where it lies.

    The copy appears under its final name only when it is whole and on disk; a ``private`` one only its owner can read,
    in a folder that only the owner can enter. Raises :class:`StillGrowing` where size or
    modification time changed meanwhile.
    """
    before = file.stat()
    temporary = archive / f".{os.getpid()}-{file.name}.part"
    digest = hashlib.sha256()
    try:
        with file.open("rb") as source, temporary.open("wb") as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        after = file.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise StillGrowing(file.name)
        sha256 = digest.hexdigest()
        final = archived_path(archive, sha256)
        final.parent.mkdir(exist_ok=True)
        if private:
            final.parent.chmod(0o700)
        temporary.chmod(0o600 if private else 0o440)
        temporary.replace(final)
    finally:
        temporary.unlink(missing_ok=True)
    return Archived(sha256=sha256, size_bytes=after.st_size, path=final)


def archived_path(archive: Path, sha256: str) -> Path:
    """Return where the file with this sha256 lies (or would lie) in the archive."""
    return archive / sha256[:2] / sha256


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is known of an archived file without opening it, and what was read off it since."""

    sha256: str
    source_code: str
    original_name: str
    received_at: str
    size_bytes: int
    fiscal_years: tuple[int, ...] = ()
    period_from: int | None = None
    period_to: int | None = None
    maturity: str = "received"


def write_sidecar(archive: Path, sidecar: Sidecar) -> Path:
    """Write the sidecar beside its file, whole or not at all, and return its path."""
    path = archived_path(archive, sidecar.sha256).with_suffix(".json")
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    temporary.write_text(json.dumps(asdict(sidecar), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    temporary.replace(path)
    return path
