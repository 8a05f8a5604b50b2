"""Fixtures that many tests share: the example municipality's files, and a home where a night has been run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestration.home import Home

if TYPE_CHECKING:
    from tests.staff_models import Models


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the developer's home or configuration."""
    for name in ("BOKSLUT_HOME", "BOKSLUT_CONFIG", "BOKSLUT_PSEUDONYM_KEY_FILE", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def example_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example municipality's deliveries, written once. Copy, never change."""
    from sources.example import write_example

    folder = tmp_path_factory.mktemp("example")
    write_example(folder)
    return folder


@pytest.fixture(scope="session")
def published_home(example_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home after its first night. Copy, never change: see ``home_after_a_night``."""
    from orchestration.keys import new_key
    from orchestration.night import run_night

    home = Home(tmp_path_factory.mktemp("home")).create()
    new_key(home)
    for file in example_files.iterdir():
        shutil.copy2(file, home.inbox)
    patch = pytest.MonkeyPatch()
    patch.setenv("BOKSLUT_HOME", str(home.root))
    try:
        night = run_night(home, lambda _: None)
    finally:
        patch.undo()
    assert night.succeeded, night.errors
    return home


@pytest.fixture
def home_after_a_night(published_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of the published home that the test may change; the environment points at it."""
    root = tmp_path / "home"
    shutil.copytree(published_home.root, root, symlinks=True)
    monkeypatch.setenv("BOKSLUT_HOME", str(root))
    return Home(root)


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A fresh home, with a key, that the environment points at."""
    from orchestration.keys import new_key

    monkeypatch.setenv("BOKSLUT_HOME", str(tmp_path / "home"))
    home = Home(tmp_path / "home").create()
    new_key(home)
    return home


@pytest.fixture
def deliver(request: pytest.FixtureRequest) -> Callable[[Home, str, bytes], Path]:
    """Put bytes into a home's inbox under a name."""

    def put(home: Home, name: str, data: bytes) -> Path:
        path = home.inbox / name
        path.write_bytes(data)
        return path

    return put


@pytest.fixture(scope="session")
def staff_models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """The models of staff, compiled once; see ``tests.staff_models``."""
    from tests.staff_models import compile_models

    return compile_models(tmp_path_factory.mktemp("target"))
