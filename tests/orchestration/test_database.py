"""DuckDB keeps within its limits wherever it meets a whole ledger, and what it reads a batch at a time is the table."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

import orchestration
from orchestration import database, warehouse
from orchestration.database import connect, threads
from orchestration.publishing.mart_rows import MartRows
from orchestration.settings import Database

PROFILES = warehouse.PROJECT / "profiles.yml"
SMALL = Database(memory_limit="32MB", threads=1)


def test_a_connection_has_the_limits_it_is_given(tmp_path: Path) -> None:
    with connect(SMALL, tmp_path / "spill") as connection:
        found = connection.execute(
            "select current_setting('memory_limit'), current_setting('threads'), current_setting('temp_directory')"
        ).fetchall()
    assert found == [("30.5 MiB", 1, str(tmp_path / "spill"))]


def test_no_more_threads_than_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database.os, "cpu_count", lambda: 2)
    assert [threads(Database(threads=number)) for number in (1, 2, 64)] == [1, 2, 2]


def test_what_does_not_fit_goes_to_disk_and_is_cleared_away(tmp_path: Path) -> None:
    spill, file = tmp_path / "spill", tmp_path / "w.duckdb"
    with connect(SMALL, spill, file) as connection:
        connection.execute(
            "create table t as select row_no, md5(row_no::varchar) || md5((row_no + 1)::varchar) as text "
            "from range(600_000) as rows (row_no) order by text"
        )
        assert any(spill.iterdir())
        assert connection.execute("select count(*), count(distinct row_no) from t").fetchall() == [(600_000, 600_000)]
    assert not spill.exists() or not any(spill.iterdir())


def test_every_connection_over_whole_marts_is_limited() -> None:
    package = Path(orchestration.__file__).parent
    unlimited = [
        str(path.relative_to(package)) for path in package.rglob("*.py") if "duckdb.connect(" in path.read_text("utf-8")
    ]
    # These count rows, read small marts, or answer one person's own question.
    assert sorted(unlimited) == ["database.py", "node_metadata.py", "query.py", "statement.py"]


def test_dbt_has_the_limits_too() -> None:
    asked = set(re.findall(r"env_var\('(BOKSLUT_\w+)'", PROFILES.read_text(encoding="utf-8")))
    given = set(re.findall(r"(BOKSLUT_\w+)=", Path(warehouse.__file__).read_text(encoding="utf-8")))
    assert asked == {"BOKSLUT_BUILD", "BOKSLUT_SPILL", "BOKSLUT_MEMORY_LIMIT", "BOKSLUT_THREADS"}
    assert asked <= given


@pytest.fixture
def mart(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """A file with marts `numbers` (5 rows, in an order of their own) and `nothing`."""
    with duckdb.connect(str(tmp_path / "b.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.numbers as from (values (3, 'c'), (1, 'a'), (5, 'e'), (2, 'b'), (4, 'd')) t(n, s)"
        )
        connection.execute("create table marts.nothing as select 1 as n, 'x' as s where false")
    return connect(SMALL, tmp_path / "spill", tmp_path / "b.duckdb", read_only=True)


@pytest.mark.parametrize("size", [1, 2, 5, 9])
def test_a_mart_is_read_in_its_order_as_often_as_asked(mart: duckdb.DuckDBPyConnection, size: int) -> None:
    rows = MartRows(mart, "numbers")
    assert (rows.num_rows, rows.schema.names) == (5, ["n", "s"])
    for _ in range(2):
        batches = list(rows.batches(size))
        assert all(batch.num_rows <= size for batch in batches)
        assert pa.concat_tables(batches).to_pydict() == {"n": [3, 1, 5, 2, 4], "s": ["c", "a", "e", "b", "d"]}


def test_a_mart_can_be_read_in_part_and_may_be_empty(mart: duckdb.DuckDBPyConnection) -> None:
    assert [batch.to_pydict() for batch in MartRows(mart, "numbers").batches(9, {"s"})] == [
        {"s": ["c", "a", "e", "b", "d"]}
    ]
    assert [batch.to_pydict() for batch in MartRows(mart, "nothing").batches(9)] == [{"n": [], "s": []}]
