"""The steps of a night that change what stays, each done alone, killed, and done again.

    inbox -> register and archive -> raw tables -> verdicts -> snapshot      on a few small files, good and bad
    build -> release -> readers                                              on the warehouse of a whole night

Belongs here: the steps, what each begins from, and comparing. Not here: how a process is killed (``killing``), the
whole job (``nights``).
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from orchestration.home import Home
from orchestration.keys import new_key
from orchestration.loading.arrival import judge_deliveries
from orchestration.loading.intake import take_inbox
from orchestration.loading.reading import read_deliveries
from orchestration.loading.snapshot import Build, freeze
from orchestration.operation.leftovers import clear_leftovers
from orchestration.publishing.audit import FILE as AUDIT
from orchestration.publishing.audit import PUBLISH, Audit
from orchestration.publishing.release import clear_old_builds, publish
from orchestration.publishing.retention import clear_old_releases
from orchestration.publishing.store import current_release, roll_back
from orchestration.settings import Database, Settings
from orchestration.settings_of_releases import Releases
from sources.register import Register
from sources.registry import SOURCES
from tests import deliveries as bad
from tests.faults import killing
from tests.faults.state import State, differences, loaded, published

_RUN, _NEXT = "the-run", "the-next-run"
_SETTINGS = Settings.model_validate({"inbox": {"settle_seconds": 0}})
_CORRECTION = """
- id: markinkop
  match: {table: project__nodes, node_code: "50101"}
  action: set
  set: {node_name: "Köp av mark"}
  expect: {rows: 1, node_name: "Markinköp"}
  reason: Heter så i beslutet
  reported_to: controller
  reported_on: 2024-01-25
  status: reported
