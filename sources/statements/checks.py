"""What a claim must have to be tried: the figures its relation compares, and one board, year and text per statement.

Belongs here: findings that only the file itself is needed for. Not here: whether a figure exists (the warehouse).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sources.reading import Problem

Row = Mapping[str, Any]

#: More figures than this in one claim is a list in the wrong cell.
MAX_FIGURES = 40
_FIGURE = re.compile(r"\w+(?:/[^/;\s]+){2,9}")
#: Which relations must claim a value, have figures to be compared with, or one of the two.
_NEEDS_VALUE = frozenset({"count", "sum"})
_NEEDS_AGAINST = frozenset({"increased", "decreased", "largest", "smallest"})
_NEEDS_EITHER = frozenset({"equals", "greater", "less"})
_WORDS = {
    **dict.fromkeys(("largest", "smallest"), "störst och minst"),
    **dict.fromkeys(("increased", "decreased"), "ökat och minskat"),
    "count": "antal",
    "sum": "summa",
    "equals": "är",
    **dict.fromkeys(("greater", "less"), "större än och mindre än"),
}


def problems_of(table: str, rows: Sequence[Row], unread: Sequence[Problem]) -> Iterator[Problem]:
    """Yield what is wrong with each claim; one with a cell that is among the ``unread`` is left alone."""
    firsts: dict[str, Row] = {}
    told = {problem.row_no for problem in unread}
    for row in rows:
        for column, value, reason in () if row["row_no"] in told else (*_of_claim(row), *_of_ids(row)):
            yield Problem(table, row["row_no"], column, value or "", reason)
        if row["statement_id"] is not None:
            first = firsts.setdefault(row["statement_id"], row)
            yield from _unlike(table, row, first)


def _of_claim(row: Row) -> Iterator[tuple[str, str | None, str]]:
    relation, figures, against = row["relation"], row["figure_ids"], row["against_ids"]
    if row["statement_text"] is None:
        yield "statement_text", None, "påståendets text saknas; skriv vad rapporten säger"
    if row["not_held"] is not None:
        return
    if relation is None or figures is None:
        column = "figure_ids" if relation else "relation"
        yield column, None, "påståendet säger inget om någon siffra; ange relation och siffror, eller vad som saknas"
        return
    if relation in _NEEDS_VALUE and row["claimed_text"] is None:
        yield "claimed_value", None, f"{_WORDS[relation]} behöver ett värde; skriv talet som det är tryckt"
    if relation in _NEEDS_AGAINST and against is None:
        yield "against_ids", None, f"{_WORDS[relation]} behöver siffror att jämföra med; ange dem"
    if relation in _NEEDS_EITHER and against is None and row["claimed_text"] is None:
        yield (
            "claimed_value",
            None,
            f"{_WORDS[relation]} behöver ett värde eller siffror att jämföra med",
        )
    if against is not None and relation not in ("largest", "smallest") and not _in_pairs(figures, against):
        yield "against_ids", against, "antalet siffror att jämföra med är ett annat; ange en, eller lika många"


def _in_pairs(figures: str, against: str) -> bool:
    many = against.count(";") + 1
    return many in (1, figures.count(";") + 1)


def _of_ids(row: Row) -> Iterator[tuple[str, str | None, str]]:
    for column in ("figure_ids", "against_ids", "share_of_id"):
        ids = (row[column] or "").split(";") if row[column] else []
        if len(ids) > MAX_FIGURES:
            yield column, f"{len(ids)} siffror", f"högst {MAX_FIGURES} siffror ryms; använd * för en hel kolumn"
        for each in ids:
            if not _FIGURE.fullmatch(each) or each.count("*") > 1:
                yield column, each, "är inget id på en siffra; skriv det som i tabellen figure"


def _unlike(table: str, row: Row, first: Row) -> Iterator[Problem]:
    for column, name in (("board_code", "nämnd"), ("year", "år"), ("statement_text", "text")):
        if None not in (row[column], first[column]) and row[column] != first[column]:
            reason = f"{name} är en annan än på rad {first['row_no']}; ge det andra påståendet ett eget id"
            yield Problem(table, row["row_no"], column, str(row[column]), reason)
