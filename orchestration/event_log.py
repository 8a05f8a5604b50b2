"""Dagster's SQLite event log with its connections kept open, bursts written together and nothing left of deleted runs.

Belongs here: those differences. Dagster makes a new engine, and so compiles every statement anew, for each event,
asks whether its tables are there, and commits each event up to four times; a night has over a thousand, which cost more
than its models. Not here: what is logged.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster import DagsterEventType, EventLogEntry, Field, StringSource
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

# What a step tells of its assets and checks comes in bursts that its end closes. Such an event may wait for the next
# one, or be lost with a process that is killed: its step then never ended either.
_IN_BURSTS = {
    DagsterEventType.STEP_OUTPUT,
    DagsterEventType.ASSET_MATERIALIZATION,
    DagsterEventType.ASSET_CHECK_EVALUATION,
}
_LONGEST_WAIT_SECONDS = 0.5
# A run has a file of its own beside the index; a web server that shows old runs must not keep them all open.
_KEPT_OPEN = 8


class KeptOpenEventLogStorage(SqliteEventLogStorage):  # type: ignore[misc]
    """The default event log, on the default files: a home can go back to the plain one at any time.

    Without ``base_dir`` the files lie where Dagster puts them, in ``$DAGSTER_HOME/history/runs``.
    """

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._connections: dict[str, Connection] = {}
        self._known_tables: set[str] = set()
        self._gathering = False
        self._gathering_since: float | None = None
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Return what ``dagster.yaml`` may say."""
        return {"base_dir": Field(StringSource, is_required=False)}

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Mapping[str, Any]) -> KeptOpenEventLogStorage:
        """Build the storage from ``dagster.yaml``."""
        default = Path(os.environ["DAGSTER_HOME"]) / "history" / "runs"
        return cls(config_value.get("base_dir") or str(default), inst_data)

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event, and with it those that waited, unless it is one that may wait itself."""
        with self._burst(may_wait=event.is_dagster_event and event.dagster_event_type in _IN_BURSTS):
            super().store_event(event)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events that come together, in one transaction."""
        with self._burst(may_wait=False):
            for event in events:
                super().store_event(event)

    def delete_events(self, run_id: str) -> None:
        """Delete a run's events, and the file they lie in: Dagster would keep it, emptied."""
        super().delete_events(run_id)
        with self._db_lock:
            if (connection := self._connections.pop(run_id, None)) is not None:
                _close(connection)
            self._initialized_dbs.discard(run_id)
        for end in ("", "-wal", "-shm"):
            Path(f"{self.path_for_shard(run_id)}{end}").unlink(missing_ok=True)

    def has_table(self, table_name: str) -> bool:
        """Tell whether the index has a table; one that is there stays, so only what is missing is asked for again."""
        if table_name not in self._known_tables and super().has_table(table_name):
            self._known_tables.add(table_name)
        return table_name in self._known_tables

    @contextmanager
    def _burst(self, *, may_wait: bool) -> Iterator[None]:
        self._gathering = True
        try:
            yield
        finally:
            self._gathering = False
        now = time.monotonic()
        self._gathering_since = self._gathering_since or now
        if not may_wait or now - self._gathering_since > _LONGEST_WAIT_SECONDS:
            self._commit()

    def _commit(self) -> None:
        with self._db_lock:
            for connection in self._connections.values():
                connection.commit()
            self._gathering_since = None

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            connection = self._connections.get(shard) or self._open(shard)
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            if not self._gathering and self._gathering_since is None:
                connection.commit()

    def _open(self, shard: str) -> Connection:
        engine = create_engine(
            self.conn_string_for_shard(shard),
            # The lock lets one thread in at a time, so the one connection may pass from thread to thread.
            poolclass=StaticPool,
            connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        )
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        if len(self._connections) >= _KEPT_OPEN:
            _close(self._connections.pop(next(other for other in self._connections if other != INDEX_SHARD_NAME)))
        return self._connections.setdefault(shard, engine.connect())

    def dispose(self) -> None:
        """Store what waits and close every connection."""
        with self._db_lock:
            while self._connections:
                _close(self._connections.popitem()[1])
        super().dispose()


def _close(connection: Connection) -> None:
    try:
        connection.commit()
    finally:
        # What a full disk does not take is lost, but not the file's lock with it.
        connection.close()
        connection.engine.dispose()
