"""One good delivery of each table of a staff system, and for every rule a change that breaks it.

Belongs here: examples as data, as in ``arrival_examples``. Not here: what is asserted about them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from arrival_examples import Example, Row, context, repeats, sets, table_of, unreadable, without_rows

ANNA, BO, CILLA, DAN = (f"{digit}" * 64 for digit in "abcd")
ONE, TWO, THREE, FOUR = (f"{digit}" * 64 for digit in "1234")
PERSONAL = (ANNA, BO, CILLA, DAN, ONE, TWO, THREE, FOUR)
E, A, S, W, X = "hr__employments", "hr__absences", "hr__scheduled_hours", "hr__worked_hours", "hr__incidents"


def employment(row_no: int, person: str, key: str, **changes: Any) -> Row:
    row = {"row_no": row_no, "person_key": person, "employment_key": key, "birth_year": 1980, "sex": "women"}
    row |= {"employment_form": "permanent", "unit_code": "11", "occupation_code": "151012"}
    row |= {"contracted_rate_pct": Decimal("75.00"), "valid_from": date(2021, 1, 1), "valid_to": None}
    return row | {"employed_from": date(2020, 2, 29), "employed_to": None, "employer_number": None} | changes


EMPLOYMENTS = [
    employment(2, ANNA, ONE, valid_from=date(2020, 2, 29), valid_to=date(2021, 12, 31)),
    employment(3, ANNA, ONE, valid_from=date(2022, 1, 1), contracted_rate_pct=Decimal("100.00")),
    # Two employments in two units and two forms, and an hourly paid one, whose rate is nothing.
    employment(4, BO, TWO, employed_to=date(2023, 6, 30), leaving_reason="pension"),
    employment(5, BO, THREE, employment_form="hourly", unit_code="10", contracted_rate_pct=Decimal("0.00")),
    # The number has changed within the employment, and the later row tells the former.
    employment(6, CILLA, FOUR, valid_to=date(2022, 12, 31), employment_form="temporary"),
    employment(7, DAN, FOUR, valid_from=date(2023, 1, 1), former_person_key=CILLA, employment_form="temporary"),
]


def absence(row_no: int, person: str, key: str, start: date, end: date | None, **changes: Any) -> Row:
    row = {"row_no": row_no, "fiscal_year": 2023, "person_key": person, "employment_key": key, "cause": "sick_leave"}
    return row | {"absent_from": start, "absent_to": end, "extent_pct": Decimal("100.00")} | changes


def scheduled(key: str, person: str, month: int, **changes: Any) -> Row:
    row = {"row_no": int(key[0]) * 1000 + month, "fiscal_year": 2023, "person_key": person, "employment_key": key}
    return row | {"period": 202300 + month, "scheduled_hours": Decimal("160.00")} | changes


SCHEDULED = [scheduled(key, who, month) for key, who in ((ONE, ANNA), (FOUR, CILLA)) for month in range(1, 13)]
SCHEDULED += [scheduled(TWO, BO, month) for month in range(1, 7)]


def _example(table: str, rows: list[Row], **known: Any) -> Example:
    usual: dict[str, Any] = {"superseded_rows": None, "employments": table_of(E, EMPLOYMENTS)}
    return Example("hr", {table: [dict(row) for row in rows]}, context(**(usual | known)))


def employments() -> Example:
    return _example(E, EMPLOYMENTS, fiscal_years=(), employments=None)


def employments_beside() -> Example:
    """Return the first three rows of the register, beside the rest in another part."""
    return _example(E, EMPLOYMENTS[:3], fiscal_years=(), same_table=table_of(E, EMPLOYMENTS[3:]), is_part=True)


def absences() -> Example:
    """Return sick leave over New Year, then by half with half a parental leave beside, and one that lasts."""
    half = Decimal("50.00")
    rows = [
        absence(2, ANNA, ONE, date(2022, 12, 20), date(2023, 1, 15)),
        absence(3, ANNA, ONE, date(2023, 1, 16), date(2023, 2, 28), extent_pct=half),
        absence(4, ANNA, ONE, date(2023, 2, 1), date(2023, 3, 1), cause="parental_leave", extent_pct=half),
        absence(5, DAN, FOUR, date(2023, 12, 1), None),
    ]
    other = absence(2, ANNA, ONE, date(2023, 5, 1), date(2023, 5, 2))
    return _example(A, rows, scheduled_hours=table_of(S, SCHEDULED), same_table=table_of(A, [other]), is_part=True)


def scheduled_hours() -> Example:
    return _example(S, SCHEDULED)


def scheduled_part() -> Example:
    """Return the first half of the year, beside the second."""
    halves = [[row for row in SCHEDULED if (row["period"] % 100 > 6) == late] for late in (False, True)]
    return _example(S, halves[0], same_table=table_of(S, halves[1]), is_part=True)


def worked_hours() -> Example:
    row = {"fiscal_year": 2023, "person_key": BO, "employment_key": THREE, "period": 202303, "kind": "hourly"}
    row |= {"hours": Decimal("31.50")}
    other = row | {"row_no": 303, "person_key": ANNA, "employment_key": ONE, "kind": "overtime"}
    return _example(W, [row | {"row_no": 203}, other, other | {"row_no": 403, "kind": "additional"}])


def incidents() -> Example:
    row = {"row_no": 2, "fiscal_year": 2023, "incident_code": "2023-17", "kind": "work_injury", "unit_code": "11"}
    row |= {"happened_on": date(2023, 4, 3)}
    return _example(X, [row, row | {"row_no": 3, "incident_code": None, "kind": "near_miss"}])


GOOD: dict[str, Callable[[], Example]] = {
    "employments": employments,
    "employments_beside": employments_beside,
    "absences": absences,
    "scheduled_hours": scheduled_hours,
    "scheduled_part": scheduled_part,
    "worked_hours": worked_hours,
    "incidents": incidents,
}


def without_month(month: int) -> Callable[[Example], None]:
    """Return a change that leaves out a month of scheduled time, in this file and in the others."""

    def change(example: Example) -> None:
        example.rows[S] = [row for row in example.rows[S] if row["period"] != 202300 + month]

    return change


def sparse(example: Example) -> None:
    """Leave out two of three employments in one month."""
    example.rows[S] = [row for row in example.rows[S] if row["period"] != 202303 or row["employment_key"] == ONE]


def unscheduled(example: Example) -> None:
    hours = [row for row in SCHEDULED if row["period"] != 202302]
    example.knows(scheduled_hours=table_of(S, hours))


def beside(table: str) -> Callable[[Example], None]:
    """Return a change in which another part holds the first row too."""

    def change(example: Example) -> None:
        example.knows(same_table=table_of(table, [example.rows[table][0] | {"row_no": 90}]))

    return change


HUNDRED, ONE_WHOLE = Decimal("100.01"), Decimal("1.00")
ENDED = {"employed_to": date(2019, 12, 31)}
#: Every rule -> the good example, and a change of it that the rule must see.
BAD: dict[str, tuple[str, Callable[[Example], None]]] = {
    "employments_has_rows": ("employments", without_rows),
    "employments_readable": ("employments", unreadable(E, "person_key")),
    "employments_person_present": ("employments", sets(E, person_key=None)),
    "employments_employment_present": ("employments", sets(E, employment_key=None)),
    "employments_one_person": ("employments", lambda e: e.rows[E][-1].update(former_person_key=None)),
    "employments_sex_present": ("employments", sets(E, sex=None)),
    "employments_birth_year_present": ("employments", sets(E, birth_year=None)),
    "employments_employment_form_present": ("employments", sets(E, employment_form=None)),
    "employments_employment_form_known": ("employments", sets(E, employment_form="vikarie")),
    "employments_unit_code_present": ("employments", sets(E, unit_code=None)),
    "employments_unit_known": ("employments", sets(E, unit_code="99")),
    "employments_unit_valid": ("employments", sets(E, unit_code="13")),
    "employments_unit_valid_to_end": ("employments", lambda e: e.rows[E][1].update(unit_code="13")),
    "employments_rate_present": ("employments", sets(E, contracted_rate_pct=None)),
    "employments_rate_in_range": ("employments", sets(E, contracted_rate_pct=HUNDRED)),
    "employments_rate_is_percent": ("employments", sets(E, contracted_rate_pct=ONE_WHOLE)),
    "employments_valid_from_present": ("employments", sets(E, valid_from=None)),
    "employments_terms_in_order": ("employments", sets(E, valid_to=date(2020, 2, 28))),
    "employments_one_row_per_day": ("employments_beside", beside(E)),
    "employments_employed_from_present": ("employments", sets(E, employed_from=None)),
    "employments_employment_in_order": ("employments", sets(E, **ENDED, leaving_reason="other")),
    "employments_terms_in_employment": ("employments", sets(E, employed_from=date(2022, 1, 1))),
    "employments_leaving_reason_known": ("employments", sets(E, leaving_reason="Pension")),
    "employments_leaving_told": ("employments", sets(E, employed_to=date(2023, 6, 30))),
    "absences_has_rows": ("absences", without_rows),
    "absences_readable": ("absences", unreadable(A, "absent_from")),
    "absences_person_present": ("absences", sets(A, person_key=None)),
    "absences_employment_present": ("absences", sets(A, employment_key=None)),
    "absences_fiscal_year_present": ("absences", sets(A, fiscal_year=None)),
    "absences_cause_present": ("absences", sets(A, cause=None)),
    "absences_cause_known": ("absences", sets(A, cause="semester")),
    "absences_absent_from_present": ("absences", sets(A, absent_from=None)),
    "absences_dates_in_order": ("absences", sets(A, absent_to=date(2022, 12, 19))),
    "absences_in_year": ("absences", sets(A, absent_to=date(2022, 12, 31))),
    "absences_extent_present": ("absences", sets(A, extent_pct=None)),
    "absences_extent_in_range": ("absences", sets(A, extent_pct=Decimal("0.00"))),
    "absences_extent_is_percent": ("absences", sets(A, extent_pct=ONE_WHOLE)),
    "absences_row_alone": ("absences", beside(A)),
    "absences_within_full_time": ("absences", lambda e: e.rows[A][2].update(absent_from=date(2023, 1, 15))),
    "absences_employment_known": ("absences", sets(A, employment_key="9" * 64)),
    "absences_person_agrees": ("absences", sets(A, person_key=BO)),
    "absences_in_employment": ("absences", sets(A, absent_from=date(2020, 2, 28))),
    "absences_has_schedule": ("absences", unscheduled),
    "scheduled_hours_has_rows": ("scheduled_hours", without_rows),
    "scheduled_hours_readable": ("scheduled_hours", unreadable(S, "scheduled_hours")),
    "scheduled_hours_person_present": ("scheduled_hours", sets(S, person_key=None)),
    "scheduled_hours_employment_present": ("scheduled_hours", sets(S, employment_key=None)),
    "scheduled_hours_fiscal_year_present": ("scheduled_hours", sets(S, fiscal_year=None)),
    "scheduled_hours_period_present": ("scheduled_hours", sets(S, period=None)),
    "scheduled_hours_period_is_a_month": ("scheduled_hours", sets(S, period=202313)),
    "scheduled_hours_period_in_year": ("scheduled_hours", sets(S, period=202201)),
    "scheduled_hours_present": ("scheduled_hours", sets(S, scheduled_hours=None)),
    "scheduled_hours_in_range": ("scheduled_hours", sets(S, scheduled_hours=Decimal("-0.01"))),
    "scheduled_hours_row_alone": ("scheduled_hours", repeats(S)),
    "scheduled_hours_employment_known": ("scheduled_hours", sets(S, employment_key="9" * 64)),
    "scheduled_hours_person_agrees": ("scheduled_hours", sets(S, person_key=BO)),
    "scheduled_hours_in_employment": (
        "scheduled_hours",
        lambda e: e.rows[S].append(scheduled(TWO, BO, 7)),
    ),
    "schedule_has_every_month": ("scheduled_hours", without_month(3)),
    "schedule_parts_have_every_month": ("scheduled_part", without_month(3)),
    "schedule_reaches_december": ("scheduled_hours", without_month(12)),
    "schedule_has_most_employments": ("scheduled_hours", sparse),
    "worked_hours_has_rows": ("worked_hours", without_rows),
    "worked_hours_readable": ("worked_hours", unreadable(W, "hours")),
    "worked_hours_person_present": ("worked_hours", sets(W, person_key=None)),
    "worked_hours_employment_present": ("worked_hours", sets(W, employment_key=None)),
    "worked_hours_fiscal_year_present": ("worked_hours", sets(W, fiscal_year=None)),
    "worked_hours_period_present": ("worked_hours", sets(W, period=None)),
    "worked_hours_period_is_a_month": ("worked_hours", sets(W, period=202300)),
    "worked_hours_period_in_year": ("worked_hours", sets(W, period=202203)),
    "worked_hours_kind_present": ("worked_hours", sets(W, kind=None)),
    "worked_hours_kind_known": ("worked_hours", sets(W, kind="jour")),
    "worked_hours_present": ("worked_hours", sets(W, hours=None)),
    "worked_hours_in_range": ("worked_hours", sets(W, hours=Decimal("744.01"))),
    "worked_hours_row_alone": ("worked_hours", beside(W)),
    "worked_hours_employment_known": ("worked_hours", sets(W, employment_key="9" * 64)),
    "worked_hours_person_agrees": ("worked_hours", sets(W, person_key=ANNA)),
    "worked_hours_in_employment": ("worked_hours", sets(W, employment_key=TWO, period=202307)),
    "incidents_has_rows": ("incidents", without_rows),
    "incidents_readable": ("incidents", unreadable(X, "happened_on")),
    "incidents_fiscal_year_present": ("incidents", sets(X, fiscal_year=None)),
    "incidents_kind_present": ("incidents", sets(X, kind=None)),
    "incidents_kind_known": ("incidents", sets(X, kind="olycka")),
    "incidents_happened_on_present": ("incidents", sets(X, happened_on=None)),
    "incidents_row_alone": ("incidents", repeats(X)),
    "incidents_unit_code_present": ("incidents", sets(X, unit_code=None)),
    "incidents_unit_known": ("incidents", sets(X, unit_code="99")),
    "incidents_unit_valid": ("incidents", sets(X, unit_code="13")),
}
