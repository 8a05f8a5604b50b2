"""Turn each received delivery into raw Parquet, one file per table, or set it aside with the reason.

Belongs here: which deliveries are read, with what, and what the register says of them afterwards. Not here: reading one
(``parsing``), whether the rows are good enough (``arrival``).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from orchestration.beside import is_beside
from orchestration.home import Home
from orchestration.keys import PseudonymKeyError, required_key
from orchestration.loading.intake import set_aside
from orchestration.loading.parsing import Bounds, Parsed, Reader, begin_ahead, begin_reading
from orchestration.loading.raw_files import write_empty_tables
from orchestration.settings import LedgerCompany, Settings, SourceSettings
from sources.corrections import CorrectionsError, load_corrections
from sources.delivery import Sidecar, archived_path, write_sidecar
from sources.reading import Company, Reading, ReadOptions
from sources.register import Delivery, Register
from sources.registry import Source

_log = logging.getLogger(__name__)


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
    reader = reader_of(home, settings, register, source)
    statuses = ("received", "loaded", "rejected", *(("superseded",) if source.needs_key else ()))
    begun = [
        (delivery, begin_reading(home, reader, delivery))
        for delivery in register.deliveries(source_code=source.code, status=statuses)
        if delivery.status == "received" or reader.reads_otherwise(delivery)
    ]
    return [_keep(home, register, reader, delivery, found()) for delivery, found in begun]


def reader_of(home: Home, settings: Settings, register: Register, source: Source) -> Reader:
    """Return the source with all that decides what is read; raises what ``read_deliveries`` raises."""
    corrections = load_corrections(correction_paths(home, source), source.schemas())
    limits = settings.inbox
    bounds = Bounds(limits.caps, limits.max_read_seconds, limits.max_read_memory_mb * 1_000_000)
    return Reader(source, read_options(settings, source, source_key(home, register, source)), corrections, bounds)


def source_key(home: Home, register: Register, source: Source) -> bytes | None:
    """Return the key for the source's pseudonyms, None for a source that needs none or has sent nothing.

    Raises ``PseudonymKeyError`` where it has and there is no key.
    """
    if not source.needs_key or not register.deliveries(source_code=source.code):
        return None
    return required_key(home, f"{source.title}: filer har tagits emot")


def correction_paths(home: Home, source: Source) -> list[Path]:
    """Return where corrections of the source may stand: beside its reader, and in the home for this installation."""
    return [Path(str(files(source.module))) / "corrections.yml", home.corrections / f"{source.code}.yml"]


def read_ahead(home: Home, settings: Settings, register: Register, sources: Iterable[Source]) -> None:
    """Begin to read all that was received, where that is done beside: most sources wait for others to be checked."""
    for source in sources if is_beside() else ():
        waiting = register.deliveries(source_code=source.code, status=("received",))
        if not waiting:
            continue
        try:
            reader = reader_of(home, settings, register, source)
        except (CorrectionsError, PseudonymKeyError) as error:
            # The source's own turn will come, and say it where it is seen.
            _log.info("%s is not read ahead: %s", source.code, error)
            continue
        for delivery in waiting:
            begin_ahead(home, reader, delivery)


def _keep(home: Home, register: Register, reader: Reader, delivery: Delivery, parsed: Parsed) -> ReadResult:
    """Enter what reading came to in the register, last of all, and set aside a file that cannot be used."""
    if parsed.trace:
        _log.error("reader %s failed on %s: %s", reader.source.code, delivery.load_id, parsed.trace)
    reading = parsed.reading
    if reading is None:
        set_aside(home, archived_path(home.archive, delivery.sha256), delivery.file_name, parsed.reason)
        # With the facts: one that is rejected now is read again only when the corrections or the key change.
        register.update(delivery.load_id, status="rejected", message=parsed.reason, facts=reader.facts)
        return ReadResult(delivery.load_id, delivery.file_name, 0, parsed.reason)
    _log.info("read %s", delivery.load_id)
    write_sidecar(home.archive, _sidecar(delivery, reading))
    for copy in register.by_sha256(delivery.sha256):
        # One that came in the same night was entered before anybody knew how many rows there are.
        if copy.status == "duplicate":
            register.update(copy.load_id, rows_in=reading.rows_in, rows_duplicate=reading.rows_in)
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
    return ReadResult(delivery.load_id, delivery.file_name, reading.rows_in)


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
