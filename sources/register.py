"""The register of deliveries: which file came, what became of it, which one holds for a year.

Belongs here: the SQLite tables and the transitions between states. Not here: reading files or deciding what is good
enough; the register is told.

States: ``received`` (archived) -> ``read`` (raw tables written) -> ``loaded`` | ``rejected``; ``loaded`` ->
``superseded`` once a newer delivery holds for all its years; ``duplicate`` from the start.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sources.redelivery import made_up_for
from sources.register_rows import NO_YEAR, CheckRow, Delivery, delivery_of, plain

__all__ = ["NO_YEAR", "CheckRow", "Delivery", "Register", "RowsLost"]

_SCHEMA = """
create table if not exists delivery (
    load_id text primary key, source_code text not null, file_name text not null, sha256 text not null,
    size_bytes integer not null, received_at text not null, run_id text not null, status text not null,
    organisation_number text, part text not null default '', fiscal_years text not null default '[]',
    period_from integer, period_to integer, generated_on text, facts text not null default '{}',
    rows_in integer not null default 0, rows_loaded integer not null default 0,
    rows_quarantined integer not null default 0, rows_duplicate integer not null default 0,
    message text not null default '', superseded_by text, check_fingerprint text,
    inbox_trace text, clock_at text not null default ''
);
create index if not exists delivery_sha on delivery (sha256);
create table if not exists check_result (
    load_id text not null references delivery, run_id text not null, source_code text not null,
    table_name text not null, check_name text not null, severity text not null, passed integer not null,
    failed_rows integer not null, total_rows integer not null, who_fixes text not null, description text not null,
    message text not null default '', primary key (load_id, table_name, check_name)
);
create table if not exists intake (run_id text primary key);
"""


class RowsLost(Exception):
    """Rows in are not rows loaded + quarantined + duplicate: some have no fate, or two."""


class Register:
    """The register as an object; use it as a context manager. Each method is one transaction."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("pragma synchronous = full")
        self._connection.executescript(_SCHEMA)
        self._add_missing_column("check_result", "message")
        self._add_missing_column("delivery", "clock_at")

    def __enter__(self) -> Register:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("begin immediate")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    def deliveries(self, *, source_code: str | None = None, status: Sequence[str] = ()) -> list[Delivery]:
        """Return deliveries, oldest first (by arrival), filtered by source and status where given."""
        rows = self._connection.execute("select * from delivery order by received_at, load_id").fetchall()
        found = [delivery_of(row) for row in rows]
        return [
            delivery
            for delivery in found
            if (source_code is None or delivery.source_code == source_code)
            and (not status or delivery.status in status)
        ]

    def by_sha256(self, sha256: str) -> list[Delivery]:
        """Return every arrival of exactly these bytes, oldest first."""
        found = "select * from delivery where sha256 = ? order by received_at, load_id"
        return [delivery_of(row) for row in self._connection.execute(found, (sha256,))]

    def by_trace(self, trace: str) -> bool:
        """Tell whether the very file in the inbox (path, inode, time) was registered by a run that then died."""
        found = self._connection.execute("select 1 from delivery where inbox_trace = ?", (trace,)).fetchone()
        return found is not None

    def next_arrival(self, clock_at: datetime) -> datetime:
        """Return when a file that comes now has come: ``clock_at``, or after all there is if the clock has gone back.

        Which delivery holds goes by the order of arrival, which no clock may turn round.
        """
        newest = self._connection.execute("select max(received_at) from delivery").fetchone()[0]
        return max(clock_at, datetime.fromisoformat(newest) + timedelta(microseconds=1)) if newest else clock_at

    def begin_intake(self, run_id: str) -> None:
        """Note that a run takes the inbox; what a run that was killed had taken of it counts as taken by this one.

        Files that lay there together have come together, whichever run came to take each.
        """
        with self._transaction() as connection:
            connection.execute(
                "update delivery set run_id = ? where status = 'received' and run_id in (select run_id from intake)",
                (run_id,),
            )
            connection.execute("delete from intake")
            connection.execute("insert into intake values (?)", (run_id,))

    def end_intake(self) -> None:
        """Note that all that lay in the inbox is taken."""
        with self._transaction() as connection:
            connection.execute("delete from intake")

    def add(self, *, trace: str, **values: Any) -> None:
        """Enter an arrival; ``values`` are columns of :class:`Delivery`."""
        self._insert("delivery", {**plain(values), "inbox_trace": trace})

    def forget_trace(self, trace: str) -> None:
        """The file has left the inbox: its trace may be reused by the file system."""
        with self._transaction() as connection:
            connection.execute("update delivery set inbox_trace = null where inbox_trace = ?", (trace,))

    def update(self, load_id: str, **values: Any) -> None:
        """Change columns of one delivery; raises ``KeyError`` if there is none."""
        plain_values = plain(values)
        assignments = ", ".join(f"{name} = ?" for name in plain_values)
        with self._transaction() as connection:
            statement = f"update delivery set {assignments} where load_id = ?"  # noqa: S608  names are our own
            if connection.execute(statement, (*plain_values.values(), load_id)).rowcount != 1:
                raise KeyError(load_id)

    def judge(self, load_id: str, checks: Iterable[CheckRow], **values: Any) -> None:
        """Store a verdict and its check results together; earlier results of the delivery are replaced.

        Raises :class:`RowsLost`, and stores nothing, where the rows that came in have not one fate each.
        """
        plain_values = plain(values)
        assignments = ", ".join(f"{name} = ?" for name in plain_values)
        columns = [field.name for field in fields(CheckRow)]
        with self._transaction() as connection:
            connection.execute("delete from check_result where load_id = ?", (load_id,))
            connection.executemany(
                f"insert into check_result ({', '.join(columns)}) values ({', '.join('?' * len(columns))})",  # noqa: S608
                [tuple(getattr(check, column) for column in columns) for check in checks],
            )
            connection.execute(
                f"update delivery set {assignments} where load_id = ?",  # noqa: S608  names are our own
                (*plain_values.values(), load_id),
            )
            stored = connection.execute("select * from delivery where load_id = ?", (load_id,)).fetchone()
            fates = {name: stored[name] for name in ("rows_loaded", "rows_quarantined", "rows_duplicate")}
            if stored["rows_in"] != sum(fates.values()):
                raise RowsLost(f"{load_id}: {stored['rows_in']} rows in, but {fates}")

    def refuse(self, messages: Mapping[str, str]) -> None:
        """Reject deliveries whole and together, each with its message by its id."""
        with self._transaction() as connection:
            connection.executemany(
                "update delivery set status = 'rejected', message = ?, rows_quarantined = rows_in where load_id = ?",
                [(message, load_id) for load_id, message in messages.items()],
            )

    def checks(self) -> list[CheckRow]:
        """Return every stored check result in a fixed order."""
        rows = self._connection.execute(
            "select * from check_result order by source_code, load_id, table_name, check_name"
        ).fetchall()
        return [CheckRow(**{**dict(row), "passed": bool(row["passed"])}) for row in rows]

    def open_rejections(self) -> list[Delivery]:
        """Return rejected deliveries that nothing newer has made up for, oldest first.

        What makes up for one is a delivery of a later run: of the same source and part for each of its years, of the
        same name, or the same bytes under a name that they could be read by. Of a file that could not be read nobody
        knows part and years: then it is one of the same name but for digits, or one of each part the source sends.
        """
        loaded = self.deliveries(status=("loaded", "superseded"))
        return [rejected for rejected in self.deliveries(status=("rejected",)) if not made_up_for(rejected, loaded)]

    def checks_that_matter(self, run_id: str) -> list[CheckRow]:
        """Return the check results of deliveries that hold, were judged in this run, or await mending."""
        shown = {delivery.load_id for delivery in [*self.current().values(), *self.open_rejections()]}
        return [check for check in self.checks() if check.load_id in shown or check.run_id == run_id]

    def current(self) -> dict[tuple[str, str, str, int], Delivery]:
        """Return which loaded delivery holds, by (source, organisation, part, year): the newest one."""
        holding: dict[tuple[str, str, str, int], Delivery] = {}
        for delivery in self.deliveries(status=("loaded", "superseded")):
            for year in delivery.years:
                key = (delivery.source_code, delivery.organisation_number or "", delivery.part, year)
                if key not in holding or holding[key].age_key < delivery.age_key:
                    holding[key] = delivery
        return holding

    def supersede(self) -> list[Delivery]:
        """Mark loaded deliveries that no longer hold for any year, and return the ones newly marked.

        One that holds again, because its successor was rejected by a later check, is loaded again.
        """
        current = self.current()
        holders = {delivery.load_id for delivery in current.values()}
        for delivery in self.deliveries(status=("superseded",)):
            if delivery.load_id in holders:
                self.update(delivery.load_id, status="loaded", superseded_by=None, message="")
        marked = []
        for delivery in self.deliveries(status=("loaded",)):
            if delivery.load_id in holders:
                continue
            key = (delivery.source_code, delivery.organisation_number or "", delivery.part, delivery.years[-1])
            newer = current[key]
            message = f"Ersatt av {newer.file_name} ({newer.load_id})."
            self.update(delivery.load_id, status="superseded", superseded_by=newer.load_id, message=message)
            marked.append(delivery)
        return marked

    def _add_missing_column(self, table: str, column: str) -> None:
        """Give a register that an earlier version made a column of text that this one writes."""
        known = {row["name"] for row in self._connection.execute(f"pragma table_info({table})")}
        if column not in known:
            self._connection.execute(f"alter table {table} add column {column} text not null default ''")

    def _insert(self, table: str, values: dict[str, Any]) -> None:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        with self._transaction() as connection:
            connection.execute(f"insert into {table} ({names}) values ({marks})", tuple(values.values()))  # noqa: S608
