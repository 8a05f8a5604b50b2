"""One row per budget line of a planning system's export, CSV or Excel.

Belongs here: sign, duplicates and the check of the total row. Not here: how files and cells are read
(``sources.tabular``) or what headers mean (``column_maps/``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sources.budget.schema import BUDGET_LINES
from sources.column_map import TypedTable, choose, load_maps, typed, wanted
from sources.reading import Problem, Reading, ReadOptions
from sources.tabular.table import TextTable, read_table
from sources.tabular.values import parse_amount

TABLE = "budget__lines"
KEY = ("fiscal_year", "period", "unit_code", "account", "activity_code", "project_code", "version")


def read_budget(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return ``budget__lines``, one row per data row of the file, in file order.

    ``amount_sek`` has the ledger's sign (costs +, income -) whichever sign the system writes. Problems are values
    that could not be read, missing keys, and every row of a key that occurs more than once: which of them is right
    only the owner knows. Raises ``Rejected`` for a file without a table, and for headers that fit no profile.
    """
    maps = load_maps("budget")
    table = read_table(data, file_name, wanted(maps), encoding=options.encoding)
    typed_table = typed(table, maps, TABLE)
    facts = dict(table.facts) | {"profile": typed_table.column_map.profile} | _total_fact(table, typed_table)
    columns = {**typed_table.columns, "row_no": list(typed_table.row_nos)}
    if typed_table.column_map.sign == "income_positive":
        columns["amount_sek"] = [None if amount is None else -amount for amount in columns["amount_sek"]]
        facts["sign"] = "vänt: filen skriver intäkter plus"
    years = sorted({year for year in columns["fiscal_year"] if year is not None})
    return Reading(
        tables={TABLE: pa.table({name: columns[name] for name in BUDGET_LINES.names}, schema=BUDGET_LINES)},
        rows_in=len(table.row_nos),
        fiscal_years=tuple(years),
        period_from=years[0] * 100 + 1 if years else None,
        period_to=years[-1] * 100 + 12 if years else None,
        problems=(*typed_table.problems, *_duplicates(columns, typed_table.problems)),
        facts=facts,
    )


def _duplicates(columns: Mapping[str, Sequence[Any]], problems: Sequence[Problem]) -> list[Problem]:
    """Return a problem for every row whose key another row has too; rows with an unread key are left out."""
    unread = {problem.row_no for problem in problems if problem.column in KEY}
    rows = defaultdict(list)
    for row_no, *key in zip(columns["row_no"], *(columns[name] for name in KEY), strict=True):
        if row_no not in unread:
            rows[tuple(key)].append(row_no)
    repeated = {key: row_nos for key, row_nos in rows.items() if len(row_nos) > 1}
    return sorted(
        (
            Problem(TABLE, row_no, ",".join(KEY), "/".join("" if part is None else str(part) for part in key), reason)
            for key, row_nos in repeated.items()
            for reason in [f"rad {_listed(row_nos)} har samma nyckel; slå ihop dem eller ta bort den som är fel"]
            for row_no in row_nos
        ),
        key=lambda problem: problem.row_no,
    )


def _listed(row_nos: Sequence[int]) -> str:
    shown = [str(row_no) for row_no in row_nos[:10]]
    if len(row_nos) > len(shown):
        return f"{', '.join(shown)} och {len(row_nos) - len(shown)} till"
    return f"{', '.join(shown[:-1])} och {shown[-1]}"


def _total_fact(table: TextTable, typed_table: TypedTable) -> dict[str, str]:
    """Return whether the file's own total agrees with its rows; said only where exactly one total row closes it."""
    if len(table.totals) != 1 or table.totals[0][0] < max(table.row_nos):
        return {}
    _, places = choose(table.headers, [typed_table.column_map])
    row_no, cells = table.totals[0]
    place = places["amount_sek"]
    try:
        stated = parse_amount(cells[place]) if place < len(cells) else None
    except ValueError:
        stated = None
    if stated is None:
        return {"total_row": f"rad {row_no} har ingen läsbar summa"}
    computed = sum((amount for amount in typed_table.columns["amount_sek"] if amount is not None), Decimal())
    verdict = "stämmer med raderna" if stated == computed else f"stämmer inte: raderna ger {computed}"
    return {"total_row": f"rad {row_no}: {stated}, {verdict}".replace(".", ",")}
