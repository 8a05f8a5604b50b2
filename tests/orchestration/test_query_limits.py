"""What an analyst tries through ``bokslut sql`` that is no question: nothing outside is read, written or had."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from orchestration.home import Home
from orchestration.query import QueryError, query
from orchestration.settings_of_releases import Query
from tests.orchestration.small_releases import database_of, publish

BOKSLUT = Path(sys.executable).with_name("bokslut")
SMALL = Query(memory_mb=200, max_seconds=20)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home")).create()
    publish(home, "2023-01-01-1")
    return home


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.csv"
    path.write_text("word\nhemligt\n", encoding="utf-8")
    return path


@pytest.fixture
def nothing_written(tmp_path: Path, home: Home, secret: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever is tried, no file is made or changed: not beside us, not in the home, not in the user's own folder."""
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.chdir(tmp_path)
    before = state_of(tmp_path, home.root)
    yield
    assert state_of(tmp_path, home.root) == before


def state_of(*folders: Path) -> dict[Path, tuple[int, int]]:
    paths = (path for folder in folders for path in folder.rglob("*"))
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in paths}


READING = (
    "from '{secret}'",
    "from read_csv('{secret}')",
    "from read_text('{secret}')",
    "from read_blob('/etc/passwd')",
    "from read_text('/proc/self/environ')",
    "from glob('/etc/*')",
    "from sniff_csv('{secret}')",
    "from read_parquet('{parquet}')",
    "from parquet_metadata('{parquet}')",
    "create temp table t (word text); copy t from '{secret}'",
    "import database '{folder}'",
    "from read_csv('https://example.com/x.csv')",
    "select getenv('HOME')",
    "from limits",
    "from configuration",
)
WRITING = (
    "copy load to '{folder}/out.csv'",
    "copy (from load) to '{folder}/out.parquet' (format parquet)",
    "copy (from load) to '/dev/stdout'",
    "export database '{folder}/out'",
    "create table x as select 1",
    "create or replace view load as select 1",
    "create schema other",
    "create macro f() as 1",
    "create sequence s",
    "insert into load from load",
    "update load set load_id = 'b'",
    "delete from load",
    "truncate load",
    "drop table load",
    "drop schema marts cascade",
    "alter table load add column b integer",
    "alter table load rename to other",
    "comment on table load is 'b'",
    "attach '{folder}/other.duckdb'",
    "attach '{folder}/other.duckdb' as other (read_only)",
    "attach ':memory:' as other",
    "detach bokslut",
    "create persistent secret s (type http, bearer_token 'x')",
)
LOADING = (
    "install httpfs",
    "force install httpfs",
    "install httpfs from community",
    "install '{folder}/x.duckdb_extension'",
    "load httpfs",
    "load '{folder}/x.duckdb_extension'",
    "update extensions",
)
SETTING = (
    "set enable_external_access = true",
    "set global enable_external_access = true",
    "reset enable_external_access",
    "set allowed_directories = ['/etc']",
    "set allowed_paths = ['/etc/passwd']",
    "set disabled_filesystems = ''",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set memory_limit = '50GB'",
    "pragma memory_limit = '50GB'",
    "reset memory_limit",
    "set threads = 64",
    "set temp_directory = '{folder}/spill'",
    "set max_temp_directory_size = '50GB'",
    "set autoinstall_known_extensions = true",
    "set allow_unsigned_extensions = true",
    "set extension_directory = '{folder}'",
    "set home_directory = '/root'",
    "set secret_directory = '{folder}'",
    "set log_query_path = '{folder}/log'",
    "pragma enable_profiling",
    "pragma profiling_output = '{folder}/profile.json'",
    "call enable_logging(storage = 'file', storage_path = '{folder}/log')",
    "select 1; set enable_external_access = true; from read_text('/etc/passwd')",
)


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("statement", [*READING, *WRITING, *LOADING, *SETTING])
def test_nothing_is_read_written_loaded_or_set(home: Home, secret: Path, statement: str) -> None:
    parquet = home.published / "current" / "parquet" / "load.parquet"

    with pytest.raises(QueryError) as caught:
        query(home.current, statement.format(secret=secret, folder=secret.parent, parquet=parquet), SMALL)

    assert "hemligt" not in str(caught.value)
    assert "root:" not in str(caught.value)


def test_what_is_asked_of_the_marts_is_answered(home: Home) -> None:
    assert query(home.current, "select load_id from load", SMALL).rows == [("a",)]
    assert query(home.current, "select 1; select 2", SMALL).rows == [(2,)]
    assert query(home.current, "", SMALL).rows == []
    assert query(home.current, "from load where load_id = 'none'", SMALL).columns == ["load_id"]


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(
    "statement",
    [
        "select count(distinct a.range * b.range) from range(100000) a, range(100000) b",
        "select a.range from range(100000000) a, range(1000) b order by 1 desc",
        "select list(range) from range(1000000000)",
        "create temp table t as select range, repeat('x', 1000) from range(100000000)",
    ],
)
def test_a_question_too_large_ends_in_words_and_nothing_on_disk(home: Home, statement: str) -> None:
    with pytest.raises(QueryError, match=r"behövde mer än 200 MB minne. .*\[query\] memory_mb"):
        query(home.current, statement, SMALL)


@pytest.mark.parametrize(
    "statement",
    [
        "select count(*) from range(1000000000000)",
        "with recursive t as (select 1 as x union all select x + 1 from t) select max(x) from t",
    ],
)
def test_a_question_too_long_is_interrupted_in_words(home: Home, statement: str) -> None:
    started = monotonic()
    with pytest.raises(QueryError, match=r"tog mer än 0.3 sekunder. .*\[query\] max_seconds"):
        query(home.current, statement, Query(max_seconds=0.3))
    assert monotonic() - started < 10


def test_an_answer_too_long_to_hand_over_is_interrupted_too(home: Home) -> None:
    with pytest.raises(QueryError, match="tog mer än"):
        query(home.current, "select range, random() from range(100000000)", Query(max_seconds=0.5, memory_mb=4000))


def bokslut(home: Home, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    configuration = tmp_path / "bokslut.toml"
    configuration.write_text("[query]\nmemory_mb = 100\nmax_seconds = 60\n", encoding="utf-8")
    environment = os.environ | {"BOKSLUT_HOME": str(home.root), "BOKSLUT_CONFIG": str(configuration)}
    return subprocess.run(
        [str(BOKSLUT), *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    "statement",
    ["select range, random() from range(100000000000)", "select repeat('x', 1000000000)"],
    ids=["as Python's rows", "outside DuckDB's own count"],
)
def test_what_duckdb_does_not_count_as_its_own_has_a_limit_too(home: Home, tmp_path: Path, statement: str) -> None:
    done = bokslut(home, tmp_path, "sql", statement)

    assert done.returncode == 1
    assert "behövde mer än 100 MB minne" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_has_its_limits_from_the_configuration_and_answers(home: Home, tmp_path: Path) -> None:
    done = bokslut(home, tmp_path, "sql", "select current_setting('memory_limit') as m", "--format", "csv")
    assert done.stdout == "m\n95.3 MiB\n"


def test_a_release_that_was_changed_is_not_asked(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "home").create()
    publish(other, "2023-01-01-1")
    database = database_of(other, "2023-01-01-1")
    database.chmod(0o640)
    with database.open("r+b") as file:
        file.truncate(database.stat().st_size - 1)

    done = bokslut(other, tmp_path, "sql", "from load")

    assert done.returncode == 1
    assert "är skadad" in done.stderr
