"""Turn each received delivery into raw Parquet, one file per table, or set it aside with the reason.

Belongs here: calling a source's reader, correcting what it returns and writing it. Not here: how a format is read and
what a correction does (``sources``), whether the rows are good enough (``arrival``).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING

from orchestration.home import Home
from orchestration.keys import required_key
from orchestration.loading.intake import set_aside
from orchestration.loading.streaming import StreamedTable, with_load_id
from orchestration.settings import LedgerCompany, Settings, SourceSettings
from sources.corrections import VERSION_FACT, Corrected, Correction, load_corrections, version
from sources.delivery import Sidecar, archived_path, write_sidecar
from sources.hr import KEY_FACT
from sources.hr.identity import key_fingerprint
from sources.reading import Company, Problem, Reading, ReadOptions, Rejected
from sources.register import Delivery, Register
from sources.registry import Source

if TYPE_CHECKING:
    import pyarrow as pa

_log = logging.getLogger(__name__)

PROBLEMS = "problems"
DROPPED = "dropped"
QUARANTINE = "quarantine__rows"


@dataclass(frozen=True, slots=True)
class ReadResult:
    """One delivery after reading: ``message`` is empty where it could be read."""

    load_id: str
    file_name: str
    rows_in: int
    message: str = ""


def read_deliveries(home: Home, settings: Settings, register: Register, source: Source) -> list[ReadResult]:
    """Read every received delivery of one source; a file that cannot be read never stops the others.

    Those that hold or were rejected are read again when the source's corrections have changed since, and pseudonyms
    when their key has: also those that are superseded, because they may come to hold again. Raises
    ``CorrectionsError`` for corrections that cannot be used: without them nothing of the source is known to be right.
    Raises ``PseudonymKeyError`` where there is something to read and no key.
    """
    write_empty_tables(home, source)
    corrections = load_corrections(correction_paths(home, source), source.schemas())
    reader = _Reader(source, read_options(settings, source, source_key(home, register, source)), corrections)
    statuses = ("received", "loaded", "rejected", *(("superseded",) if source.needs_key else ()))
    return [
        _read_one(home, register, reader, delivery)
        for delivery in register.deliveries(source_code=source.code, status=statuses)
        if delivery.status == "received" or reader.reads_otherwise(delivery)
    ]


def source_key(home: Home, register: Register, source: Source) -> bytes | None:
    """Return the key for the source's pseudonyms, None for a source that needs none or has sent nothing.

    Raises ``PseudonymKeyError`` where it has and there is no key.
    """
    if not source.needs_key or not register.deliveries(source_code=source.code):
        return None
    return required_key(home, f"{source.title}: filer har tagits emot")


@dataclass(frozen=True, slots=True)
class _Reader:
    """A source, and all that decides what is read from its files."""

    source: Source
    options: ReadOptions
    corrections: tuple[Correction, ...]

    @property
    def facts(self) -> dict[str, str]:
        """What tells that a delivery has been read in this way."""
        key = self.options.pseudonym_key
        facts = {VERSION_FACT: version(self.corrections), KEY_FACT: key_fingerprint(key) if key else ""}
        return {name: value for name, value in facts.items() if value}

    def reads_otherwise(self, delivery: Delivery) -> bool:
        """Tell whether the delivery was read under other corrections or with another key."""
        return any(delivery.facts.get(name, "") != self.facts.get(name, "") for name in (VERSION_FACT, KEY_FACT))


def correction_paths(home: Home, source: Source) -> list[Path]:
    """Return where corrections of the source may stand: beside its reader, and in the home for this installation."""
    return [Path(str(files(source.module))) / "corrections.yml", home.corrections / f"{source.code}.yml"]


def _read_one(home: Home, register: Register, reader: _Reader, delivery: Delivery) -> ReadResult:
    source, archived = reader.source, archived_path(home.archive, delivery.sha256)
    # Also a delivery that is rejected now is read again only when the corrections or the key change.
    register.update(delivery.load_id, facts=reader.facts)
    _log.info("reading %s", delivery.load_id)
    principal = source.tables[0]
    streamed = StreamedTable(principal, raw_path(home, principal, delivery.load_id), delivery.load_id)
    try:
        with streamed:
            read = source.read_file(archived, delivery.file_name, reader.options, streamed.take)
            corrected = streamed.correct(read, reader.corrections)
            streamed.keep()
    except Rejected as rejection:
        return _reject(home, register, delivery, f"{source.code}/{delivery.file_name}: {rejection}")
    except Exception as error:
        # A reader that fails on one supplier's file must not cost the night; the trace is for the developer.
        _log_failure(source, delivery, error)
        message = (
            f"{source.code}/{delivery.file_name}: filen kunde inte läsas ({type(error).__name__}). Den är lagd åt "
            "sidan; kontrollera exporten och anmäl felet till den som förvaltar Bokslut."
        )
        return _reject(home, register, delivery, message)
    _write_tables(home, delivery.load_id, corrected)
    reading = corrected.reading
    register.update(
        delivery.load_id,
        status="read",
        organisation_number=reading.organisation_number,
        part=reading.part,
        fiscal_years=list(reading.fiscal_years),
        period_from=reading.period_from,
        period_to=reading.period_to,
        generated_on=reading.generated_on,
        facts=dict(reading.facts),
        rows_in=reading.rows_in,
    )
    write_sidecar(home.archive, _sidecar(delivery, reading))
    return ReadResult(delivery.load_id, delivery.file_name, reading.rows_in)


def _log_failure(source: Source, delivery: Delivery, error: Exception) -> None:
    """Log where a reader failed; not what it said where that may hold a person."""
    if source.sensitivity == "personal":
        places = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__))
        _log.error("reader %s failed on %s: %s at %s", source.code, delivery.load_id, type(error).__name__, places)
    else:
        _log.error("reader %s failed on %s", source.code, delivery.load_id, exc_info=error)


def _reject(home: Home, register: Register, delivery: Delivery, message: str) -> ReadResult:
    register.update(delivery.load_id, status="rejected", message=message)
    set_aside(home, archived_path(home.archive, delivery.sha256), delivery.file_name, message)
    return ReadResult(delivery.load_id, delivery.file_name, 0, message)


def _sidecar(delivery: Delivery, reading: Reading) -> Sidecar:
    return Sidecar(
        sha256=delivery.sha256,
        source_code=delivery.source_code,
        original_name=delivery.file_name,
        received_at=delivery.received_at.isoformat(),
        size_bytes=delivery.size_bytes,
        fiscal_years=reading.fiscal_years,
        period_from=reading.period_from,
        period_to=reading.period_to,
        maturity="read",
    )


def read_options(settings: Settings, source: Source, key: bytes | None = None) -> ReadOptions:
    """Return what the configuration tells this source's reader, with the ``key`` of its pseudonyms."""
    own = settings.sources.get(source.code, SourceSettings())
    usual = ReadOptions()
    dimensions = {name.casefold(): meaning for name, meaning in (own.dimensions or {}).items()}
    companies = own.companies or {code: LedgerCompany() for code in usual.companies}
    ours = settings.municipality.organisation_number
    return ReadOptions(
        dimensions=usual.dimensions if own.dimensions is None else dimensions,
        encoding=own.encoding,
        companies={
            code: Company(each.columns, each.amount_unit, each.organisation_number or ours)
            for code, each in companies.items()
        },
        municipality_code=settings.municipality.code,
        municipality_name=settings.municipality.name,
        organisation_number=ours,
        pseudonym_key=key,
    )


