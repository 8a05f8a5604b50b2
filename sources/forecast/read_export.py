"""One row per board, segment and line of a forecast round, CSV or Excel.

Belongs here: what a round is, and what makes a line one of a kind. Not here: whether totals agree with their lines
(``expectations``), how files and cells are read (``sources.tabular``), what headers and line names mean
(``column_maps/``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from sources.column_map import load_maps, typed, wanted
from sources.forecast.schema import FORECAST_LINES
from sources.reading import Reading, ReadOptions
from sources.table_checks import repeated_keys
from sources.tabular.table import read_table

TABLE = "forecast__lines"
KEY = ("fiscal_year", "forecast_month", "reported_on", "board_code", "segment_code", "line_code")
_SIGNS = {"income_positive": 1, "debit_positive": -1}


def read_forecast(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return ``forecast__lines``, one row per data row of the file, in file order; kronor, income +, costs -.

    ``part`` is the round, ``08 2023-09-20``, so that rounds of a year stand beside each other and only the same round
    replaces itself. Problems are values that could not be read, lines that do not exist, and every row of a key that
    occurs more than once: two forecasts of one round with the same date. Raises ``Rejected`` for a file without a
    table, and for headers that fit no profile.
    """
    maps = load_maps("forecast")
    table = read_table(data, file_name, wanted(maps), encoding=options.encoding)
    typed_table = typed(table, maps, TABLE)
    columns = {**typed_table.columns, "row_no": list(typed_table.row_nos)}
    sign = _SIGNS[typed_table.column_map.sign]
    columns["amount_sek"] = [None if amount is None else sign * amount for amount in columns["amount_sek"]]
    # The cell may hold a whole period (202308); the year beside it has been compared with it.
    columns["forecast_month"] = [period and period % 100 for period in columns["forecast_month"]]
    advice = "en omgång kan bara ha en prognos per datum, så ta bort den som är fel"
    years = sorted({year for year in columns["fiscal_year"] if year is not None})
    return Reading(
        tables={TABLE: pa.table({name: columns[name] for name in FORECAST_LINES.names}, schema=FORECAST_LINES)},
        rows_in=len(table.row_nos),
        fiscal_years=tuple(years),
        period_from=years[0] * 100 + 1 if years else None,
        period_to=years[-1] * 100 + 12 if years else None,
        part=", ".join(rounds(columns)),
        problems=(*typed_table.problems, *repeated_keys(TABLE, KEY, columns, typed_table.problems, advice)),
        facts=dict(table.facts) | {"profile": typed_table.column_map.profile},
    )


def rounds(columns: Mapping[str, Sequence[Any]]) -> list[str]:
    """Return the rounds of a file, month and reported date, in order; rows that lack either are left out."""
    pairs = zip(columns["forecast_month"], columns["reported_on"], strict=True)
    return sorted({f"{month:02d} {day}" for month, day in pairs if month is not None and day is not None})
