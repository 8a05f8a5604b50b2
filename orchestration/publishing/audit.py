"""Decide whether a build may be published, and write down what was checked.

Belongs here: comparing with the release that stands, the rules on published marts, the rows of ``quality_result`` and
``release``. Not here: writing the release (``exports``) or running dbt.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from orchestration.beside import begin, done, is_beside
from orchestration.clock import after, set_back
from orchestration.database import connect
from orchestration.disk import write_whole
from orchestration.home import Home
from orchestration.loading.snapshot import CHECK_RESULT, RELEASE, Build, write_rows
from orchestration.publishing import compare
from orchestration.publishing.closing import changes_in_closed, changes_in_reopened
from orchestration.publishing.mart_rows import MartRows
from orchestration.publishing.store import DATABASE, DIFF, Release, current_release, folder, releases
from orchestration.publishing.timeliness import Timing
from orchestration.reuse import BUILT, load_results
from orchestration.settings import Database, Settings
from sources.register import CheckRow

FILE = "audit.json"

PUBLISH, UNCHANGED, WITHDRAWN, BLOCKED = "publish", "unchanged", "withdrawn", "blocked"


@dataclass(frozen=True, slots=True)
class Audit:
    """What the audit of a build came to.

    ``verdict`` is ``publish``, ``unchanged`` (the standing release says the same), ``withdrawn`` (a release that was
    rolled back said the same) or ``blocked``. ``reasons`` are Swedish, ``differences`` and ``warnings`` too;
    ``clock`` is that of the warnings which tells that the clock has gone back, if it has.
    """

    verdict: str
    release: Release
    reasons: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    clock: str = ""

    def save(self, build: Build) -> None:
        """Keep the audit in the build's folder, for the steps after it and for people."""
        write_whole(build.folder / FILE, json.dumps(asdict(self), ensure_ascii=False, indent=2))

    @classmethod
    def load(cls, build: Build) -> Audit:
        """Read a build's audit."""
        values = json.loads((build.folder / FILE).read_text(encoding="utf-8"))
        return cls(**{**values, "release": Release(**values["release"])})


# Suites of published marts that have begun before the audit, by run.
_begun: dict[str, Callable[[], list[dict[str, Any]]]] = {}


def begin_published_checks(build: Build, run_id: str, limits: Database) -> None:
    """Begin to check the marts of a build that is just made, where that is done beside."""
    if is_beside():
        _begun[run_id] = begin(_published_rows, build, run_id, limits)


def audit_build(
    home: Home,
    build: Build,
    run_id: str,
    arrival_checks: list[CheckRow],
    settings: Settings,
    timings: Sequence[Timing] = (),
) -> Audit:
    """Audit a finished build, write its ``checks__results`` and ``releases__release``, and return the audit.

    What differs from the standing release is written in full to ``diff.json`` beside it, for the release to keep. A
    source that is too late stops also a night that has nothing to publish: somebody is to know.
    """
    clock_at = datetime.now(UTC).replace(microsecond=0)
    now = clock_at.replace(tzinfo=None)
    begun = _begun.pop(run_id, None)
    # Also where the answer is not asked for: who checks holds the file that the closing models are to be written in.
    published = begun() if begun else None
    marts, data_from, data_to = _read(build, settings.database)
    standing = current_release(home)
    checks = [*_arrival_rows(arrival_checks), *dbt_rows(build, run_id), *_failed_since(home, standing, run_id)]
    checks += [timing.row(run_id) for timing in timings]
    content = compare.fingerprint(marts)
    differences: list[str] = []
    verdict, reasons = _verdict_by_content(home, standing, content)
    if verdict == PUBLISH:
        if published is None:
            published = done(_published_rows, build, run_id, settings.database)
        checks += published
        reasons = _broken_rules(published)
        if standing:
            stops, differences = _against(standing, home, build, marts, settings, now.date())
            reasons += stops
        verdict = BLOCKED if reasons else PUBLISH
    if late := [timing.message for timing in timings if timing.stops]:
        reasons, verdict = [*late, *(reasons if verdict == BLOCKED else [])], BLOCKED
    release = Release(
        release_id=_next_id(home, now.date()),
        published_at=after(now, _newest(home)).isoformat(),
        run_id=run_id,
        git_sha=_git_sha(),
        data_from=data_from.isoformat(),
        data_to=data_to.isoformat(),
        checks_passed=sum(row["passed"] for row in checks),
        checks_warned=sum(not row["passed"] for row in checks),
        content=content,
        sha256="",
        differences=differences,
        compared_with=standing.release_id if standing else "",
    )
    clock = set_back(home, clock_at)
    warnings = [*([clock] if clock else []), *(each.message for each in timings if each.message and not each.stops)]
    audit = Audit(verdict, release, reasons, differences, checks, warnings, clock)
    _write(home, build, audit)
    return audit


def _write(home: Home, build: Build, audit: Audit) -> None:
    """Write what the closing models and the release are made from."""
    write_rows(build, "checks__results", audit.checks, CHECK_RESULT)
    write_rows(build, "releases__release", [_release_row(r) for r in [*releases(home), audit.release]], RELEASE)
    audit.save(build)


def _broken_rules(published: list[dict[str, Any]]) -> list[str]:
    return [
        f"{row['mart']}: {row['description']} ({row['failed_rows']} av {row['total_rows']} rader)"
        for row in published
        if row["severity"] == "critical" and not row["passed"]
    ]


def _against(
    standing: Release, home: Home, build: Build, marts: dict[str, compare.MartContent], settings: Settings, day: date
) -> tuple[list[str], list[str]]:
    """Return what of the differences from the standing release stops this one, and what of them is told."""
    before = folder(home, standing.release_id) / DATABASE
    found = compare.differences(before, build.warehouse, build.spill, settings.database, marts)
    write_whole(build.folder / DIFF, found.as_json())
    stops = [*found.losses, *changes_in_closed(found.totals, settings.closing, day)]
    return stops, [*found.lines, *changes_in_reopened(found.totals, settings.closing, day)]