"""
RELEASES = ("2026-01-01-1", "2026-01-02-1", "2026-01-03-1")
# Of three releases the oldest is cleared.
_FEW = Releases(kept_days=1, kept_months=1)


def intake(root: Path, run_id: str = _RUN) -> None:
    """Take what lies in the inbox."""
    home = Home(root)
    clear_leftovers(home)
    with Register(home.register) as register:
        take_inbox(home, _SETTINGS, register, run_id)


def reading(root: Path) -> None:
    """Read what was taken into raw tables."""
    home = Home(root)
    with Register(home.register) as register:
        for source in SOURCES:
            read_deliveries(home, _SETTINGS, register, source)


def judging(root: Path, run_id: str = _RUN) -> None:
    """Judge what was read."""
    home = Home(root)
    with Register(home.register) as register:
        for source in SOURCES:
            judge_deliveries(home, _SETTINGS, register, source, run_id)


def freezing(root: Path, run_id: str = _RUN) -> None:
    """Freeze what holds."""
    home = Home(root)
    with Register(home.register) as register:
        freeze(home, _SETTINGS, register, run_id)


def loading(root: Path) -> None:
    """All of that: what the next night does after one that was killed."""
    intake(root, _NEXT)
    reading(root)
    judging(root, _NEXT)
    freezing(root, _NEXT)


def publishing(root: Path) -> None:
    """Publish a build that was audited, and clear away what no longer serves."""
    home = Home(root)
    clear_leftovers(home)
    build = Build.of(home, _RUN)
    audit = Audit.load(build)
    standing = current_release(home)
    # As the audit sees to: the same content is not published twice.
    if standing is None or standing.content != audit.release.content:
        publish(home, build, audit, Database())
    clear_old_builds(home, keep=1)
    clear_old_releases(home, _FEW)


def rolling_back(root: Path) -> None:
    """Let the release before the standing one hold again."""
    clear_leftovers(Home(root))
    roll_back(Home(root), RELEASES[1])


@dataclass(frozen=True)
class Step:
    """One step: what it begins from (a folder), what it does, what the next night does, and what must be the same.

    ``standing`` are the releases that readers may see after a kill; none where nothing is published yet.
    """

    name: str
    base: Path
    work: Callable[[Path], None]
    again: Callable[[Path], None]
    state: Callable[[Home], State]
    standing: tuple[str, ...] = ()


def steps(files: Path, home_of_a_night: Home, folder: Path) -> list[Step]:
    """Make what each step begins from below ``folder`` and return the steps; the two given are not changed."""
    bases = {name: folder / name for name in ("inbox", "taken", "read", "judged", "corrected", "audited", "published")}
    _fill_inbox(Home(bases["inbox"]).create(), files)
    for before, work, after in (
        ("inbox", intake, "taken"),
        ("taken", reading, "read"),
        ("read", judging, "judged"),
    ):
        copy(bases[before], bases[after])
        killing.whole(work, bases[after])
    copy(bases["judged"], bases["corrected"])
    corrections = Home(bases["corrected"]).corrections
    corrections.mkdir()
    (corrections / "project.yml").write_text(_CORRECTION, encoding="utf-8")
    _audited(home_of_a_night, bases["audited"])
    copy(bases["audited"], bases["published"])
    killing.whole(publishing, bases["published"])
    return [
        Step("ta emot: register och arkiv", bases["inbox"], intake, loading, loaded),
        Step("läsa: råtabeller", bases["taken"], reading, loading, loaded),
        Step("pröva: utslag och karantän", bases["read"], judging, loading, loaded),
        Step("läsa om: en rättelse", bases["corrected"], reading, loading, loaded),
        Step("frysa: ögonblicksbild", bases["judged"], freezing, loading, _frozen),
        Step("publicera och rensa", bases["audited"], publishing, publishing, published, RELEASES[1:]),
        Step("rulla tillbaka", bases["published"], rolling_back, rolling_back, published, RELEASES[1:]),
    ]


@dataclass(frozen=True)
class Kill:
    """One kill and what came of it: ``lost`` has a line for each difference from what a clean run leaves."""

    step: str
    place: str
    lost: list[str]


def kills(step: Step, folder: Path, *, changes: int, moments: int, seed: int) -> Iterator[Kill]:
    """Kill a step before at most ``changes`` of its changes, evenly chosen, and at ``moments`` random moments.

    After each kill readers must find a whole release, and the next night must leave what a clean one leaves.
    """
    clean = folder / "clean"
    copy(step.base, clean)
    count, seconds = killing.whole(step.work, clean)
    if step.again is not step.work:
        killing.whole(step.again, clean)
    expected = step.state(Home(clean))
    chosen = random.Random(seed)
    numbers = sorted(chosen.sample(range(1, count + 1), min(changes, count)))
    tried: list[tuple[str, Callable[[Path], bool]]] = [
        (f"före ändring {number} av {count}", lambda root, at=number: killing.before_change(step.work, root, at))
        for number in numbers
    ]
    for _ in range(moments):
        at = chosen.uniform(0, seconds)
        tried.append((f"efter {at:.3f} s", lambda root, at=at: killing.at_moment(step.work, root, at)))
    for place, kill in tried:
        root = folder / "killed"
        copy(step.base, root)
        kill(root)
        lost = _seen_by_readers(step, Home(root))
        killing.whole(step.again, root)
        yield Kill(step.name, place, lost + differences(expected, step.state(Home(root))))
        remove(root)
    remove(clean)


def _seen_by_readers(step: Step, home: Home) -> list[str]:
    if not step.standing:
        return []
    seen = published(home)["standing"]
    return [] if seen in step.standing else [f"readers see {seen}"]


def _frozen(home: Home) -> State:
    raw = Build.of(home, _NEXT).raw
    tables = {str(path.relative_to(raw)): path.stat().st_size for path in sorted(raw.rglob("*")) if path.is_file()}
    return loaded(home) | {"snapshot": tables}


def _fill_inbox(home: Home, files: Path) -> None:
    """Lay files that are loaded, quarantined in part, rejected, unclaimed, twice the same, and rivals of each other."""
    new_key(home)
    rows = bad.budget_rows(files)
    rival = [*rows[:-1], [*rows[-1][:-1], "x"]]
    for name, data in {
        "organisation.csv": (files / "organisation.csv").read_bytes(),
        "KS_2023.se": bad.small(files),
        "avklippt.se": bad.truncated(files)[:200_000],
        "budget_2022.csv": (files / "budget_2022.csv").read_bytes(),
        "budget_2022_rival.csv": bad.budget_csv(rival).encode("utf-8"),
        "kopia_av_budget_2022.csv": (files / "budget_2022.csv").read_bytes(),
        "projektregister.csv": (files / "projektregister.csv").read_bytes(),
        "personalsystem_anstallningar.csv": (files / "personalsystem_anstallningar.csv").read_bytes(),
        "insikt_2023-04-25.csv": (files / "insikt_2023-04-25.csv").read_bytes(),
        "lunch.pdf": b"x",
    }.items():
        (home.inbox / name).write_bytes(data)
    (home.inbox / "lank.csv").symlink_to("/etc/hostname")


def _audited(night: Home, root: Path) -> None:
    """Make a home where two releases are published, and a build of other content that may be published."""
    copy(night.root, root)
    remove(root / "published")
    home = Home(root).create()
    build = Build.of(home, _RUN)
    next(path for path in home.builds.iterdir() if (path / AUDIT).exists()).rename(build.folder)
    audit = Audit.load(build)
    for release_id in RELEASES:
        standing = current_release(home)
        release = replace(
            audit.release,
            release_id=release_id,
            published_at=f"{release_id[:10]}T02:15:00",
            content=f"content of {release_id}",
            compared_with=standing.release_id if standing else "",
        )
        replace(audit, verdict=PUBLISH, release=release).save(build)
        if release_id != RELEASES[-1]:
            publish(home, build, Audit.load(build), Database())
    (home.builds / "old").mkdir()
    os.utime(home.builds / "old", (0, 0))


def copy(origin: Path, target: Path) -> None:
    """Copy a home, its links as links."""
    remove(target)
    shutil.copytree(origin, target, symlinks=True)


def remove(root: Path) -> None:
    """Remove a folder, releases that nobody may write included."""
    for path in root.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o750)
    shutil.rmtree(root, ignore_errors=True)
