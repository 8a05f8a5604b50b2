"""The rows of the register of deliveries, as Python sees them.

Belongs here: their columns, and how values are kept in SQLite. Not here: the tables and their states (``register``).
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

# A register that belongs to no year (units, goals) holds for year 0.
NO_YEAR = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the register. Times are UTC; ``fiscal_years`` is empty for registers without a year.

    ``sha256`` is that of no bytes for what was never opened: a link, a pipe. ``received_at`` tells the order of
    arrival, ``clock_at`` what the machine's clock said: the same, unless the clock had gone back.
    """

    load_id: str
    source_code: str
    file_name: str
    sha256: str
    size_bytes: int
    received_at: datetime
    run_id: str
    status: str
    organisation_number: str | None
    part: str
    fiscal_years: tuple[int, ...]
    period_from: int | None
    period_to: int | None
    generated_on: date | None
    facts: dict[str, str]
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    rows_duplicate: int
    message: str
    superseded_by: str | None
    check_fingerprint: str | None
    clock_at: datetime

    @property
    def years(self) -> tuple[int, ...]:
        """The years it speaks for, ``(0,)`` for a register without a year."""
        return self.fiscal_years or (NO_YEAR,)

    @property
    def age_key(self) -> tuple[date, datetime, str]:
        """Order of newness: the day the supplier made the file, then when it came, then its id."""
        return (self.generated_on or self.received_at.date(), self.received_at, self.load_id)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One stored check result of one delivery; ``message`` (Swedish) tells its owner of a failed one."""

    load_id: str
    run_id: str
    source_code: str
    table_name: str
    check_name: str
    severity: str
    passed: bool
    failed_rows: int
    total_rows: int
    who_fixes: str
    description: str
    message: str = ""


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as SQLite keeps them: days and times as ISO 8601, lists and dictionaries as JSON."""
    return {name: _to_sql(value) for name, value in values.items()}


def _to_sql(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False)
    return value


def delivery_of(row: sqlite3.Row) -> Delivery:
    """Return a row of the table as a delivery."""
    values = {field.name: row[field.name] for field in fields(Delivery)}
    values["received_at"] = datetime.fromisoformat(values["received_at"])
    values["clock_at"] = datetime.fromisoformat(values["clock_at"] or row["received_at"])
    values["generated_on"] = date.fromisoformat(values["generated_on"]) if values["generated_on"] else None
    values["fiscal_years"] = tuple(json.loads(values["fiscal_years"]))
    values["facts"] = json.loads(values["facts"])
    return Delivery(**values)
