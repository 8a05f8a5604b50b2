"""The operations statement (driftsredovisning) as people read it: tkr, rounded half away from zero, only to show.

Belongs here: reading it from a published file and writing it as Markdown. Not here: computing it (dbt), colours
(``summary``).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

COLUMNS = ("Budget", "Bokslut", "Avvikelse", "Året före", "Skillnad")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; ``amounts`` are kronor in the order of :data:`COLUMNS`, None where nothing is known."""

    name: str
    is_total: bool
    amounts: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement of one board and segment for one year."""

    board_code: str
    board_name: str
    segment_name: str
    fiscal_year: int
    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        """The heading above the table."""
        return f"{self.board_name}, {self.segment_name.lower()} {self.fiscal_year}"


def read_statements(database: Path) -> list[Statement]:
    """Return the newest year's statement of every board and segment in a published file.

    Boards come in code order, ordinary operations first. Raises ``duckdb.Error`` where the file cannot be read.
    """
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            """
            select board_code, board_name, segment_name, fiscal_year, line_name, is_total,
                   budget_sek, outcome_sek, deviation_sek, prior_outcome_sek, change_sek
            from marts.budget_outcome
            where fiscal_year = (select max(fiscal_year) from marts.budget_outcome)
            order by board_code, segment_code desc, line_no
            """
        ).fetchall()
    found: dict[tuple[str, str, str, int], list[Line]] = {}
    for board, board_name, segment, year, name, is_total, *amounts in rows:
        found.setdefault((board, board_name, segment, year), []).append(Line(name, is_total, tuple(amounts)))
    return [Statement(*key, lines=tuple(lines)) for key, lines in found.items()]


def tkr(amount: Decimal | None) -> str:
    """Return kronor as thousands, ``-139`` or ``91 728``; a dash where nothing is known."""
    if amount is None:
        return "–"
    # The sign of Decimal decides: ROUND_HALF_UP is half away from zero.
    rounded = int((amount / 1000).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return f"{rounded:,}".replace(",", "\N{NO-BREAK SPACE}")


def statement_markdown(database: Path) -> str:
    """Return every statement of a published file as Markdown tables."""
    parts = []
    for statement in read_statements(database):
        head = f"**{statement.title}** (tkr)\n\n| | {' | '.join(COLUMNS)} |\n|---|{'---:|' * len(COLUMNS)}\n"
        body = "\n".join(f"| {_emphasised(line)} | {' | '.join(map(tkr, line.amounts))} |" for line in statement.lines)
        parts.append(head + body)
    return "\n\n".join(parts)


def _emphasised(line: Line) -> str:
    return f"**{line.name}**" if line.is_total else line.name
