"""One row per claim of a statement, CSV or Excel.

Belongs here: what the cells of a claim become, and the text that a statement's later claims share with its first. Not
here: what makes a claim whole (``checks``), how files and cells are read (``sources.tabular``), what headers and words
mean (``column_maps/``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sources.column_map import load_maps, typed, wanted
from sources.reading import Problem, Reading, ReadOptions
from sources.statements.checks import problems_of
from sources.statements.schema import STATEMENT_CLAIMS
from sources.table_checks import repeated_keys
from sources.tabular.table import read_table
from sources.tabular.values import is_missing, parse_measure, plain

TABLE = "statement__claims"
KEY = ("statement_id", "claim_no")
_ADVICE = "ge varje led i ett påstående sitt eget nummer"


def read_claims(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return ``statement__claims``, one row per data row of the file, in file order.

    Values are in the unit beside them, with the decimals they are printed with. Problems are values that are no number,
    relations and units that are not known, claims that lack what their relation needs, and a claim that is there
    twice; a problem with one claim is a problem with all of its statement, since what is left says something else.
    Raises ``Rejected`` for a file without a table, and for headers that fit no profile.
    """
    maps = load_maps("statements")
    table = read_table(data, file_name, wanted(maps), encoding=options.encoding)
    typed_table = typed(table, maps, TABLE)
    columns: dict[str, list[Any]] = {**typed_table.columns, "row_no": list(typed_table.row_nos)}
    columns["claim_no"] = [None if number is None else int(number) for number in columns["claim_no"]]
    unread = [*typed_table.problems, *_printed_values(columns)]
    for name in ("figure_ids", "against_ids", "share_of_id"):
        columns[name] = [_listed(cell) for cell in columns[name]]
    _share_texts(columns)
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    found = [*unread, *repeated_keys(TABLE, KEY, columns, unread, _ADVICE), *problems_of(TABLE, rows, unread)]
    years = sorted({year for year in columns["year"] if year is not None})
    return Reading(
        tables={TABLE: pa.table({name: columns[name] for name in STATEMENT_CLAIMS.names}, schema=STATEMENT_CLAIMS)},
        rows_in=len(table.row_nos),
        fiscal_years=tuple(years),
        period_from=years[0] * 100 + 1 if years else None,
        period_to=years[-1] * 100 + 12 if years else None,
        problems=(*found, *_of_the_same_statement(rows, found)),
        facts=dict(table.facts)
        | {"statements": str(len(set(columns["statement_id"]))), "profile": typed_table.column_map.profile},
    )


def _printed_values(columns: dict[str, list[Any]]) -> list[Problem]:
    """Add ``claimed_value``, ``claimed_decimals`` and ``is_signed``; return a problem for each that is no number."""
    problems = []
    values: list[tuple[Decimal | None, int | None, bool]] = []
    for row_no, cell in zip(columns["row_no"], columns["claimed_text"], strict=True):
        try:
            values.append(printed_value(cell or ""))
        except ValueError as error:
            values.append((None, None, False))
            problems.append(Problem(TABLE, row_no, "claimed_value", cell, str(error)))
    for place, name in enumerate(("claimed_value", "claimed_decimals", "is_signed")):
        columns[name] = [value[place] for value in values]
    return problems


def printed_value(text: str) -> tuple[Decimal | None, int | None, bool]:
    """Return a value as it is printed: the number, how many decimals it has, and whether it has a sign.

    All nothing where the cell is empty. Raises ``ValueError`` (Swedish) for what is no number, or has more than four
    decimals.
    """
    if is_missing(text):
        return None, None, False
    body = plain(text)
    value = parse_measure(body)
    decimals = re.search(r"[.,](\d+)\D*$", body)
    return value, len(decimals[1]) if decimals else 0, body[0] in "+-"


def _listed(cell: str | None) -> str | None:
    """Return ids with ``;`` between, however they are set apart in the cell; nothing for none."""
    return ";".join(re.split(r"[;\s]+", plain(cell or "").strip("; "))) or None


def _share_texts(columns: Mapping[str, list[Any]]) -> None:
    """Give later claims of a statement the text of its first, where they have none of their own."""
    texts: dict[str, str] = {}
    for place, (code, text) in enumerate(zip(columns["statement_id"], columns["statement_text"], strict=True)):
        columns["statement_text"][place] = texts.setdefault(code, text) if text else texts.get(code)


def _of_the_same_statement(rows: Sequence[Mapping[str, Any]], found: Sequence[Problem]) -> list[Problem]:
    """Return a problem for each claim that is in order, of a statement with one that is not."""
    bad = {problem.row_no for problem in found}
    codes = {row["statement_id"]: row["row_no"] for row in reversed(rows) if row["row_no"] in bad}
    return [
        Problem(
            TABLE,
            row["row_no"],
            "statement_id",
            row["statement_id"],
            f"påståendets led på rad {codes[row['statement_id']]} går inte att läsa; rätta det så prövas hela",
        )
        for row in rows
        if row["row_no"] not in bad and row["statement_id"] in codes
    ]
