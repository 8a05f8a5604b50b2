"""A disk that is full, or closed for writing: what is said of it, and files that are whole or not there at all.

Belongs here: telling such a disk from every other fault, in words that can be acted on, and the one way to write a
small file that a later run reads. Not here: what a step raises (``night``), files with a format of their own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.home import Home

# What the system, SQLite, DuckDB and Arrow say, each where the others say something else.
_FULL = ("No space left on device", "Disk quota exceeded", "disk is full")
_CLOSED = ("Read-only file system", "readonly database", "unable to open database file", "Permission denied")
# SQLite says this of a full disk too, and of a broken one.
_PERHAPS = ("disk I/O error",)
# With less than this no step can be sure to have been able to write what it wanted.
_NOTHING = 1_000_000


class DiskError(OSError):
    """The home cannot be written to; the message (Swedish) says why and what to do."""


def trouble(home: Home, said: str = "") -> str | None:
    """Return what to do (Swedish) where a failure is the disk's, None where it is not.

    ``said`` is the failure's own words; what the home looks like now is asked as well: not every library says why.
    """
    if closed := [path for path in _folders(home) if not os.access(path, os.W_OK)]:
        names = ", ".join(str(path) for path in closed if path.parent not in closed)
        return (
            f"Hemmet kan inte skrivas: {names} är skrivskyddad. Gör den skrivbar för kontot som kör Bokslut (se "
            "rättigheter och montering) och kör `bokslut run` igen. Den förra utgåvan gäller."
        )
    if any(words in said for words in _FULL) or _free(home.root) < _NOTHING:
        temporary = Path(tempfile.gettempdir())
        left = ", ".join(f"{_free(path) / 1e6:.0f} MB ledigt i {path}" for path in (home.root, temporary))
        return (
            f"Disken är full ({left}). Frigör plats och kör `bokslut run` igen. Av hemmet får bara mapparna i "
            f"{home.builds} tas bort, när ingen körning pågår. Den förra utgåvan gäller."
        )
    return None


@contextmanager
def telling_of_disk(home: Home) -> Iterator[None]:
    """Raise :class:`DiskError` in place of what is raised inside the block because of the disk."""
    try:
        yield
    except Exception as error:
        said = words_of(error)
        if (isinstance(error, OSError) or is_of_disk(said)) and (told := trouble(home, said)):
            raise DiskError(told) from error
        raise


def is_of_disk(said: str) -> bool:
    """Tell whether words are those of a disk: what ``trouble`` says in their place says more."""
    return any(words in said for words in (*_FULL, *_CLOSED, *_PERHAPS))


def words_of(error: BaseException) -> str:
    """Return what an exception says, and each that it came from or was raised while handling."""
    return "\n".join(str(each) for each in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [each.__context__, each.__cause__]


def write_whole(path: Path, text: str) -> None:
    """Write a small file that a later run trusts: on disk and whole, or as it was before."""
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _folders(home: Home) -> list[Path]:
    """Return the folders that a night writes in, those that are there."""
    own = (home.archive, home.rejected, home.raw, home.builds, home.published, home.published / "releases")
    every = (home.root, home.inbox, *own, home.reports, home.dagster, home.alerts)
    return [path for path in every if path.exists()]


def _free(path: Path) -> int:
    return shutil.disk_usage(path).free
