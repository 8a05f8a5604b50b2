"""The registers of follow-up of the tiny municipality: one file each, two years in all but one.

Belongs here: raw schemas and rows as data. Not here: how they are written (``raw_tables``), or any expectation.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

Row = dict[str, Any]

_OF_BOARD = "row_no:long year:int board_code:str"
SCHEMAS = {
    "followup__internal_control": f"{_OF_BOARD} risk_code:str risk_name:str risk_description:str "
    "control_description:str assessment:str result:str action:str reader_remark:str",
    "followup__assignments": f"{_OF_BOARD} assignment_code:str assignment_text:str status:str comment:str "
    "decided_on:date reported_on:date reader_remark:str",
    "followup__contract_reviews": f"{_OF_BOARD} contract_code:str contract_name:str supplier_name:str "
    "requirement_no:int requirement_text:str fulfilled:str deficiency:str effect:str action:str reader_remark:str",
    "followup__contract_measures": f"{_OF_BOARD} contract_code:str measure_code:str measure_name:str group_name:str "
    "value:measure unit:str reader_remark:str",
    "followup__sustainability": f"{_OF_BOARD} activity_no:int principle_no:int principle_text:str activity_text:str "
    "reader_remark:str",
}


def _row(load_id: str, row_no: int, year: int, **cells: Any) -> Row:
    return {"load_id": load_id, "row_no": row_no, "year": year, "board_code": "KS", **cells}


def risk(row_no: int, year: int, code: str, action: str) -> Row:
    """One risk of a year, without assessment."""
    return _row("risks", row_no, year, risk_code=code, risk_name=f"Risk {code}", action=action)


def assignment(row_no: int, year: int, code: str, status: str) -> Row:
    """One assignment of a year."""
    return _row("tasks", row_no, year, assignment_code=code, assignment_text=f"Gör {code}", status=status)


def requirement(row_no: int, year: int, number: int, answer: str) -> Row:
    """One requirement of the contract on meals."""
    contract = {"contract_code": "kost", "contract_name": "Kost", "supplier_name": "Kock AB"}
    return _row("reviews", row_no, year, **contract, requirement_no=number, requirement_text="Krav", fulfilled=answer)


def measure(row_no: int, year: int, group: str, value: str) -> Row:
    """One measured fact of the contract on meals."""
    told = {"contract_code": "kost", "measure_code": "deviations", "measure_name": "Avvikelser", "group_name": group}
    return _row("measures", row_no, year, **told, value=Decimal(value), unit="antal")


TABLES: dict[str, list[Row]] = {
    "followup__internal_control": [
        risk(2, 2022, "R1", "Inför kontroller."),
        risk(3, 2023, "R1", "Inför fler kontroller."),
        risk(4, 2023, "R2", "Ingen åtgärd."),
    ],
    "followup__assignments": [assignment(2, 2022, "U1", "Pågår"), assignment(3, 2023, "U1", "Genomfört")],
    "followup__contract_reviews": [
        requirement(2, 2022, 1, "Delvis"),
        requirement(3, 2023, 1, "Nej"),
        requirement(4, 2023, 2, "Ja"),
    ],
    "followup__contract_measures": [
        measure(2, 2022, "Alla", "4"),
        measure(3, 2023, "Alla", "3"),
        measure(4, 2023, "Skola", "3"),
    ],
    "followup__sustainability": [
        _row("principles", 2, 2023, activity_no=1, principle_no=5, principle_text="Visa.", activity_text="En mässa.")
    ],
}

#: Load -> file, rows, years.
DELIVERIES = {
    "risks": ("internkontroll.xlsx", 3, (2022, 2023)),
    "tasks": ("uppdrag.xlsx", 2, (2022, 2023)),
    "reviews": ("avtalsuppfoljning.xlsx", 3, (2022, 2023)),
    "measures": ("avtalsmatt.xlsx", 3, (2022, 2023)),
    "principles": ("hallbarhet.xlsx", 1, (2023,)),
}
