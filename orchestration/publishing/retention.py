"""Which releases are kept, and what is left of one that is not.

Belongs here: the choice, by the day each was published, and taking the files away. Not here: publishing, rolling back
(``store``), and the builds (``release``).

A cleared release keeps its folder, so that its id is never used again, its manifest, so that it is listed and what was
withdrawn is not published anew, and the masks: what it hid of persons must stay hidden (``mask``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orchestration.home import Home
from orchestration.publishing.mask import MASK, SURVEY_MASK
from orchestration.publishing.store import (
    MANIFEST,
    Release,
    current_release,
    folder,
    releases,
    writable,
    write_manifest,
)
from orchestration.settings_of_releases import Releases

_MASKS = (f"{MASK}.parquet", f"{SURVEY_MASK}.parquet")


def kept(known: Sequence[Release], standing: Release | None, limits: Releases) -> dict[str, list[str]]:
    """Return the ids of the releases to keep, each with its reasons (Swedish).

    Kept are the last release of each of the newest ``kept_days`` days and ``kept_months`` months that have one, and of
    every year; the standing one, and the one it was compared with. Days are those of the ids, in UTC: what the clock
    said, also after one that was ahead, when ``published_at`` tells the order only. A withdrawn release is the last of
    nothing, and kept only as long as no day that is kept is newer than its own.
    """
    found: dict[str, list[str]] = {}
    valid = sorted((release for release in known if not release.withdrawn and not release.is_cleared), key=_age)
    for letters, count, reason in (
        (len("2026-11-23"), limits.kept_days, "dagens sista"),
        (len("2026-11"), limits.kept_months, "månadens sista"),
        (len("2026"), len(valid), "årets sista"),
    ):
        last = {release.release_id[:letters]: release.release_id for release in valid}
        for _, release_id in sorted(last.items(), reverse=True)[:count]:
            found.setdefault(release_id, []).append(reason)
    if standing:
        found.setdefault(standing.release_id, []).append("gäller")
        if standing.compared_with:
            found.setdefault(standing.compared_with, []).append(f"jämförd med {standing.release_id}")
    oldest_day = sorted({release.release_id[:10] for release in valid}, reverse=True)[: limits.kept_days][-1:]
    for release in known:
        if release.withdrawn and not release.is_cleared and [release.release_id[:10]] >= oldest_day:
            found.setdefault(release.release_id, []).append("nyligen tillbakadragen")
    return found


def _age(release: Release) -> tuple[str, str]:
    return (release.published_at, release.release_id)


def clear_old_releases(home: Home, limits: Releases) -> list[Release]:
    """Clear the releases that are not to be kept and return them, oldest first.

    A reader who holds one open keeps it until it is closed. May be killed anywhere: the next time finishes.
    """
    known = releases(home)
    stays = kept(known, current_release(home), limits)
    cleared = [release for release in known if not release.is_cleared and release.release_id not in stays]
    for release in cleared:
        # Told first: one whose files are half gone must never be rolled back to.
        write_manifest(folder(home, release.release_id), replace(release, is_cleared=True))
    for release in releases(home):
        if release.is_cleared:
            _remove_files(home, release)
    return cleared


def _remove_files(home: Home, release: Release) -> None:
    path = folder(home, release.release_id)
    for inside, stay in ((path / "parquet", _MASKS), (path, (MANIFEST, "parquet"))):
        gone = [each for each in inside.glob("*") if each.name not in stay]
        if gone:
            with writable(inside):
                for each in gone:
                    each.unlink()
