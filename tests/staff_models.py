"""Run the models of staff straight in DuckDB, compiled once: a build takes tenths of a second, where dbt takes ten.

Belongs here: the compiled SQL of the models under source ``hr``, and one build of them in memory. Not here: raw rows
(``tests.staff_tables``), any expectation. dbt's own build of the same models is tested in ``tests/dbt``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tests.staff_tables import SCHEMAS, Row, Staff

PROJECT = Path(__file__).parents[1] / "dbt_project"
_SELECTION = (
    "stg_hr__* stg_settings__staff stg_releases__mask hr_* fct_sick_leave fct_staff "
    "disclosure_* sick_leave* staff_statistics* work_environment"
)
_TYPES = {
    "str": pa.string(),
    "int": pa.int32(),
    "long": pa.int64(),
    "date": pa.date32(),
    "rate": pa.decimal128(5, 2),
    "hours": pa.decimal128(9, 2),
}
#: What the models of staff read that is not theirs.
_SURROUNDINGS = """
    create table raw.deliveries__current (load_id varchar, fiscal_year integer);
    create table raw.quarantine__rows (load_id varchar, table_name varchar, row_no bigint);
    create table core.dim_board (board_code varchar, board_name varchar, is_default boolean);
    create table core.dim_org_unit (unit_code varchar, valid_from date, valid_to date, board_code varchar);
    create table core.dim_org_unit_year (unit_code varchar, fiscal_year integer, unit_name varchar);
"""


@dataclass(frozen=True)
class Models:
    """Compiled models in the order they build on each other: schema-qualified name and query."""

    queries: list[tuple[str, str]]
    seeds: list[str]


@dataclass(frozen=True)
class Built:
    """One build in memory."""

    connection: duckdb.DuckDBPyConnection

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Return the rows of a query as dictionaries, decimals kept."""
        found = self.connection.execute(query)
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def mart(self, name: str) -> list[dict[str, Any]]:
        """Return a mart's rows in its own order."""
        return self.rows(f"select * from marts.{name}")

    def hidden(self) -> list[Row]:
        """Return the mask as the next night gets it: what this release hides."""
        columns = "board_code, year, dimension, group_code"
        return self.rows(f"select {columns} from marts.disclosure_mask where is_suppressed")


def compile_models(folder: Path) -> Models:
    """Let dbt compile the models of staff. Takes seconds: once per session."""
    from dbt.cli.main import dbtRunner

    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(folder)]
    quiet = ["--quiet", "--log-level", "none", "--log-level-file", "none", "--log-path", str(folder)]
    kept = {name: os.environ.get(name) for name in ("BOKSLUT_BUILD", "BOKSLUT_RAW")}
    os.environ |= {"BOKSLUT_BUILD": str(folder / "none.duckdb"), "BOKSLUT_RAW": str(folder)}
    try:
        outcome = dbtRunner().invoke([*quiet, "compile", *places, "--select", *_SELECTION.split()])
    finally:
        for name, value in kept.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
    if outcome.exception:
        raise outcome.exception
    nodes = [result.node for result in outcome.result.results if result.node.resource_type == "model"]
    seed = (PROJECT / "seeds" / "staff_measure.csv").as_posix()
    return Models(
        [(f"{node.schema}.{node.name}", node.compiled_code) for node in nodes],
        [f"create table core.staff_measure as select * from read_csv('{seed}', header = true)"],
    )


def build(
    models: Models,
    staff: Staff,
    units: Iterable[tuple[str, str]],
    *,
    mask: Iterable[Row] = (),
    min_group_size: int = 10,
    min_employees_for_decimals: int = 100,
) -> Built:
    """Build every model of staff; ``units`` are units and their boards, ``mask`` what earlier releases have hidden."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as warehouse; use warehouse; set threads = 1")
    connection.execute("create schema raw; create schema staging; create schema core; create schema marts")
    connection.execute(_SURROUNDINGS)
    units = list(units)
    boards = sorted({board for _, board in units})
    connection.executemany(
        "insert into core.dim_org_unit values (?, '1900-01-01', '9999-12-31', ?)", [list(unit) for unit in units]
    )
    connection.executemany("insert into core.dim_board values (?, ?, ?)", [[b, b, b == boards[0]] for b in boards])
    connection.executemany("insert into raw.deliveries__current values (?, ?)", [list(load) for load in staff.loads()])
    settings = {"hours_per_full_time_year": 1980, "min_group_size": min_group_size, "min_survey_answers": 5}
    settings["min_employees_for_decimals"] = min_employees_for_decimals
    tables = {**staff.tables, "releases__mask": list(mask), "settings__staff": [settings]}
    for name, columns in SCHEMAS.items():
        _load(connection, name, columns, tables[name])
    for statement in models.seeds:
        connection.execute(statement)
    for name, query in models.queries:
        connection.execute(f"create table {name} as {query}")
    return Built(connection)


def _load(connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: list[Row]) -> None:
    fields = [("load_id", "str"), *(tuple(column.split(":")) for column in columns.split())]
    schema = pa.schema([(field, _TYPES[kind]) for field, kind in fields])
    unknown = {column for row in rows for column in row} - set(schema.names)
    assert not unknown, f"{name} has no column {sorted(unknown)}"
    connection.register("delivered", pa.Table.from_pylist(rows, schema))
    connection.execute(f"create table raw.{name} as select * from delivered")
    connection.unregister("delivered")
