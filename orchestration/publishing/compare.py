"""What a build says, as one fingerprint per mart, and how two of them differ.

Belongs here: comparing the content of DuckDB files. Not here: deciding whether a difference may be published.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.database import connect
from orchestration.publishing import totals
from orchestration.publishing.totals import ChangedTotal
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


def literal(path: Path) -> str:
    """Return a path as an SQL text that cannot be anything else."""
    return "'" + str(path).replace("'", "''") + "'"


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


@dataclass(frozen=True, slots=True)
class Differences:
    """How two published files differ, as readable Swedish lines and as totals.

    ``losses`` are a mart that has lost columns, changed a type, or become empty: a release may not do that. ``schema``,
    ``rows`` and ``year_totals`` are the other lines, ``totals`` what has changed per board, unit and period.
    """

    losses: list[str] = field(default_factory=list)
    schema: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    year_totals: list[str] = field(default_factory=list)
    totals: list[ChangedTotal] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """What is told of a new release: all but the losses and the single periods."""
        return [*self.schema, *self.rows, *self.year_totals]

    def as_json(self) -> str:
        """Return all of it as JSON, amounts as text so that no öre is lost."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, default=str) + "\n"


def differences(
    before: Path, after: Path, spill: Path, limits: Database, new: dict[str, MartContent] | None = None
) -> Differences:
    """Return how the DuckDB file ``after`` differs from ``before`` in its marts, those about runs left out.

    ``new`` is the content of ``after`` where it is known already. The totals are those of marts that have lost nothing.
    """
    with connect(limits, spill) as connection:
        for name, path in (("old", before), ("new", after)):
            connection.execute(f"attach {literal(path)} as {name} (read_only)")
        old = contents(connection, "old")
        new = contents(connection, "new") if new is None else new
        lost = {mart: _losses(mart, old[mart], new.get(mart)) for mart in sorted(old)}
        comparable = {mart for mart in new if lost.get(mart) == []}
        return Differences(
            [line for lines in lost.values() for line in lines],
            schema=[line for mart in sorted(new) for line in _additions(mart, old.get(mart), new[mart])],
            rows=[line for mart in sorted(old.keys() & new.keys()) for line in _changes(mart, old[mart], new[mart])],
            year_totals=_changed_years(connection) if "budget_outcome" in comparable else [],
            totals=totals.changed_totals(connection) if comparable.issuperset(totals.MARTS) else [],
        )


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


def _additions(mart: str, old: MartContent | None, new: MartContent) -> list[str]:
    if old is None:
        return [f"{mart}: ny tabell, {new.rows} rader."]
    known = dict(old.columns)
    return [f"{mart}.{name}: ny kolumn ({kind})." for name, kind in new.columns if name not in known]


def _changes(mart: str, old: MartContent, new: MartContent) -> list[str]:
    if old.rows != new.rows:
        return [f"{mart}: {old.rows} → {new.rows} rader."]
    return [f"{mart}: samma antal rader ({new.rows}), ändrat innehåll."] if old.fingerprint != new.fingerprint else []


def _changed_years(connection: duckdb.DuckDBPyConnection) -> list[str]:
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
