"""Read one archived file with its source's reader, here or beside.

Belongs here: calling a reader, correcting what it returns, writing the rows. Not here: which deliveries are read and
what the register says of them (``reading``), how a format is read and what a correction does (``sources``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from traceback import extract_tb, format_exception

from orchestration.beside import ProcessDied, apart, begin, is_beside, limited
from orchestration.home import Home
from orchestration.loading.raw_files import raw_path, write_tables
from orchestration.loading.streaming import StreamedTable
from sources.corrections import VERSION_FACT, Correction, version
from sources.delivery import archived_path
from sources.hr import KEY_FACT
from sources.hr.identity import key_fingerprint
from sources.inspection import Caps, inspect_file, kind_of, visible
from sources.reading import Reading, ReadOptions, Rejected
from sources.register import Delivery
from sources.registry import Source


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a file may be before it is parsed, and what parsing it may cost where it is no plain text."""

    caps: Caps = field(default_factory=Caps)
    seconds: float = 300
    memory_bytes: int = 8_000_000_000


@dataclass(frozen=True, slots=True)
class Reader:
    """A source, and all that decides what is read from its files."""

    source: Source
    options: ReadOptions
    corrections: tuple[Correction, ...]
    bounds: Bounds = field(default_factory=Bounds)

    @property
    def facts(self) -> dict[str, str]:
        """What tells that a delivery has been read in this way."""
        key = self.options.pseudonym_key
        facts = {VERSION_FACT: version(self.corrections), KEY_FACT: key_fingerprint(key) if key else ""}
        return {name: value for name, value in facts.items() if value}

    def reads_otherwise(self, delivery: Delivery) -> bool:
        """Tell whether the delivery was read under other corrections or with another key."""
        return any(delivery.facts.get(name, "") != self.facts.get(name, "") for name in (VERSION_FACT, KEY_FACT))


@dataclass(frozen=True, slots=True)
class Parsed:
    """What reading one file came to: what it says but its rows, which are written, or why it cannot be used.

    ``reason`` is Swedish, for the data owner; ``trace`` is of a reader that failed, for the developer.
    """

    reading: Reading | None
    reason: str = ""
    trace: str = ""


# What has begun to be read before its source's turn.
_begun: dict[str, tuple[Reader, Callable[[], Parsed]]] = {}


def begin_ahead(home: Home, reader: Reader, delivery: Delivery) -> None:
    """Begin to read a delivery whose turn has not come."""
    _begun[delivery.load_id] = reader, _begin(home, reader, delivery)


def begin_reading(home: Home, reader: Reader, delivery: Delivery) -> Callable[[], Parsed]:
    """Begin to read a delivery, or go on with what was begun in the same way, and return what waits for the outcome."""
    how, found = _begun.pop(delivery.load_id, (None, None))
    return found if found and how == reader else _begin(home, reader, delivery)


def _begin(home: Home, reader: Reader, delivery: Delivery) -> Callable[[], Parsed]:
    """Begin to read a delivery where it can cost no more than itself: one that ends its process is rejected."""
    is_text = kind_of(delivery.file_name) == "text"
    work = parse if is_text else parse_within_bounds
    # A plain text asks for no more than its size, so without processes beside it is read here.
    found = (
        begin(work, home, reader, delivery) if is_text or is_beside() else partial(apart, work, home, reader, delivery)
    )

    def outcome() -> Parsed:
        try:
            return found()
        except ProcessDied:
            return Parsed(None, f"{reader.source.code}/{delivery.file_name}: {_too_much(reader.bounds)}")

    return outcome


def parse_within_bounds(home: Home, reader: Reader, delivery: Delivery) -> Parsed:
    """Read one file as ``parse`` does, in a process that ends when reading takes too long or too much memory."""
    with limited(reader.bounds.seconds, reader.bounds.memory_bytes):
        return parse(home, reader, delivery)


def parse(home: Home, reader: Reader, delivery: Delivery) -> Parsed:
    """Read one archived file and write its raw tables; whatever is wrong with it is in what is returned."""
    source, archived = reader.source, archived_path(home.archive, delivery.sha256)
    principal = source.tables[0]
    streamed = StreamedTable(principal, raw_path(home, principal, delivery.load_id), delivery.load_id)
    try:
        inspect_file(archived, delivery.file_name, reader.bounds.caps)
        with streamed:
            read = source.read_file(archived, delivery.file_name, reader.options, streamed.take)
            corrected = streamed.correct(read, reader.corrections)
            streamed.keep()
    except Rejected as rejection:
        return Parsed(None, f"{source.code}/{delivery.file_name}: {visible(str(rejection))}")
    except MemoryError:
        return Parsed(None, f"{source.code}/{delivery.file_name}: {_too_much(reader.bounds)}")
    except BaseException as error:
        # What a library in Rust calls a panic is no ``Exception`` to Python; all others of that kind end the run.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        # A reader that fails on one supplier's file must not cost the night; the trace is for the developer.
        reason = (
            f"{source.code}/{delivery.file_name}: filen kunde inte läsas ({type(error).__name__}). Den är lagd åt "
            "sidan; kontrollera exporten och anmäl felet till den som förvaltar Bokslut."
        )
        return Parsed(None, reason, _trace(source, error))
    write_tables(home, delivery.load_id, corrected)
    return Parsed(replace(corrected.reading, tables={}, problems=()))


def _too_much(bounds: Bounds) -> str:
    return (
        f"läsningen avbröts, för den tog mer än {bounds.memory_bytes // 1_000_000} MB minne eller {bounds.seconds:.0f} "
        "sekunder, eller kraschade. Filen är lagd åt sidan; dela upp den, eller spara den som CSV."
    )


def _trace(source: Source, error: BaseException) -> str:
    """Return where a reader failed; what it said only where that cannot hold a person."""
    if source.sensitivity == "personal":
        places = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__))
        return f"{type(error).__name__} at {places}"
    return "".join(format_exception(error))
