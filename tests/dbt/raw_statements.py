"""What the report of the tiny municipality says, and single claims for other tests.

Belongs here: the raw schema and rows as data. Not here: how they are written (``raw_tables``), or any expectation.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

Row = dict[str, Any]

SCHEMAS = {
    "statement__claims": "row_no:long statement_id:str claim_no:int board_code:str year:int statement_text:str "
    "relation:str claimed_value:measure claimed_decimals:int is_signed:bool claimed_unit:str base_year:int "
    "claimed_rank:int figure_ids:str against_ids:str share_of_id:str not_held:str",
}


def claim(
    statement_id: str, relation: str | None, value: str | None = None, unit: str | None = None, **more: Any
) -> Row:
    """One claim of board KS in 2023; ``value`` is as printed, with a sign where it has one."""
    row: Row = {"load_id": "sta", "row_no": 2, "statement_id": statement_id, "claim_no": 1, "board_code": "KS"}
    row |= {"year": 2023, "statement_text": f"Påstående {statement_id}.", "relation": relation, "claimed_unit": unit}
    printed = (value or "").replace(",", ".")
    row |= {"claimed_value": Decimal(printed) if printed else None, "is_signed": printed[:1] in {"+", "-"}}
    return row | {"claimed_decimals": len(printed.partition(".")[2]) if printed else None} | more


_COSTS = "budget_outcome/KS/ordinary/2023/costs"
TABLES: dict[str, list[Row]] = {
    "statement__claims": [
        claim("S1", "equals", "-770", "kr", row_no=2, figure_ids=f"{_COSTS}/outcome"),
        claim("S2", "less", row_no=3, figure_ids=f"{_COSTS}/budget", against_ids=f"{_COSTS}/outcome"),
    ]
}
DELIVERIES = {"sta": ("statement", "pastaenden_2023.xlsx", 2)}
