"""A fetch that is killed, wherever it is, loses nothing and repeats nothing."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sources.indicators.kolada_client import KoladaClient
from sources.indicators.kolada_fetch import Plan, fetch
from tests.kolada_server import Kolada, changed, serving, small_kolada

DAY = date(2024, 1, 15)
PLAN = Plan(("U07453", "N00671"), ("1489", "0180"), None, 2021, 2023)
# Titles, municipalities on two pages, and two KPIs on two pages each.
PAGES = 1 + 2 + 2 * 2
_CHILD = """
import sys
from datetime import date
from pathlib import Path
from sources.indicators.kolada_client import KoladaClient
from sources.indicators.kolada_fetch import Plan, fetch

root, url = Path(sys.argv[1]), sys.argv[2]
plan = Plan(("U07453", "N00671"), ("1489", "0180"), None, 2021, 2023)
with KoladaClient(url, pause_seconds=0) as client:
    fetch(plan, client, root / "kolada", root / "inbox", date(2024, 1, 15), lambda _: None)
"""


class Killed(BaseException):
    """Stands for the end of the process: nothing in a fetch may catch it."""


def run(root: Path, kolada: Kolada, plan: Plan = PLAN) -> None:
    with KoladaClient(kolada.url, pause_seconds=0) as client:
        fetch(plan, client, root / "kolada", root / "inbox", DAY, lambda _: None)


def delivered(root: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (root / "inbox").iterdir()}


def place(root: Path) -> Path:
    (root / "inbox").mkdir(parents=True)
    return root


def test_a_death_before_any_step_on_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, pages = replace(PLAN, kpis=("U07453",)), PAGES - 2
    with serving(small_kolada()) as kolada:
        clean = place(tmp_path / "clean")
        steps = _counted(monkeypatch, dies_at=None)
        run(clean, kolada, plan)
        count = steps["taken"]
        monkeypatch.undo()
        for dies_at in range(1, count + 1):
            kolada.asked.clear()
            root = place(tmp_path / str(dies_at))
            _counted(monkeypatch, dies_at=dies_at)
            with pytest.raises(Killed):
                run(root, kolada, plan)
            before = delivered(root)
            monkeypatch.undo()
            run(root, kolada, plan)
            assert delivered(root) == delivered(clean), dies_at
            assert before.items() <= delivered(clean).items()
            # Only the page that had been answered and not yet kept is asked for again.
            assert len(kolada.asked) <= pages + 1
            assert not (root / "kolada" / "ready").exists()
            shutil.rmtree(root)
    assert count > 2 * pages


def _counted(monkeypatch: pytest.MonkeyPatch, *, dies_at: int | None) -> Counter[str]:
    """Count the steps that change what is on disk, and die before one of them."""
    steps: Counter[str] = Counter()

    def counting(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **named: Any) -> Any:
            steps["taken"] += 1
            if steps["taken"] == dies_at:
                raise Killed
            return real(*args, **named)

        return step

    for name in ("replace", "rename", "unlink", "mkdir"):
        monkeypatch.setattr(pathlib.Path, name, counting(getattr(pathlib.Path, name)))
    monkeypatch.setattr(shutil, "rmtree", counting(shutil.rmtree))
    return steps


def test_a_fetch_killed_again_and_again_comes_to_what_a_clean_one_does(tmp_path: Path) -> None:
    child: list[subprocess.Popen[bytes]] = []

    def kill(_: dict[str, Any]) -> None:
        os.kill(child[0].pid, signal.SIGKILL)
        child[0].wait()

    with serving(small_kolada()) as kolada:
        clean = place(tmp_path / "clean")
        run(clean, kolada)
        kolada.asked.clear()
        root = place(tmp_path / "killed")
        for answered in (2, 0, 3):
            kolada.faults = [None] * answered + [changed(kill)]
            child[:] = [_started(root, kolada)]
            assert child[0].wait(timeout=30) == -signal.SIGKILL
            assert delivered(root) == {}
        kolada.faults = []
        last = _started(root, kolada)
        assert last.wait(timeout=30) == 0
    assert delivered(root) == delivered(clean)
    assert len(kolada.asked) == PAGES + 3
    assert max(Counter(kolada.asked).values()) <= 3


def _started(root: Path, kolada: Kolada) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _CHILD, str(root), kolada.url])