def _verdict_by_content(home: Home, standing: Release | None, content: str) -> tuple[str, list[str]]:
    if standing and standing.content == content:
        return UNCHANGED, [f"Innehållet är detsamma som i {standing.release_id}."]
    if withdrawn := next((r for r in releases(home) if r.withdrawn and r.content == content), None):
        anyway = f", eller kör `bokslut rollback {withdrawn.release_id}` om den ändå ska gälla"
        return WITHDRAWN, [
            f"Innehållet är detsamma som i {withdrawn.release_id}, som är tillbakadragen. "
            f"Lägg en rättad leverans i inkorgen{'' if withdrawn.is_cleared else anyway}."
        ]
    return PUBLISH, []


def _read(build: Build, limits: Database) -> tuple[dict[str, compare.MartContent], date, date]:
    with connect(limits, build.spill, build.warehouse, read_only=True) as connection:
        span = connection.execute("select min(voucher_date), max(voucher_date) from marts.ledger_entry").fetchone()
        assert span is not None
        if span[0] is None:
            raise ValueError("the ledger is empty: the blocking checks should have stopped this run")
        return compare.contents(connection, build.warehouse.stem), span[0], span[1]


def _arrival_rows(stored: list[CheckRow]) -> list[dict[str, Any]]:
    """Return the arrival results as rows of ``quality_result``, added up over what one run judged of one source."""
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for check in stored:
        row = rows.setdefault(
            (check.run_id, check.source_code, check.check_name),
            {
                "run_id": check.run_id,
                "source_code": check.source_code,
                "mart": None,
                "check_name": check.check_name,
                "severity": check.severity,
                "passed": True,
                "failed_rows": 0,
                "total_rows": 0,
                "who_fixes": check.who_fixes,
                "description": check.description,
            },
        )
        row["passed"] = row["passed"] and check.passed
        row["failed_rows"] += check.failed_rows
        row["total_rows"] += check.total_rows
    return list(rows.values())


def dbt_rows(build: Build, run_id: str) -> list[dict[str, Any]]:
    """Return every dbt test of the build as a row of ``quality_result``."""
    from orchestration.warehouse import manifest_json

    nodes = manifest_json()["nodes"]
    rows = []
    for result in load_results(build, BUILT):
        node = nodes.get(result.unique_id, {})
        if node.get("resource_type") != "test" or result.status == "skipped":
            continue
        attached = nodes.get(node.get("attached_node") or "", {})
        rows.append(
            {
                "run_id": run_id,
                "source_code": None,
                "mart": attached.get("name") or node["name"],
                "check_name": node["name"],
                "severity": "critical" if node["config"]["severity"].lower() == "error" else "warning",
                "passed": result.status == "pass",
                "failed_rows": result.failures,
                "total_rows": None,
                "who_fixes": (node["config"].get("meta") or {}).get("who_fixes", "drift"),
                "description": node.get("description") or node["name"],
            }
        )
    return rows


def _failed_since(home: Home, standing: Release | None, run_id: str) -> list[dict[str, Any]]:
    """Return what failed in builds since the standing release: those runs published nothing that could tell of it."""
    published = {release.run_id for release in releases(home)}
    # By the clock that the builds were written by, not by the order of the releases.
    since = (folder(home, standing.release_id) / DATABASE).stat().st_mtime if standing else 0.0
    rows: list[dict[str, Any]] = []
    for results in sorted(home.builds.glob(f"*/{BUILT}")):
        build = Build(results.parent)
        if build.folder.name in (run_id, *published) or results.stat().st_mtime < since:
            continue
        found = Audit.load(build).checks if (build.folder / FILE).exists() else dbt_rows(build, build.folder.name)
        # What arrival checks found is kept in the register of deliveries, and comes from there.
        rows += [row for row in found if not row["passed"] and row["source_code"] is None]
    return rows


def _published_rows(build: Build, run_id: str, limits: Database) -> list[dict[str, Any]]:
    """Run the suites of the published marts and return their outcomes as rows of ``quality_result``."""
    from expectations.publication import check_mart, suites

    with connect(limits, build.spill, build.warehouse, read_only=True) as connection:
        outcomes = [outcome for mart in suites() for outcome in check_mart(mart, MartRows(connection, mart))]
    return [
        {
            "run_id": run_id,
            "source_code": None,
            "mart": outcome.table,
            "check_name": outcome.name,
            "severity": outcome.severity,
            "passed": outcome.passed,
            "failed_rows": outcome.failed_rows,
            "total_rows": outcome.total_rows,
            "who_fixes": outcome.who_fixes,
            "description": outcome.description,
        }
        for outcome in outcomes
    ]


def _newest(home: Home) -> datetime | None:
    """Return when the newest release was published, whatever the clock says now: none is ever older than it."""
    return max((datetime.fromisoformat(release.published_at) for release in releases(home)), default=None)


def _next_id(home: Home, day: date) -> str:
    """Return the first free id of the day, ``2026-11-23-1``; folders count, so that no id is ever used twice."""
    number = 1
    while folder(home, f"{day}-{number}").exists():
        number += 1
    return f"{day}-{number}"


def _release_row(release: Release) -> dict[str, Any]:
    return release.row() | {
        "published_at": datetime.fromisoformat(release.published_at),
        "data_from": date.fromisoformat(release.data_from),
        "data_to": date.fromisoformat(release.data_to),
    }


def _git_sha() -> str:
    """Return the commit that the code is of, or ``unknown`` where it was installed without its history."""
    found = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"
