"""What a release has hidden stays hidden in every later night, whatever became of the release."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.home import Home
from orchestration.publishing.mask import COLUMNS, MASK, released_mask
from orchestration.publishing.store import Release, ReleaseError, folder, write_manifest

GROUPS = ("board_code", "year", "dimension", "group_code")


def publish(home: Home, release_id: str, *rows: tuple[str, int, str, str, bool], withdrawn: bool = False) -> Path:
    """Write a release that hides the groups of the rows whose last value is true; without rows it has no mask."""
    path = folder(home, release_id)
    (path / "parquet").mkdir(parents=True)
    marts = {MASK: len(rows)} if rows else {}
    names = ("run_id", "git_sha", "data_from", "data_to", "content", "sha256")
    release = Release(
        release_id=release_id,
        published_at=f"{release_id}T04:00:00",
        checks_passed=1,
        checks_warned=0,
        marts=marts,
        withdrawn=withdrawn,
        **dict.fromkeys(names, ""),
    )
    write_manifest(path, release)
    mask = path / "parquet" / f"{MASK}.parquet"
    if rows:
        table = pa.Table.from_pylist([dict(zip((*GROUPS, "is_suppressed"), row, strict=True)) for row in rows])
        pq.write_table(table, mask)
    return mask


def test_before_the_first_release_nothing_is_hidden(tmp_path: Path) -> None:
    assert released_mask(Home(tmp_path)) == []
    assert [name for name, _ in COLUMNS] == list(GROUPS)


def test_every_release_counts_also_one_withdrawn_and_one_before_a_night_without_staff(tmp_path: Path) -> None:
    home = Home(tmp_path)
    publish(home, "2024-01-01", ("KS", 2023, "unit", "12200", True), ("KS", 2023, "unit", "11000", False))
    publish(home, "2024-01-02", ("KS", 2023, "sex", "men", True), withdrawn=True)
    publish(home, "2024-01-03")
    publish(home, "2024-01-04", ("KS", 2023, "unit", "12200", True), ("KS", 2022, "age", "under_30", True))

    assert [tuple(row.values()) for row in released_mask(home)] == [
        ("KS", 2022, "age", "under_30"),
        ("KS", 2023, "sex", "men"),
        ("KS", 2023, "unit", "12200"),
    ]


def test_a_release_that_has_lost_its_mask_stops_the_night(tmp_path: Path) -> None:
    home = Home(tmp_path)
    publish(home, "2024-01-01", ("KS", 2023, "unit", "12200", True)).unlink()
    with pytest.raises(ReleaseError, match=r"2024-01-01 saknar filen .* Återställ den"):
        released_mask(home)
