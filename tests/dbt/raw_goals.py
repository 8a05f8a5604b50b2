"""The goals of the tiny municipality, and what has been reported of its indicators.

Belongs here: raw rows as data. Not here: how they are written (``raw_tables``), or any expectation.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

Row = dict[str, Any]

OURS, OTHERS = "1489", ("1440", "1441", "1442")


def indicator(row_no: int, code: str, goal: str, direction: str, source: str, external: str, **more: Any) -> Row:
    """One definition of an indicator, percent from 2020 on unless ``more`` says otherwise."""
    row: Row = {"load_id": "goals", "row_no": row_no, "indicator_code": code, "indicator_name": f"Indikator {code}"}
    row |= {"goal_code": goal, "unit": "percent", "direction": direction, "decimals": 0, "valid_from_year": 2020}
    row |= {"scale_min": Decimal(0), "scale_max": Decimal(100), "source_name": source, "external_code": external}
    return row | more


def goal(row_no: int, code: str, **more: Any) -> Row:
    """One goal of board KS, from 2020 on unless ``more`` says otherwise."""
    row: Row = {"load_id": "goals", "row_no": row_no, "goal_code": code, "goal_name": f"Mål {code}", "board_code": "KS"}
    return row | {"priority_code": "1", "valid_from_year": 2020} | more


def target(row_no: int, code: str, year: int, value: str) -> Row:
    """What the board wants of an indicator in a year."""
    row: Row = {"load_id": "goals", "row_no": row_no, "indicator_code": code, "year": year}
    return row | {"target_value": Decimal(value)}


def value(load_id: str, row_no: int, source: str, code: str, year: int, number: str | None, **more: Any) -> Row:
    """One final value of ours, reported on 2 May of the year after unless ``more`` says otherwise."""
    row: Row = {"load_id": load_id, "row_no": row_no, "source_name": source, "external_code": code, "year": year}
    row |= {"municipality_code": OURS, "group_code": "total", "status": "final", "reported_on": date(year + 1, 5, 2)}
    return row | {"value": number and Decimal(number)} | more


#: A1 changes definition with 2022 and has two sources; B1 should be low and lacks 2023; B2 should be near its target.
TABLES: dict[str, list[Row]] = {
    "goal__goals": [goal(2, "A", agenda_2030="5;16"), goal(3, "B")],
    "goal__indicators": [
        indicator(2, "A1", "A", "higher", "Kolada", "U1", valid_to_year=2021),
        indicator(3, "A1", "A", "higher", "Kolada", "U2", valid_from_year=2022),
        indicator(4, "A1", "A", "higher", "Insikt", "Totalt", valid_from_year=2022),
        indicator(5, "B1", "B", "lower", "SCB", "T1"),
        indicator(6, "B2", "B", "target", "SCB", "T2", tolerance=Decimal(2)),
    ],
    "goal__targets": [
        target(2, "A1", 2023, "60"),
        target(3, "B1", 2023, "10"),
        target(4, "B2", 2023, "50"),
    ],
    "goal__occasions": [
        {"load_id": "goals", "row_no": 2, "year": 2023, "occasion_name": "Delår", "reported_on": date(2023, 9, 20)},
        {"load_id": "goals", "row_no": 3, "year": 2023, "occasion_name": "Bokslut", "reported_on": date(2024, 1, 31)},
    ],
    "goal__assessments": [
        {"load_id": "goals", "row_no": 2, "goal_code": "B", "year": 2023, "occasion_name": "Bokslut"}
        | {"published_assessment": "Helt uppfyllt", "motivation": "B2 väntas nå målet."}
    ],
    "indicator__values": [
        value("kol", 2, "Kolada", "U1", 2021, "90"),
        value("kol", 3, "Kolada", "U2", 2022, "58"),
        *(value("kol", row, "Kolada", "U2", 2022, n, municipality_code=m) for row, m, n in zip(
            (4, 5, 6), OTHERS, ("55", "58", "64"), strict=True)),
        value("ins1", 2, "Insikt", "Totalt", 2023, "57", status="preliminary", reported_on=date(2023, 9, 1)),
        value("ins2", 2, "Insikt", "Totalt", 2023, "61", status="preliminary", reported_on=date(2024, 1, 20)),
        value("scb", 2, "SCB", "T1", 2021, "12"),
        value("scb", 3, "SCB", "T1", 2022, "10"),
        value("scb", 4, "SCB", "T2", 2022, "46"),
        value("scb2", 2, "SCB", "T2", 2023, "53", reported_on=date(2024, 1, 10)),
    ],
    "settings__comparison": [{"municipality_code": code} for code in (*OTHERS, OURS)],
}  # fmt: skip

DELIVERIES = {
    "goals": ("goal", "målregister.xlsx", 5),
    "kol": ("indicator", "kolada_1.json", 5),
    "ins1": ("indicator", "insikt_2023-09-01.xlsx", 1),
    "ins2": ("indicator", "insikt_2024-01-20.xlsx", 1),
    "scb": ("indicator", "scb_2023-05-02.json", 3),
    "scb2": ("indicator", "scb_2024-01-10.json", 1),
}
