"""A good file of each register of follow-up, and for every rule on it a change that breaks it.

Belongs here: examples as data. Not here: what is asserted about them.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from arrival_examples import SECRET, Example, Row, context, sets, unreadable

_OF_BOARD: Row = {"row_no": 2, "year": 2023, "board_code": "KS", "reader_remark": None}
_ROWS: dict[str, Row] = {
    "internal_control": {
        **{"risk_code": "IK-01", "risk_name": SECRET, "risk_description": SECRET, "control_description": SECRET},
        **{"assessment": "Utan anmärkning", "result": SECRET, "action": SECRET},
    },
    "assignments": {
        **{"assignment_code": "U-01", "assignment_text": SECRET, "status": "Pågår", "comment": SECRET},
        **{"decided_on": None, "reported_on": None},
    },
    "contract_reviews": {
        **{"contract_code": "kostavtal", "contract_name": SECRET, "supplier_name": SECRET, "requirement_no": 1},
        **{"requirement_text": SECRET, "fulfilled": "Ja", "deficiency": SECRET, "effect": SECRET, "action": SECRET},
    },
    "contract_measures": {
        **{"contract_code": "kostavtal", "measure_code": "deviations", "measure_name": SECRET, "group_name": "Alla"},
        **{"value": Decimal(462), "unit": "antal"},
    },
    "sustainability": {"activity_no": 1, "principle_no": 2, "principle_text": SECRET, "activity_text": SECRET},
}
#: What the rules of each register are called, and a cell of it that may be unreadable.
_RULES = {
    "internal_control": ("risks", "year"),
    "assignments": ("assignments", "decided_on"),
    "contract_reviews": ("reviews", "fulfilled"),
    "contract_measures": ("measures", "value"),
    "sustainability": ("activities", "principle_no"),
}


def register(name: str) -> Example:
    """Return the file of one register, with one row."""
    known = context(organisation_number=None, superseded_rows=None)
    return Example("followup", {f"followup__{name}": [_OF_BOARD | _ROWS[name]]}, known)


def _bad(name: str, short: str, column: str) -> dict[str, tuple[str, Callable[[Example], None]]]:
    table = f"followup__{name}"
    changes: dict[str, dict[str, Any]] = {"board_known": {"board_code": "XX"}}
    changes["as_written"] = {"reader_remark": "Svar är läst som Ja med anmärkning"}
    broken = {f"{short}_{rule}": (name, sets(table, **change)) for rule, change in changes.items()}
    return broken | {f"{short}_readable": (name, unreadable(table, column))}


GOOD: dict[str, Callable[[], Example]] = {name: partial(register, name) for name in _ROWS}

#: Every rule on a register -> the example, and a change of it that the rule must see.
BAD = {rule: bad for name, told in _RULES.items() for rule, bad in _bad(name, *told).items()}
