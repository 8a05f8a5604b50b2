"""What a home holds, without what may differ between two runs of the same deliveries: times, and the ids of runs.

Belongs here: looking. Not here: killing (``steps``, ``nights``).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from orchestration.home import Home
from orchestration.publishing.dump import dump
from orchestration.publishing.store import current_release, releases, sha256_of, verify
from orchestration.query import query
from orchestration.settings import Database
from sources.delivery import NO_BYTES
from sources.register import Delivery, Register

State = dict[str, Any]

_OF_A_RUN = ("received_at", "clock_at", "run_id")
_COLUMNS = [field.name for field in fields(Delivery) if field.name not in _OF_A_RUN]
_LOAD = "select file_name, status, rows_in, rows_loaded, rows_quarantined, rows_duplicate, message from load"
# Which checks there are; what each delivery's came to is in the register, and under which run they are told depends on
# which run came to make them.
_CHECKS = "select distinct source_code, mart, check_name from quality_result order by all"


def loaded(home: Home) -> State:
    """Return what became of every delivery: the register, and the files in inbox, archive, raw and rejected."""
    with Register(home.register) as register:
        deliveries = [
            # What was never opened is known by its place on the disk, and has no other id.
            {name: getattr(each, name) for name in _COLUMNS if name != "load_id" or each.sha256 != NO_BYTES}
            for each in register.deliveries()
        ]
        checks = [
            (c.load_id, c.table_name, c.check_name, c.passed, c.failed_rows, c.message) for c in register.checks()
        ]
    return {
        "deliveries": sorted(deliveries, key=lambda each: each["file_name"]),
        "checks": checks,
        **{place.name: dict(_files(place)) for place in (home.inbox, home.archive, home.raw, home.rejected)},
    }


def published(home: Home) -> State:
    """Return what readers see, and which releases there are; raises where a file is not the one that was published."""
    standing = current_release(home)
    assert standing is not None
    verify(home, standing)
    return {
        "content": content(home),
        "standing": standing.release_id,
        "releases": [(each.release_id, each.withdrawn, each.is_cleared) for each in releases(home)],
        "files": sorted(str(path.relative_to(home.published)) for path in home.published.rglob("*")),
        "load": query(home.current, f"{_LOAD} order by all").rows,
        "checks": query(home.current, _CHECKS).rows,
    }


def content(home: Home) -> str:
    """Return the checksum of everything that the published release says of the municipality."""
    folder = Path(tempfile.mkdtemp(dir=home.root))
    try:
        return dump(home.current, folder / "dump", Database())
    finally:
        shutil.rmtree(folder)


def differences(expected: State, found: State, path: str = "") -> list[str]:
    """Return a line for each place where two states are not the same."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            line
            for key in sorted({*expected, *found}, key=str)
            for line in differences(expected.get(key), found.get(key), f"{path}/{key}")
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            line
            for place, pair in enumerate(zip(expected, found, strict=True))
            for line in differences(*pair, f"{path}/{place}")
        ]
    if isinstance(expected, list) and isinstance(found, list):
        return [f"{path}: {each!r} is missing" for each in expected if each not in found] + [
            f"{path}: {each!r} is too much" for each in found if each not in expected
        ]
    return [] if expected == found else [f"{path}: {expected!r} -> {found!r}"]


def _files(place: Path) -> Iterator[tuple[str, str]]:
    """Yield every file below a folder, hidden ones too, with its checksum; of a sidecar without its time."""
    for path in sorted(place.rglob("*")):
        name = str(path.relative_to(place))
        if path.suffix == ".json" and not path.name.startswith("."):
            sidecar = json.loads(path.read_text(encoding="utf-8"))
            yield name, str({key: value for key, value in sidecar.items() if key not in _OF_A_RUN})
        elif path.is_file():
            yield name, sha256_of(path)
