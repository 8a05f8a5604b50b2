"""What is installed is what was locked; what is known to be vulnerable is told; a night needs no network."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from orchestration.home import Home
from orchestration.publishing.store import current_release
from tests import deliveries as bad
from tests.supply_chain import unreachable, verdict

ROOT = Path(__file__).parents[2]
#: Notes every attempt to find or reach another machine, in every process of the run; a socket of this machine is none.
GUARD = """
import os, sys

def note(event, given):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        if not (event == "socket.connect" and isinstance(given[1], (str, bytes))):
            with open(os.environ["GUARD_NOTES"], "a") as notes:
                notes.write(f"{event} {given}\\n")

sys.addaudithook(note)
"""


def test_every_locked_package_has_a_hash_and_comes_from_the_index() -> None:
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    others = [each for each in packages if each["name"] != "bokslut"]
    assert len(others) > 100
    for each in others:
        assert set(each["source"]) == {"registry"}, each["name"]
        files = [*each.get("wheels", []), *([each["sdist"]] if "sdist" in each else [])]
        assert files, each["name"]
        assert all(file["hash"].startswith("sha256:") for file in files), each["name"]


def test_what_is_installed_is_what_is_locked() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "sync --frozen" in makefile
    assert "tests.supply_chain" in makefile


def test_a_known_vulnerability_is_told_and_fails() -> None:
    found = {"id": "PYSEC-1", "fix_versions": ["1.1"]}
    answer = {"dependencies": [{"name": "a", "version": "1.0", "vulns": [found]}, {"name": "b", "skip_reason": "x"}]}
    lines, code = verdict(answer)
    assert code == 1
    assert lines[0] == "a 1.0: PYSEC-1, rättat i 1.1"
    assert "1 av 2 paket prövade" in lines[1]


def test_all_well_says_how_many_were_judged() -> None:
    assert verdict({"dependencies": [{"name": "a", "version": "1.0", "vulns": []}]}) == (
        ["pip-audit: 1 av 1 paket prövade, 0 kända sårbarheter"],
        0,
    )


@pytest.mark.parametrize(
    "answer", [{"dependencies": [{"name": "a", "skip_reason": "not found"}]}, {"dependencies": []}]
)
def test_an_audit_without_data_is_no_pass(answer: dict[str, list[dict[str, str]]]) -> None:
    lines, _ = verdict(answer)
    assert "inget är prövat" in lines[0]
    assert "inget är prövat" in unreachable("")[0][0]


def run(home: Home, folder: Path, *before: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run the job, noting what it asks of the network; return how it ended and the notes."""
    (folder / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    notes = folder / "notes.txt"
    notes.touch()
    given = {"BOKSLUT_HOME": str(home.root), "PYTHONPATH": str(folder), "GUARD_NOTES": str(notes)}
    done = subprocess.run(
        [*before, str(Path(sys.executable).with_name("bokslut")), "run"],
        env=os.environ | given, cwd=folder, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    return done, notes.read_text(encoding="utf-8")


def without_network() -> list[str]:
    """Return what to put before a command to give it no network at all; nothing where this user may not."""
    before = ["unshare", "--user", "--map-root-user", "--net"]
    try:
        allowed = subprocess.run([*before, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        allowed = False
    return before if allowed else []


def test_a_whole_night_asks_nothing_of_the_network_and_needs_none(
    home_after_a_night: Home, example_files: Path, tmp_path: Path
) -> None:
    before = current_release(home_after_a_night)
    (home_after_a_night.inbox / "KS_2023_ny.se").write_bytes(bad.unbalanced(example_files))

    # Where no network can be taken away the guard alone is what tells.
    done, notes = run(home_after_a_night, tmp_path, *without_network())

    assert done.returncode == 0, done.stdout + done.stderr
    assert notes == ""
    assert current_release(home_after_a_night) != before


def test_the_guard_sees_an_attempt(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    notes = tmp_path / "notes.txt"
    code = "import socket; socket.create_connection(('127.0.0.1', 9), timeout=1)"
    subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(tmp_path), "GUARD_NOTES": str(notes)}, capture_output=True, check=False,
    )  # fmt: skip
    assert "socket.getaddrinfo" in notes.read_text(encoding="utf-8")
