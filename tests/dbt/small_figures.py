"""A small table of figures for statements to speak of.

Belongs here: figures as data, and one figure more. Not here: what is claimed of them (``test_statement_check``).
"""

from __future__ import annotations

import re
from decimal import Decimal

from raw_statements import Row

T = "budget_outcome/KS/ordinary/2023"
F = "forecast_accuracy/KS/ordinary/2023/8"
L = "sick_leave_unit/KS/2023"
MONEY = {
    f"{T}/revenue": {"budget": "91867000", "outcome": "91728000", "prior_outcome": "77028000", "deviation": "-139000"},
    f"{T}/personnel": {"budget": "-109688000", "outcome": "-102266000", "prior_outcome": "-88880000"},
    f"{T}/other": {"outcome": "-1884740", "deviation": "-2798740", "change": "5695100"},
    f"{T}/services": {"outcome": "-7537420", "deviation": "-3328420"},
    f"{T}/grant": {"outcome": "108907000"},
    f"{T}/result": {"outcome": "177580"},
    "budget_outcome/KS/ordinary/2022/revenue": {"outcome": "77028000"},
}
SHARES = {
    f"{F}/personnel": {"relative_error": "0.1133"},
    f"{F}/services": {"relative_error": "4.6584"},
    f"{F}/rent": {"relative_error": "0.9447"},
    f"{L}/IT": {"sick_leave": "7.0"},
    f"{L}/HR": {"sick_leave": "6.5"},
    f"{L}/small": {"sick_leave": None},
}


def figure(row: str, column: str, value: str | None, unit: str) -> Row:
    """One figure; ``row`` is its id without the column, the year among its parts."""
    year = next(int(part) for part in row.split("/") if re.fullmatch(r"20\d\d", part))
    table, _, line = row.rpartition("/")
    return {
        **{"figure_id": f"{row}/{column}", "mart": row.partition("/")[0], "board_code": "KS", "year": year},
        **{"value_year": year - column.startswith("prior"), "label": f"{line} {year}: {column}", "unit": unit},
        **{"value": value and Decimal(value), "decimals": 0 if unit == "kr" else 1, "is_suppressed": value is None},
        **{"table_id": table, "row_id": line, "column_id": column},
        "series_id": f"{row.replace(str(year), '*')}/{column}",
    }


FIGURES = [
    figure(row, column, value, unit)
    for rows, unit in ((MONEY, "kr"), (SHARES, "%"))
    for row, columns in rows.items()
    for column, value in columns.items()
]
