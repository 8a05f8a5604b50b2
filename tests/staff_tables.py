"""Raw rows of the staff of a tiny municipality, for the tests of the models and of what they let out.

Belongs here: the raw tables of source ``hr`` as dbt expects them, spelt out once more so that a change on either side
is seen, and short ways to write their rows. Not here: running models (``tests.staff_models``), any expectation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]

SCHEMAS = {
    "hr__employments": "row_no:long person_key:str former_person_key:str employment_key:str birth_year:int sex:str "
    "employment_form:str unit_code:str occupation_code:str contracted_rate_pct:rate valid_from:date valid_to:date "
    "employed_from:date employed_to:date leaving_reason:str employer_number:str",
    "hr__absences": "row_no:long fiscal_year:int person_key:str employment_key:str cause:str absent_from:date "
    "absent_to:date extent_pct:rate",
    "hr__scheduled_hours": "row_no:long fiscal_year:int person_key:str employment_key:str period:int "
    "scheduled_hours:hours",
    "hr__worked_hours": "row_no:long fiscal_year:int person_key:str employment_key:str period:int kind:str hours:hours",
    "hr__incidents": "row_no:long fiscal_year:int incident_code:str kind:str happened_on:date unit_code:str",
    "releases__mask": "board_code:str year:int dimension:str group_code:str",
    "settings__staff": (
        "hours_per_full_time_year:int min_group_size:int min_employees_for_decimals:int min_survey_answers:int"
    ),
}
REGISTER = "hre"
FULL_MONTH = Decimal("165.00")


@dataclass
class Staff:
    """Rows by raw table. Files of a year have the load ``hr<year>``, the register of employments ``hre``."""

    tables: Tables = field(default_factory=lambda: {name: [] for name in SCHEMAS if name.startswith("hr__")})

    def employ(self, key: str, unit: str, **more: Any) -> None:
        """One row of terms: a permanent woman born in 1980, full time from 2020 on, unless ``more`` says otherwise."""
        row: Row = {"person_key": key, "employment_key": key, "birth_year": 1980, "sex": "women", "unit_code": unit}
        row |= {"employment_form": "permanent", "contracted_rate_pct": Decimal(100)}
        row |= {"valid_from": date(2020, 1, 1), "employed_from": date(2020, 1, 1), **more}
        self._add("hr__employments", REGISTER, row)

    def schedule(self, key: str, year: int, hours: Decimal = FULL_MONTH, months: range = range(1, 13)) -> None:
        """Ordinary hours of an employment, the same every month."""
        for month in months:
            row = {"person_key": key, "employment_key": key, "fiscal_year": year, "period": year * 100 + month}
            self._add("hr__scheduled_hours", f"hr{year}", row | {"scheduled_hours": hours})

    def be_away(self, key: str, year: int, start: date, end: date | None, **more: Any) -> None:
        """One spell as the file of ``year`` reports it: sick leave of full extent unless ``more`` says otherwise."""
        row: Row = {"person_key": key, "employment_key": key, "fiscal_year": year, "cause": "sick_leave"}
        row |= {"absent_from": start, "absent_to": end, "extent_pct": Decimal(100), **more}
        self._add("hr__absences", f"hr{year}", row)

    def work(self, key: str, period: int, kind: str, hours: str) -> None:
        """Hours beyond the schedule, or of the hourly paid."""
        row = {"person_key": key, "employment_key": key, "fiscal_year": period // 100, "period": period}
        self._add("hr__worked_hours", f"hr{period // 100}", row | {"kind": kind, "hours": Decimal(hours)})

    def report(self, kind: str, on: date, unit: str | None) -> None:
        """One work injury or near miss."""
        row = {"fiscal_year": on.year, "kind": kind, "happened_on": on, "unit_code": unit}
        self._add("hr__incidents", f"hr{on.year}", row)

    def loads(self) -> list[tuple[str, int]]:
        """Return every load that rows came with, and its fiscal year (0 for the register)."""
        found = {row["load_id"] for rows in self.tables.values() for row in rows}
        return sorted((load, 0 if load.startswith(REGISTER) else int(load[2:6])) for load in found)

    def _add(self, table: str, load_id: str, row: Row) -> None:
        rows = self.tables[table]
        rows.append({"load_id": load_id, "row_no": len(rows) + 2} | row)


def hidden(board: str, year: int, dimension: str, group: str) -> Row:
    """One group that an earlier release has hidden."""
    return {"board_code": board, "year": year, "dimension": dimension, "group_code": group}


def small_staff() -> Staff:
    """Sixteen women on unit 10 and four men on unit 1, two years, with sick leave, overtime and incidents."""
    staff = Staff()
    for number in range(20):
        key, unit = f"p{number:02}", "10" if number < 16 else "1"
        more: Row = {"birth_year": 1960 + 2 * number, "sex": "women" if number < 16 else "men"}
        if number == 3:
            more |= {"employed_to": date(2023, 6, 30), "leaving_reason": "own_request"}
        staff.employ(key, unit, **more)
        for year in (2022, 2023):
            staff.schedule(key, year, months=range(1, 7) if number == 3 else range(1, 13))
            if number % 5 == 0:
                staff.be_away(key, year, date(year, 3, 1), date(year, 3, 1 + number))
    staff.be_away("p04", 2022, date(2022, 11, 14), None)
    staff.be_away("p04", 2023, date(2022, 11, 14), date(2023, 2, 14))
    staff.work("p05", 202305, "overtime", "39.60")
    staff.report("near_miss", date(2022, 5, 2), "10")
    staff.report("work_injury", date(2023, 5, 2), "10")
    return staff
