"""A good goals workbook, and for every rule on its sheets a change that breaks it.

Belongs here: examples as data. Not here: what is asserted about them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from arrival_examples import SECRET, Example, Row, context, repeats, sets, unreadable, without_rows

D = "goal__indicators"
G = "goal__goals"
T = "goal__targets"
A = "goal__assessments"
C = "goal__occasions"


def indicator(row_no: int, code: str, external: str, first: int, last: int | None = None) -> Row:
    row = {"row_no": row_no, "indicator_code": code, "indicator_name": f"Indikator {code}", "goal_code": "1"}
    row |= {"unit": "nki", "direction": "higher", "decimals": 0, "scale_min": Decimal(0), "scale_max": Decimal(100)}
    row |= {"source_name": "Kolada", "external_code": external, "max_jump": Decimal(20)}
    return row | {"valid_from_year": first, "valid_to_year": last}


def register() -> Example:
    """Return a register of two indicators, one of which has changed definition."""
    occasion = {"year": 2023, "occasion_name": "Delårsbokslut"}
    rows: dict[str, list[Row]] = {
        D: [
            indicator(2, "1.1", "U07451", 2018, 2020),
            indicator(3, "1.1", "U07453", 2021),
            indicator(4, "1.2", "N00610", 2021),
        ],
        G: [
            {"row_no": 2, "goal_code": "1", "goal_name": "Företagsklimat", "board_code": "KS", "priority_code": "1"}
            | {"valid_from_year": 2018, "valid_to_year": 2026}
        ],
        T: [{"row_no": 2, "indicator_code": "1.1", "year": 2023, "target_value": Decimal(72)}],
        A: [{"row_no": 2, "goal_code": "1", "published_assessment": "Helt uppfyllt", "motivation": SECRET} | occasion],
        C: [{"row_no": 2, "reported_on": date(2023, 9, 25)} | occasion],
    }
    return Example("goal", rows, context(organisation_number=None, fiscal_years=(), superseded_rows=None))


GOOD: dict[str, Callable[[], Example]] = {"goal": register}

#: Every rule on a goals workbook -> the example, and a change of it that the rule must see.
BAD: dict[str, tuple[str, Callable[[Example], None]]] = {
    "indicators_has_rows": ("goal", without_rows),
    "indicators_readable": ("goal", unreadable(D, "scale_max")),
    "indicators_code_present": ("goal", sets(D, indicator_code=None)),
    "indicators_goal_present": ("goal", sets(D, goal_code=None)),
    "indicators_unit_known": ("goal", sets(D, unit="kronor")),
    "indicators_direction_known": ("goal", sets(D, direction="uppåt")),
    "indicators_source_present": ("goal", sets(D, source_name=None)),
    "indicators_external_code_present": ("goal", sets(D, external_code=None)),
    "indicators_decimals_plausible": ("goal", sets(D, decimals=5)),
    "indicators_scale_in_order": ("goal", sets(D, scale_max=Decimal(0))),
    "indicators_first_year_plausible": ("goal", sets(D, valid_from_year=23)),
    "indicators_years_in_order": ("goal", sets(D, valid_to_year=2017)),
    "indicators_row_unique": ("goal", repeats(D)),
    "goals_readable": ("goal", unreadable(G, "valid_from_year")),
    "goals_code_present": ("goal", sets(G, goal_code=None)),
    "goals_board_known": ("goal", sets(G, board_code="XX")),
    "goals_years_in_order": ("goal", sets(G, valid_to_year=2017)),
    "goals_row_unique": ("goal", repeats(G)),
    "targets_readable": ("goal", unreadable(T, "target_value")),
    "targets_value_present": ("goal", sets(T, target_value=None)),
    "targets_year_plausible": ("goal", sets(T, year=23)),
    "targets_row_unique": ("goal", repeats(T)),
    "assessments_readable": ("goal", unreadable(A, "year")),
    "assessments_value_known": ("goal", sets(A, published_assessment="Uppfyllt")),
    "assessments_motivation_present": ("goal", sets(A, motivation=None)),
    "assessments_row_unique": ("goal", repeats(A)),
    "occasions_readable": ("goal", unreadable(C, "reported_on")),
    "occasions_reported_on_present": ("goal", sets(C, reported_on=None)),
    "occasions_reported_in_time": ("goal", sets(C, reported_on=date(2022, 12, 31))),
    "occasions_row_unique": ("goal", repeats(C)),
}
