"""The releases on disk: list them, point readers at one, take one back.

Belongs here: folders, manifests and the link that readers follow. Not here: what a release holds (``exports``) or
whether it may be published (``audit``).

    published/releases/<release_id>/  bokslut.duckdb  parquet/<mart>.parquet  diff.json  manifest.json
    published/current         -> releases/<release_id>     swapped in one step
    published/current.duckdb  -> current/bokslut.duckdb    never changes
    published/.being_published                             only while a release is written and shown
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.disk import sync, write_whole
from orchestration.home import Home

DATABASE = "bokslut.duckdb"
MANIFEST = "manifest.json"
DIFF = "diff.json"
# The id of the release that is being published, for as long as it is.
_BEING_PUBLISHED = ".being_published"

_OR_ROLL_BACK = ", eller låt en annan gälla med `bokslut rollback`."


class ReleaseError(Exception):
    """A release that is asked for cannot be used; the message (Swedish) says why and what there is."""


@dataclass(frozen=True, slots=True)
class Release:
    """What is known of one published release. Times are UTC, ISO 8601; ``content`` identifies what it says.

    ``sha256`` is the database's; ``files`` has the checksum of every other file by its path in the folder.
    ``differences`` are the readable lines of the comparison with ``compared_with``, the release that stood before it.
    Of one that is cleared (``retention``) only this and the masks are left.
    """

    release_id: str
    published_at: str
    run_id: str
    git_sha: str
    data_from: str
    data_to: str
    checks_passed: int
    checks_warned: int
    content: str
    sha256: str
    marts: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    withdrawn: bool = False
    compared_with: str = ""
    files: dict[str, str] = field(default_factory=dict)
    is_cleared: bool = False

    def row(self) -> dict[str, Any]:
        """Return the columns of the mart ``release``."""
        names = ("release_id", "run_id", "git_sha", "checks_passed", "checks_warned")
        return {name: getattr(self, name) for name in names}


def folder(home: Home, release_id: str) -> Path:
    """Return where a release lies."""
    return home.published / "releases" / release_id


def releases(home: Home) -> list[Release]:
    """Return every release, oldest first, those that are cleared too; what a killed night left is none."""
    unseen = _unseen(home)
    found = [
        Release(**json.loads(path.read_text(encoding="utf-8")))
        for path in (home.published / "releases").glob(f"[!.]*/{MANIFEST}")
        if path.parent.name != unseen
    ]
    return sorted(found, key=lambda release: (release.published_at, release.release_id))


def current_release(home: Home) -> Release | None:
    """Return the release that readers see, or None before the first one."""
    link = home.published / "current"
    if not link.is_symlink():
        return None
    return Release(**json.loads((link / MANIFEST).read_text(encoding="utf-8")))


@contextmanager
def being_published(home: Home, release_id: str) -> Iterator[None]:
    """Note the release that is written and shown inside the block.

    A night that is killed between the two leaves a whole release that no reader ever saw: the note tells it from one
    that was shown and then replaced. It stays behind a block that fails, for ``forget_unseen``.
    """
    note = home.published / _BEING_PUBLISHED
    write_whole(note, release_id)
    sync(home.published)
    yield
    note.unlink()


def forget_unseen(home: Home) -> str | None:
    """Settle a publication that a kill ended: take away the release if nobody saw it, and return its id."""
    unseen = _unseen(home)
    if unseen and (path := folder(home, unseen)).exists():
        path.rename(path.with_name(f".tmp-{unseen}"))
        sync(path.parent)
    (home.published / _BEING_PUBLISHED).unlink(missing_ok=True)
    return unseen


def _unseen(home: Home) -> str | None:
    """Return the id of the release that is being published and is not yet the one that readers see."""
    try:
        release_id = (home.published / _BEING_PUBLISHED).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    link = home.published / "current"
    return None if link.is_symlink() and link.readlink().name == release_id else release_id


def age(release: Release) -> str:
    """Return how old a release is, in Swedish words: minutes, hours, or days from two days on."""
    published = datetime.fromisoformat(release.published_at).replace(tzinfo=UTC)
    # One from before the clock went back is at least not older than nothing.
    minutes = max(0, int((datetime.now(UTC) - published).total_seconds() // 60))
    hours = minutes // 60
    return f"{hours // 24} dygn" if hours >= 48 else f"{hours} timmar" if hours else f"{minutes} minuter"


def write_manifest(path: Path, release: Release) -> None:
    """Write a release's manifest into its folder, whole or not at all."""
    with writable(path):
        temporary = path / f".{os.getpid()}-{MANIFEST}"
        temporary.write_text(json.dumps(asdict(release), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        temporary.chmod(0o440)
        sync(temporary)
        temporary.replace(path / MANIFEST)


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Let a release's folder be written inside the block; after it nobody can, whatever it was before."""
    path.chmod(0o750)
    try:
        yield
    finally:
        path.chmod(0o550)


def point_readers_at(home: Home, release_id: str) -> None:
    """Let readers see this release from their next opening on; those who hold another keep it until they close it."""
    _replace_link(home.published / "current", Path("releases") / release_id)
    if not home.current.is_symlink():
        _replace_link(home.current, Path("current") / DATABASE)
    sync(home.published)


def _replace_link(link: Path, target: Path) -> None:
    temporary = link.with_name(f".{os.getpid()}-{link.name}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)


def roll_back(home: Home, release_id: str) -> Release:
    """Point readers at an earlier release and return it; the newer ones are marked as withdrawn.

    A later run with the same content as a withdrawn release does not publish it again. Rolling "back" to a withdrawn
    release makes it valid again. Raises :class:`ReleaseError` where there is no such release or its file is damaged.
    """
    forget_unseen(home)
    known = releases(home)
    chosen = release_by_id(home, release_id)
    verify(home, chosen)
    # Marked before readers are pointed: killed between the two, no night publishes anew what is to be withdrawn.
    for release in known:
        withdrawn = release.published_at > chosen.published_at
        if release.withdrawn != withdrawn:
            write_manifest(folder(home, release.release_id), replace(release, withdrawn=withdrawn))
    point_readers_at(home, release_id)
    return replace(chosen, withdrawn=False)


def release_by_id(home: Home, release_id: str) -> Release:
    """Return one release that has its files; raises :class:`ReleaseError` where there is none of that id."""
    known = [release for release in releases(home) if not release.is_cleared]
    if found := next((release for release in known if release.release_id == release_id), None):
        return found
    names = ", ".join(release.release_id for release in known) or "inga"
    raise ReleaseError(f"Utgåvan {release_id} finns inte, eller är rensad. Det finns: {names}.")


def opened(home: Home) -> Path:
    """Return the file of the release that readers see, once its checksum agrees.

    Where nothing is published it is the path where it would be. Raises :class:`ReleaseError` where it is damaged.
    """
    standing = current_release(home)
    if standing is None:
        return home.current
    _check_file(home, standing, DATABASE, standing.sha256)
    return folder(home, standing.release_id) / DATABASE


def verify(home: Home, release: Release) -> None:
    """Raise :class:`ReleaseError` unless every file of the release is there, and is the one that was published."""
    for name, checksum in {DATABASE: release.sha256, **release.files}.items():
        _check_file(home, release, name, checksum)


def _check_file(home: Home, release: Release, name: str, checksum: str) -> None:
    path = folder(home, release.release_id) / name
    if not path.exists():
        raise ReleaseError(
            f"Utgåvan {release.release_id} saknar sin fil {path}. Återställ den från säkerhetskopian{_OR_ROLL_BACK}"
        )
    if (found := sha256_of(path)) != checksum:
        raise ReleaseError(
            f"Utgåvan {release.release_id} är skadad: {path} har sha256 {found[:12]}…, ska vara {checksum[:12]}…. "
            f"Återställ den från säkerhetskopian{_OR_ROLL_BACK}"
        )


def sha256_of(path: Path) -> str:
    """Return a file's checksum, in hexadecimal."""
    from hashlib import file_digest

    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
