"""The example municipality's own release: its printed tables are whole, and no small group is worked out from them."""

from __future__ import annotations

import duckdb
import pytest
from attackers import Knowledge, all_groups, shown_groups, subtract

from orchestration.home import Home
from tests.staff_models import Built


@pytest.fixture
def built(published_home: Home) -> Built:
    """The warehouse that the release was made from."""
    [warehouse] = published_home.builds.glob("*/warehouse.duckdb")
    connection = duckdb.connect()
    connection.execute(f"attach '{warehouse}' as warehouse (read_only); use warehouse")
    return Built(connection)


def test_the_printed_groups_are_shown(built: Built) -> None:
    shown = shown_groups(built)
    for year in (2022, 2023):
        for dimension, groups in (("sex", ("women", "men")), ("age", ("under_30", "30_49", "50_and_over"))):
            assert {("KS", year, dimension, group) for group in groups} <= shown
        assert ("KS", year, "board", "total") in shown


def test_no_small_group_of_the_example_is_worked_out(built: Built) -> None:
    small, shown = set(all_groups(built, "is_small")), shown_groups(built)
    assert {group[2] for group in small} >= {"unit"}
    assert not small & (shown | subtract(all_groups(built), shown))
    assert min(width for _, width in Knowledge.of(built, shown).intervals(small)) >= 1 - 1e-6
    assert max(width for _, width in Knowledge.of(built, set(all_groups(built))).intervals(small)) < 1e-3
