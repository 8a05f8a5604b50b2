"""One row per budget line of a planning system's export, CSV or Excel.

Belongs here: sign, and what makes a budget line one of a kind. Not here: how files and cells are read
(``sources.tabular``), the checks of any table (``sources.table_checks``) or what headers mean (``column_maps/``).
"""

from __future__ import annotations

import pyarrow as pa

from sources.budget.schema import BUDGET_LINES
from sources.column_map import load_maps, typed, wanted
from sources.reading import Reading, ReadOptions
from sources.table_checks import repeated_keys, stated_total
from sources.tabular.table import read_table

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
    facts = dict(table.facts) | {"profile": typed_table.column_map.profile} | stated_total(table, typed_table)
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
        problems=(*typed_table.problems, *repeated_keys(TABLE, KEY, columns, typed_table.problems)),
        facts=facts,
    )
