"""Freeze what a run builds from: links to the raw files that hold now, and the tables the run itself knows.

Belongs here: the folder that dbt's ``raw`` views read. Not here: deciding which delivery holds (``sources.register``).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.home import Home
from orchestration.loading.raw_files import QUARANTINE, raw_path, write_empty_tables, write_parquet
from orchestration.publishing.mask import COLUMNS as MASK_COLUMNS
from orchestration.publishing.mask import SURVEY_COLUMNS, SURVEY_MASK, released_mask
from orchestration.settings import Settings
from sources.register import Delivery, Register
from sources.registry import SOURCES

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Build:
    """One run's own folder: the frozen raw tables and the warehouse built from them."""

    folder: Path

    @classmethod
    def of(cls, home: Home, run_id: str) -> Build:
        """Return the build of a run."""
        return cls(home.builds / run_id)

    @property
    def raw(self) -> Path:
        """The snapshot: one folder per raw table."""
        return self.folder / "raw"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt builds."""
        return self.folder / "warehouse.duckdb"

    @property
    def spill(self) -> Path:
        """Where DuckDB lays what does not fit in its memory, for as long as it works."""
        return self.folder / "spill"


def freeze(home: Home, settings: Settings, register: Register, run_id: str) -> Build:
    """Make the run's snapshot anew and return its build folder.

    Raw files never change after they were written, so hard links freeze them at no cost. A source without a delivery
    gets empty tables.
    """
    build = Build.of(home, run_id)
    shutil.rmtree(build.folder, ignore_errors=True)
    build.raw.mkdir(parents=True)
    current = register.current()
    for source in SOURCES:
        write_empty_tables(home, source)
        holders = sorted({d.load_id for d in current.values() if d.source_code == source.code})
        for table in source.tables:
            _link(home, build, table, ["_empty", *holders])
    _link(home, build, QUARANTINE, sorted({d.load_id for d in current.values()}))
    write_table(build, QUARANTINE, _quarantine_schema().empty_table(), "_empty")
    for name, rows, schema in _own_tables(settings, register, current):
        write_rows(build, name, rows, schema)
    write_rows(build, "settings__comparison", _compared(build, settings), [("municipality_code", "string")])
    write_rows(build, "releases__mask", released_mask(home), MASK_COLUMNS)
    hidden = released_mask(home, SURVEY_MASK, SURVEY_COLUMNS)
    write_rows(build, "releases__survey_mask", hidden, SURVEY_COLUMNS)
    write_rows(build, "checks__results", [], CHECK_RESULT)
    write_rows(build, "releases__release", [], RELEASE)
    return build


def _link(home: Home, build: Build, table: str, load_ids: Iterable[str]) -> None:
    folder = build.raw / table
    folder.mkdir(exist_ok=True)
    for load_id in load_ids:
        origin, target = raw_path(home, table, load_id), folder / f"{load_id}.parquet"
        if not origin.exists():
            # A delivery has only the tables it speaks of; that no delivery's table is missing is `_empty`'s doing.
            continue
        try:
            os.link(origin, target)
        except OSError:
            # Another file system, or one without hard links: a copy is as frozen, only slower.
            shutil.copyfile(origin, target)


def _compared(build: Build, settings: Settings) -> list[dict[str, Any]]:
    """Return whom we compare with: those that are named, and the members of the group as delivered, ours included."""
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    codes = set(settings.comparison.municipalities)
    if settings.comparison.group:
        members = ds.dataset(build.raw / "indicator__group_members", ignore_prefixes=["."]).to_table(
            columns=["municipality_code"], filter=pc.field("group_code") == settings.comparison.group
        )
        codes |= set(members["municipality_code"].to_pylist())
    return [{"municipality_code": code} for code in sorted(codes)]


def _own_tables(
    settings: Settings, register: Register, current: dict[tuple[str, str, str, int], Delivery]
) -> list[tuple[str, list[dict[str, Any]], list[tuple[str, str]]]]:
    """Return the tables that the run itself writes: name, rows, columns."""
    municipality = settings.municipality
    return [
        ("deliveries__load", [_load_row(delivery) for delivery in register.deliveries()], LOAD),
        (
            "deliveries__current",
            [
                {
                    "load_id": delivery.load_id,
                    "source_code": source,
                    "organisation_number": organisation or None,
                    "fiscal_year": year,
                }
                for (source, organisation, _, year), delivery in sorted(current.items(), key=lambda item: item[0])
            ],
            CURRENT,
        ),
        (
            "settings__boards",
            [{"board_code": board.code, "board_name": board.name} for board in settings.boards],
            [("board_code", "string"), ("board_name", "string")],
        ),
        (
            "settings__account_lines",
            [{"account": account, "line_code": "municipal_grant"} for account in settings.ledger.grant_accounts],
            [("account", "string"), ("line_code", "string")],
        ),
        (
            "settings__municipality",
            [
                {
                    "municipality_code": municipality.code,
                    "municipality_name": municipality.name,
                    "organisation_number": municipality.organisation_number,
                }
            ],
            [("municipality_code", "string"), ("municipality_name", "string"), ("organisation_number", "string")],
        ),
        ("settings__staff", [settings.staff.model_dump()], STAFF),
    ]


LOAD = [
    ("load_id", "string"),
    ("source_code", "string"),
    ("file_name", "string"),
    ("sha256", "string"),
    ("received_at", "timestamp"),
    ("period_from", "int32"),
    ("period_to", "int32"),
    ("rows_in", "int64"),
    ("rows_loaded", "int64"),
    ("rows_quarantined", "int64"),
    ("rows_duplicate", "int64"),
    ("status", "string"),
    ("message", "string"),
]
STAFF = [
    ("hours_per_full_time_year", "int32"),
    ("min_group_size", "int32"),
    ("min_employees_for_decimals", "int32"),
    ("min_survey_answers", "int32"),
]
CURRENT = [
    ("load_id", "string"),
    ("source_code", "string"),
    ("organisation_number", "string"),
    ("fiscal_year", "int32"),
]
CHECK_RESULT = [
    ("run_id", "string"),
    ("source_code", "string"),
    ("mart", "string"),
    ("check_name", "string"),
    ("severity", "string"),
    ("passed", "bool"),
    ("failed_rows", "int64"),
    ("total_rows", "int64"),
    ("who_fixes", "string"),
    ("description", "string"),
]
RELEASE = [
    ("release_id", "string"),
    ("published_at", "timestamp"),
    ("run_id", "string"),
    ("git_sha", "string"),
    ("data_from", "date"),
    ("data_to", "date"),
    ("checks_passed", "int64"),
    ("checks_warned", "int64"),
]


def _load_row(delivery: Delivery) -> dict[str, Any]:
    row = {name: getattr(delivery, name) for name, _ in LOAD}
    row["received_at"] = _naive_utc(delivery.received_at)
    return row


def _naive_utc(moment: datetime) -> datetime:
    # DuckDB's plain timestamp has no zone; every `_at` of the warehouse is UTC.
    return moment.replace(tzinfo=None, microsecond=0)


def write_rows(
    build: Build, table: str, rows: Sequence[dict[str, Any]], columns: list[tuple[str, str]], name: str = "run"
) -> None:
    """Write rows that the run knows itself as a raw table of the snapshot, in place of what was there."""
    import pyarrow as pa

    write_table(build, table, pa.Table.from_pylist(list(rows), schema=_arrow_schema(columns)), name)


def write_table(build: Build, table: str, rows: pa.Table, name: str) -> None:
    """Write one Parquet file of the snapshot."""
    write_parquet(rows, build.raw / table / f"{name}.parquet")


def _arrow_schema(columns: list[tuple[str, str]]) -> pa.Schema:
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "timestamp": pa.timestamp("s"),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "bool": pa.bool_(),
        "date": pa.date32(),
    }
    return pa.schema([(name, types[kind]) for name, kind in columns])


def _quarantine_schema() -> pa.Schema:
    from expectations.quarantine import SCHEMA

    return SCHEMA
