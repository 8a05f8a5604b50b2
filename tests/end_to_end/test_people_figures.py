"""The staff, sick leave and incident tables: every printed cell, from the staff systems' files to the marts."""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

import sources.example
from orchestration.home import Home
from orchestration.query import query

FIGURES = Path(sources.example.__file__).parent / "figures"
KINDS = {"work_injuries": "work_injury", "near_misses": "near_miss"}
# The mart's columns for the value, for the year before as this year's row says it, and for the difference.
TABLES = {
    "staff": ("staff_statistics", ("measure_code", "group_code"), ("value", "prior_value", "difference")),
    "sick_leave": (
        "sick_leave",
        ("breakdown", "group_code"),
        ("sick_leave_pct", "prior_sick_leave_pct", "difference_pp"),
    ),
    "incidents": ("work_environment", ("kind",), ("incidents", "prior_incidents", "difference")),
}


def printed() -> list[tuple[str, tuple[str, ...], tuple[str, str, str]]]:
    """Return table, key and the texts printed for 2022, 2023 and the difference."""
    rows = []
    for table in TABLES:
        with (FIGURES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                keys = [row[name] for name in ("measure", "breakdown", "group") if name in row]
                texts = [text for name, text in row.items() if name.startswith(("value_", "difference"))]
                rows.append((table, tuple(KINDS.get(key, key) for key in keys), (texts[0], texts[1], texts[2])))
    return rows


def rows(home: Home, sql: str) -> list[dict[str, Any]]:
    answer = query(home.current, sql)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def shown(value: Decimal | int, text: str) -> Decimal:
    decimals = len(text.partition(".")[2])
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(("table", "key", "texts"), printed(), ids=lambda part: str(part))
def test_every_printed_cell_is_published(
    published_home: Home, table: str, key: tuple[str, ...], texts: tuple[str, str, str]
) -> None:
    mart, keys, columns = TABLES[table]
    where = " and ".join(f"{name} = '{value}'" for name, value in zip(keys, key, strict=True))
    before, now = rows(published_home, f"from {mart} where board_code = 'KS' and {where} order by year")
    assert (before["year"], now["year"]) == (2022, 2023)
    value, prior, difference = columns
    found = (before[value], now[prior], now[value], now[difference])
    expected = (texts[0], texts[0], texts[1], texts[2])
    assert [shown(number, text) for number, text in zip(found, expected, strict=True)] == list(map(Decimal, expected))


def test_the_it_department_has_the_highest_sick_leave_that_is_shown(published_home: Home) -> None:
    units = rows(published_home, "from sick_leave_unit where board_code = 'KS' and year = 2023")
    visible = [unit for unit in units if not unit["is_suppressed"]]
    assert 2 < len(visible) < len(units)
    highest = max(visible, key=lambda unit: unit["sick_leave_pct"])
    assert highest["unit_name"] == "IT-avdelningen"
    assert highest["employees"] > 10
    assert sum(unit["sick_leave_pct"] == highest["sick_leave_pct"] for unit in visible) == 1


def test_a_board_of_nine_persons_shows_only_how_many_they_are(published_home: Home) -> None:
    figures = rows(published_home, "from staff_statistics where board_code = 'SBN' and year = 2022")
    hidden = {row["measure_code"] for row in figures if row["is_suppressed"]}
    assert hidden == {"employment_rate", "mean_age", "turnover"}
    assert all((row["value"] is None) == row["is_suppressed"] for row in figures)
    sick = rows(published_home, "from sick_leave where board_code = 'SBN' and year = 2022")
    assert sick
    assert all(row["is_suppressed"] and row["sick_leave_pct"] is None and row["employees"] is None for row in sick)


def test_no_row_of_staff_was_set_aside(published_home: Home) -> None:
    loads = rows(published_home, "select file_name, status, rows_in, rows_loaded from load where source_code = 'hr'")
    assert len(loads) == 9
    assert all(load["status"] == "loaded" and load["rows_in"] == load["rows_loaded"] > 0 for load in loads)
    failed = rows(published_home, "from quality_result where source_code = 'hr' and not passed")
    assert failed == []
