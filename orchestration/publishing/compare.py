"""What a build says, as one fingerprint per mart, and how two of them differ.

Belongs here: comparing the content of DuckDB files. Not here: deciding whether a difference may be published.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.database import connect
from orchestration.loading.snapshot import Build
from orchestration.settings import Database

if TYPE_CHECKING:
    import duckdb

# Marts that tell of runs, not of the municipality: they differ every night.
ABOUT_RUNS = ("quality_result", "release")


@dataclass(frozen=True, slots=True)
class MartContent:
    """One mart's columns with types, its number of rows, and a fingerprint independent of their order."""

    columns: tuple[tuple[str, str], ...]
    rows: int
    fingerprint: str


def quote(identifier: str) -> str:
    """Return an SQL identifier that cannot be anything else."""
    return '"' + identifier.replace('"', '""') + '"'


def contents(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, MartContent]:
    """Return the content of every mart of an attached database, by name, without the marts about runs."""
    found = connection.execute(
        "select table_name from information_schema.tables where table_catalog = ? and table_schema = 'marts' "
        "order by table_name",
        [database],
    ).fetchall()
    return {name: _content(connection, database, name) for (name,) in found if name not in ABOUT_RUNS}


def _content(connection: duckdb.DuckDBPyConnection, database: str, mart: str) -> MartContent:
    columns = connection.execute(
        "select column_name, data_type from information_schema.columns "
        "where table_catalog = ? and table_schema = 'marts' and table_name = ? order by ordinal_position",
        [database, mart],
    ).fetchall()
    # A sum of row hashes: every row counts, also a doubled one, and no order is needed.
    counted = connection.execute(
        f"select count(*), sum(hash(row({', '.join(quote(name) for name, _ in columns)}))::decimal(38, 0)) "  # noqa: S608
        f"from {quote(database)}.marts.{quote(mart)}"
    ).fetchone()
    assert counted is not None
    return MartContent(tuple(columns), counted[0], str(counted[1] or 0))


def fingerprint(marts: dict[str, MartContent]) -> str:
    """Return one fingerprint of a whole release."""
    digest = sha256()
    for name, content in sorted(marts.items()):
        digest.update(repr((name, content)).encode())
    return digest.hexdigest()


def differences(
    before: Path, build: Build, new: dict[str, MartContent], limits: Database
) -> tuple[list[str], list[str]]:
    """Return (blocking, other) differences between a published file and a build, as readable Swedish lines.

    ``new`` is the content of the build. Blocking: a mart that has lost columns, changed a type, or become empty.
    """
    with connect(limits, build.spill) as connection:
        for name, path in (("old", before), ("new", build.warehouse)):
            connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as {name} (read_only)")
        old = contents(connection, "old")
        blocking = [line for mart in sorted(old) for line in _losses(mart, old[mart], new.get(mart))]
        other = [line for mart in sorted(new) for line in _changes(mart, old.get(mart), new[mart])]
        if "budget_outcome" in old and "budget_outcome" in new and not blocking:
            other += _changed_totals(connection)
    return blocking, other


def _losses(mart: str, old: MartContent, new: MartContent | None) -> list[str]:
    if new is None:
        return [f"{mart}: tabellen finns inte längre."]
    types = dict(new.columns)
    lines = [
        f"{mart}.{name}: kolumnen saknas."
        if name not in types
        else f"{mart}.{name}: typen var {kind}, är {types[name]}."
        for name, kind in old.columns
        if types.get(name) != kind
    ]
    if old.rows and not new.rows:
        lines.append(f"{mart}: hade {old.rows} rader, har inga.")
    return lines


def _changes(mart: str, old: MartContent | None, new: MartContent) -> list[str]:
    if old is None:
        return [f"{mart}: ny tabell, {new.rows} rader."]
    if old.rows != new.rows:
        return [f"{mart}: {old.rows} → {new.rows} rader."]
    return [f"{mart}: samma antal rader ({new.rows}), ändrat innehåll."] if old.fingerprint != new.fingerprint else []


def _changed_totals(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        """
        select coalesce(n.board_code, o.board_code), coalesce(n.segment_code, o.segment_code),
               coalesce(n.fiscal_year, o.fiscal_year), coalesce(n.line_name, o.line_name),
               coalesce(o.outcome_sek, 0), coalesce(n.outcome_sek, 0),
               coalesce(o.budget_sek, 0), coalesce(n.budget_sek, 0)
        from old.marts.budget_outcome as o
        full join new.marts.budget_outcome as n using (board_code, segment_code, fiscal_year, line_code)
        where o.outcome_sek is distinct from n.outcome_sek or o.budget_sek is distinct from n.budget_sek
        order by 1, 2, 3, coalesce(n.line_no, o.line_no)
        """
    ).fetchall()
    return [
        f"{board} {segment} {year} {line}: "
        + ", ".join(
            f"{what} {was} → {now} kr" for what, was, now in (("utfall", *outcome), ("budget", *budget)) if was != now
        )
        for board, segment, year, line, *amounts in rows
        for outcome, budget in [(amounts[:2], amounts[2:])]
    ]
