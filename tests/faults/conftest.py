"""What the tests of faults share. The long ones, marked ``faults``, run where they are asked for: ``make faults``."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from orchestration.home import Home
from tests.deliveries import harmless_change
from tests.faults.night_processes import NEW_FILE, bokslut, checksum


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("BOKSLUT_FAULTS") == "1":
        return
    long = [item for item in items if item.get_closest_marker("faults")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def new_delivery(example_files: Path) -> bytes:
    """A ledger that makes a night build and publish anew."""
    return harmless_change(example_files)


@pytest.fixture(scope="session")
def waiting_home(published_home: Home, new_delivery: bytes, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a release and something new in its inbox. Copy, never change."""
    root = tmp_path_factory.mktemp("waiting") / "home"
    shutil.copytree(published_home.root, root, symlinks=True)
    (root / "inbox" / NEW_FILE).write_bytes(new_delivery)
    return Home(root)


@pytest.fixture
def home(waiting_home: Home, tmp_path: Path) -> Home:
    """A home with a release and something new in its inbox, that the test may change."""
    shutil.copytree(waiting_home.root, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def before(published_home: Home, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The checksum of what the release says that stands before the night."""
    return checksum(published_home, tmp_path_factory.mktemp("before") / "dump")


@pytest.fixture(scope="session")
def after(waiting_home: Home, before: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The checksum of what a night that nothing happens to publishes: what every other must come to."""
    root = tmp_path_factory.mktemp("clean")
    shutil.copytree(waiting_home.root, root / "home", symlinks=True)
    done = bokslut(Home(root / "home"), "run")
    assert done.returncode == 0, done.stdout + done.stderr
    found = checksum(Home(root / "home"), root / "dump")
    assert found != before
    return found
