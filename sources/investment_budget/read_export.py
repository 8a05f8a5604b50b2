"""One row per line of an investment budget, CSV or Excel.

Belongs here: what makes a line one of a kind. Not here: how files and cells are read (``sources.tabular``), the checks
of any table (``sources.table_checks``) or what headers mean (``column_maps/``).
"""

from __future__ import annotations

import pyarrow as pa

from sources.column_map import load_maps, typed, wanted
from sources.investment_budget.schema import INVESTMENT_BUDGET_LINES
from sources.reading import Reading, ReadOptions
from sources.table_checks import repeated_keys, stated_total
from sources.tabular.table import read_table

TABLE = "investment_budget__lines"
KEY = ("fiscal_year", "board_code", "project_code", "version")


def read_investment_budget(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return ``investment_budget__lines``, one row per data row of the file, in file order; kronor, expenditure +.

    Problems are values that could not be read, missing keys, and every row of a key that occurs more than once.
    Raises ``Rejected`` for a file without a table, and for headers that fit no profile.
    """
    maps = load_maps("investment_budget")
    table = read_table(data, file_name, wanted(maps), encoding=options.encoding)
    typed_table = typed(table, maps, TABLE)
    columns = {**typed_table.columns, "row_no": list(typed_table.row_nos)}
    years = sorted({year for year in columns["fiscal_year"] if year is not None})
    rows = {name: columns[name] for name in INVESTMENT_BUDGET_LINES.names}
    return Reading(
        tables={TABLE: pa.table(rows, schema=INVESTMENT_BUDGET_LINES)},
        rows_in=len(table.row_nos),
        fiscal_years=tuple(years),
        period_from=years[0] * 100 + 1 if years else None,
        period_to=years[-1] * 100 + 12 if years else None,
        problems=(*typed_table.problems, *repeated_keys(TABLE, KEY, columns, typed_table.problems)),
        facts=dict(table.facts) | {"profile": typed_table.column_map.profile} | stated_total(table, typed_table),
    )
