"""Take over the warehouse of an earlier run that was built from the same things.

    snapshot + models  ->  one key; same key  ->  same warehouse, so it is copied and not built again

Belongs here: what a build is made from, whether an earlier build of it is whole, copying it. Not here: building
(``warehouse``), whether the result may be published (``publishing.audit``, which judges it as any other).
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from orchestration.disk import write_whole
from orchestration.home import Home
from orchestration.loading.snapshot import Build
from orchestration.publishing.store import releases
from orchestration.warehouse import NodeResult, manifest_stamp

_log = logging.getLogger(__name__)

# What dbt said of each node of the main build, and of the closing models.
BUILT, CLOSED = "built.json", "closed.json"
_COMPLETE, _TAKEN_OVER = "complete.json", "taken_over.txt"
# What a run says of itself, which no other model reads: written after the warehouse is built, and never the same.
ABOUT_THE_RUN = ("checks__results", "releases__release")
# What earlier releases hid. A build hides that and perhaps more, and the next night is given what it hid: a build that
# is given its own answer gives it again, so this alone is no reason to build anew.
HIDDEN_BEFORE = ("releases__mask", "releases__survey_mask")


def made_from(build: Build) -> str:
    """Return what identifies what a build is made from: the models, dbt, DuckDB and the bytes of the snapshot.

    Not what earlier releases hid, which ``given_to_hide`` identifies.
    """
    from importlib.metadata import version

    tables = {path.name for path in build.raw.iterdir()} - {*ABOUT_THE_RUN, *HIDDEN_BEFORE}
    return _digest(build, f"{manifest_stamp()} {version('duckdb')}", tables)


def given_to_hide(build: Build) -> str:
    """Return what identifies the groups that earlier releases hid, as the build was told of them."""
    return _digest(build, "", HIDDEN_BEFORE)


def _digest(build: Build, begin: str, tables: Iterable[str]) -> str:
    digest = hashlib.sha256(begin.encode())
    for path in sorted(path for table in tables for path in (build.raw / table).glob("*.parquet")):
        digest.update(f"{path.relative_to(build.raw)} {_sha256(path)}\n".encode())
    return digest.hexdigest()


def take_over(home: Home, build: Build) -> str | None:
    """Copy the newest whole warehouse that was built from the same things; return the run that built it, if any did."""
    key, hidden = made_from(build), given_to_hide(build)
    published = [release.run_id for release in releases(home)]
    complete = sorted(home.builds.glob(f"*/{_COMPLETE}"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for found in complete:
        earlier, said = Build(found.parent), json.loads(found.read_text(encoding="utf-8"))
        is_its_own = said["published_in"] in published[-1:]
        if said["made_from"] != key or (said["given_to_hide"] != hidden and not is_its_own):
            continue
        if not earlier.warehouse.exists() or _sha256(earlier.warehouse) != said["sha256"]:
            # Worth a line in the log, not a stop: the warehouse is built anew, and the next night has a whole one.
            _log.warning("the warehouse of %s is not as it was built; it is built anew", found.parent.name)
            continue
        shutil.copyfile(earlier.warehouse, build.warehouse)
        for name in (BUILT, CLOSED):
            shutil.copyfile(earlier.folder / name, build.folder / name)
        write_whole(build.folder / _TAKEN_OVER, said["run_id"])
        return taken_over_from(build)
    return None


def taken_over_from(build: Build) -> str | None:
    """Return the run that built this build's warehouse, None where it is this build's own."""
    path = build.folder / _TAKEN_OVER
    return path.read_text(encoding="utf-8") if path.exists() else None


def mark_complete(build: Build, run_id: str) -> None:
    """Say that a build passed to its last node, so that a later run may take it over; ``run_id`` is who built it."""
    said = {
        "run_id": run_id,
        "published_in": build.folder.name,
        "made_from": made_from(build),
        "given_to_hide": given_to_hide(build),
        "sha256": _sha256(build.warehouse),
    }
    write_whole(build.folder / _COMPLETE, json.dumps(said, indent=2))


def save_results(build: Build, name: str, results: Sequence[NodeResult]) -> None:
    """Keep what dbt said of each node (``BUILT`` or ``CLOSED``) in the build's folder."""
    write_whole(build.folder / name, json.dumps([asdict(result) for result in results]))


def load_results(build: Build, name: str) -> list[NodeResult]:
    """Return what ``save_results`` kept."""
    return [NodeResult(**values) for values in json.loads((build.folder / name).read_text(encoding="utf-8"))]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