def write_empty_tables(home: Home, source: Source) -> None:
    """Give every raw table of the source an empty file, so that a table without deliveries is empty, not missing."""
    import pyarrow as pa

    for table, schema in source.schemas().items():
        path = raw_path(home, table, "_empty")
        empty = pa.schema([pa.field("load_id", pa.string()), *schema]).empty_table()
        if not path.exists() or _columns(path) != empty.schema.names:
            write_parquet(empty, path)


def _columns(path: Path) -> list[str]:
    import pyarrow.parquet as pq

    names: list[str] = pq.read_schema(path).names
    return names


def _write_tables(home: Home, load_id: str, corrected: Corrected) -> None:
    for table, rows in corrected.reading.tables.items():
        write_parquet(with_load_id(rows, load_id), raw_path(home, table, load_id))
    write_parquet(_problem_table(corrected.reading.problems), raw_path(home, PROBLEMS, load_id))
    write_parquet(_problem_table(corrected.dropped), raw_path(home, DROPPED, load_id))


def _problem_table(problems: Iterable[Problem]) -> pa.Table:
    import pyarrow as pa

    columns = {"table": pa.string(), "row_no": pa.int64(), "column": pa.string()}
    schema = pa.schema({**columns, "value": pa.string(), "reason": pa.string()})
    rows = [
        {"table": p.table, "row_no": p.row_no, "column": p.column, "value": p.value, "reason": p.reason}
        for p in problems
    ]
    return pa.Table.from_pylist(rows, schema=schema)


def read_problems(home: Home, load_id: str) -> list[Problem]:
    """Return the values of a delivery that could not be typed."""
    return _read_problem_table(raw_path(home, PROBLEMS, load_id))


def read_dropped(home: Home, load_id: str) -> list[Problem]:
    """Return the rows of a delivery that a correction leaves out; ``value`` is the correction's id."""
    path = raw_path(home, DROPPED, load_id)
    # What was read before there were corrections has no such file.
    return _read_problem_table(path) if path.exists() else []


def _read_problem_table(path: Path) -> list[Problem]:
    import pyarrow.parquet as pq

    return [Problem(**row) for row in pq.read_table(path).to_pylist()]


def raw_path(home: Home, table: str, load_id: str) -> Path:
    """Return where one delivery's rows of one raw table lie."""
    return home.raw / table / f"{load_id}.parquet"


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a Parquet file, whole or not at all."""
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        pq.write_table(table, temporary, compression="zstd")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
