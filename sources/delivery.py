"""A delivery: a file as it was sent, kept untouched under its sha256 with a sidecar.

Belongs here: hashing, archiving, the sidecar. Not here: which source a file belongs to (``registry``), its fate
(``register``), what it says (the readers).
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

#: The checksum of what came and was never opened: a link, a pipe.
NO_BYTES = hashlib.sha256().hexdigest()
_CHUNK = 1 << 20


class StillGrowing(Exception):
    """The file changed while it was copied: it is left in the inbox for the next run."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A file in the archive. ``path`` holds the bytes, ``path`` + ``.json`` the sidecar."""

    sha256: str
    size_bytes: int
    path: Path


@dataclass(frozen=True, slots=True)
class Look:
    """What tells that a file has changed: which file it is, its size and when it was last written to."""

    inode: int
    size_bytes: int
    modified_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Look:
        """Return what a file's status says of it."""
        return cls(status.st_ino, status.st_size, status.st_mtime_ns)


def archive_file(file: Path, archive: Path, *, private: bool = False, settled: Look | None = None) -> Archived:
    """Copy ``file`` into ``archive`` under its sha256 and return where it lies.

    The copy appears under its final name only when it is whole and on disk; a ``private`` one only its owner can read,
    in a folder that only the owner can enter. Raises :class:`StillGrowing` where the file changed meanwhile, or since
    it was found ``settled``.
    """
    temporary = archive / f".{os.getpid()}-{file.name}.part"
    digest = hashlib.sha256()
    try:
        with _opened(file) as source, temporary.open("wb") as target:
            before = Look.of(os.fstat(source.fileno()))
            if settled not in (None, before):
                raise StillGrowing(file.name)
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        # Also another file under the same name is another.
        if Look.of(file.lstat()) != before:
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
    return Archived(sha256=sha256, size_bytes=before.size_bytes, path=final)


def _opened(file: Path) -> BinaryIO:
    """Open an ordinary file; raises :class:`StillGrowing` where a link or a pipe has taken its place since."""
    try:
        # A link is not followed, and a pipe does not make us wait for somebody to write.
        opened = os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise StillGrowing(file.name) from error
        raise
    if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
        opened.close()
        raise StillGrowing(file.name)
    return opened


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
