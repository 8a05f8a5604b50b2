"""What a killed run left half done is cleared away, and nothing else; a release that nobody saw is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.home import Home
from orchestration.operation.leftovers import clear_leftovers
from orchestration.publishing.store import (
    being_published,
    current_release,
    folder,
    point_readers_at,
    releases,
    roll_back,
)
from tests.orchestration.small_releases import publish


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def lay(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    return path


def publishing_of(home: Home, release_id: str) -> str:
    """Publish a release and return the note that lay there meanwhile."""
    with being_published(home, release_id):
        publish(home, release_id)
        return (home.published / ".being_published").read_text()


def test_files_that_were_being_written_are_removed_and_whole_ones_stay(home: Home) -> None:
    half = [
        lay(home.archive / ".17-KS_2023.se.part"),
        lay(home.archive / "ab" / ".17-abc.json"),
        lay(home.raw / "budget__lines" / ".17-budget-1.parquet"),
        lay(home.reports / ".17-att_ratta_ekonomi.xlsx"),
    ]
    whole = [lay(home.raw / "budget__lines" / "budget-1.parquet"), lay(home.archive / "ab" / "abc"),
             lay(home.inbox / ".17-not_ours.csv")]  # fmt: skip

    cleared = clear_leftovers(home)

    assert cleared == sorted(str(path.relative_to(home.root)) for path in half)
    assert not any(path.exists() for path in half)
    assert all(path.exists() for path in whole)
    assert clear_leftovers(home) == []


def test_a_release_that_was_written_and_never_shown_is_none(home: Home) -> None:
    shown = publish(home, "2026-11-23-1")
    note = publishing_of(home, "2026-11-24-1")
    point_readers_at(home, shown.release_id)
    (home.published / ".being_published").write_text(note)

    assert [release.release_id for release in releases(home)] == ["2026-11-23-1"]
    assert clear_leftovers(home) == ["2026-11-24-1"]
    assert not folder(home, "2026-11-24-1").exists()
    assert not list(home.published.glob(".*"))
    assert current_release(home) == shown


def test_a_release_that_was_shown_stays_also_where_its_note_does(home: Home) -> None:
    publish(home, "2026-11-23-1")
    note = publishing_of(home, "2026-11-24-1")
    (home.published / ".being_published").write_text(note)

    roll_back(home, "2026-11-23-1")

    assert clear_leftovers(home) == []
    assert [(each.release_id, each.withdrawn) for each in releases(home)] == [
        ("2026-11-23-1", False),
        ("2026-11-24-1", True),
    ]
