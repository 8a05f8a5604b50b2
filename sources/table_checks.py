"""Checks that every table of amounts meets once it is typed: keys that occur twice, and the total the file states.

Belongs here: findings that only the table itself is needed for. Not here: how cells are typed (``sources.column_map``)
or what is judged against other deliveries (``expectations``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sources.column_map import TypedTable, choose
from sources.reading import Problem
from sources.tabular.table import TextTable
from sources.tabular.values import parse_amount


def repeated_keys(
    table: str,
    key: Sequence[str],
    columns: Mapping[str, Sequence[Any]],
    problems: Sequence[Problem],
    advice: str = "slå ihop dem eller ta bort den som är fel",
) -> list[Problem]:
    """Return a problem for every row whose ``key`` another row has too; rows with an unread key are left out.

    ``columns`` holds row_no and the key. Every such row is named: which of them is right only the owner knows.
    """
    unread = {problem.row_no for problem in problems if problem.column in key}
    rows = defaultdict(list)
    for row_no, *values in zip(columns["row_no"], *(columns[name] for name in key), strict=True):
        if row_no not in unread:
            rows[tuple(values)].append(row_no)
    repeated = {values: row_nos for values, row_nos in rows.items() if len(row_nos) > 1}
    return sorted(
        (
            Problem(
                table, row_no, ",".join(key), "/".join("" if part is None else str(part) for part in values), reason
            )
            for values, row_nos in repeated.items()
            for reason in [f"rad {_listed(row_nos)} har samma nyckel; {advice}"]
            for row_no in row_nos
        ),
        key=lambda problem: problem.row_no,
    )


def _listed(row_nos: Sequence[int]) -> str:
    shown = [str(row_no) for row_no in row_nos[:10]]
    if len(row_nos) > len(shown):
        return f"{', '.join(shown)} och {len(row_nos) - len(shown)} till"
    return f"{', '.join(shown[:-1])} och {shown[-1]}"


def stated_total(table: TextTable, typed_table: TypedTable, column: str = "amount_sek") -> dict[str, str]:
    """Return whether the file's own total agrees with its rows; said only where exactly one total row closes it."""
    if len(table.totals) != 1 or table.totals[0][0] < max(table.row_nos):
        return {}
    _, places = choose(table.headers, [typed_table.column_map])
    row_no, cells = table.totals[0]
    place = places[column]
    try:
        stated = parse_amount(cells[place]) if place < len(cells) else None
    except ValueError:
        stated = None
    if stated is None:
        return {"total_row": f"rad {row_no} har ingen läsbar summa"}
    computed = sum((amount for amount in typed_table.columns[column] if amount is not None), Decimal())
    verdict = "stämmer med raderna" if stated == computed else f"stämmer inte: raderna ger {computed}"
    return {"total_row": f"rad {row_no}: {stated}, {verdict}".replace(".", ",")}
