"""What must hold of the models of staff, whatever the staff: the order and the parts of files, and one person more."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.staff_models import Built, Models, build
from tests.staff_tables import Staff

UNITS = [("A", "KS"), ("B", "KS"), ("C", "BN")]
MARTS = ("staff_statistics", "staff_statistics_unit", "sick_leave", "sick_leave_unit", "work_environment")
SEEDS = st.integers(min_value=0, max_value=10**9)
MANY = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def employ(staff: Staff, random: Random, key: str) -> None:
    """Add one person, with working time and spells of sick leave that may overlap, abut and go over New Year."""
    staff.employ(
        key,
        random.choice("AAAABBBC"),
        sex=random.choice(("women", "men")),
        birth_year=random.randrange(1956, 2005),
        employment_form=random.choice(("permanent", "permanent", "temporary", "hourly")),
        contracted_rate_pct=Decimal(random.choice((100, 75, 50))),
        employed_to=random.choice((None, None, None, date(2023, 5, 31), date(2022, 10, 15))),
        leaving_reason=random.choice((None, "pension", "own_request")),
    )
    for year in (2022, 2023):
        staff.schedule(key, year, Decimal(random.choice((165, 120))))
        for _ in range(random.choice((0, 0, 1, 3))):
            start = date(year - random.choice((0, 0, 1)), random.randrange(1, 13), random.randrange(1, 28))
            end = random.choice((None, date(year, random.randrange(1, 13), 28)))
            if end is None or end >= start:
                staff.be_away(key, year, start, end, extent_pct=Decimal(random.choice((20, 30))))
    if random.random() < 0.2:
        staff.work(key, 202300 + random.randrange(1, 13), random.choice(("hourly", "additional", "overtime")), "12.50")
    if random.random() < 0.1:
        staff.report(random.choice(("work_injury", "near_miss")), date(2023, random.randrange(1, 13), 3), "A")


def draw(seed: int) -> Staff:
    random, staff = Random(seed), Staff()
    for number in range(random.randrange(5, 45)):
        employ(staff, random, f"p{number:02}")
    return staff


def marts(built: Built) -> dict[str, list[dict[str, Any]]]:
    return {mart: built.mart(mart) for mart in (*MARTS, "disclosure_mask")}


@MANY
@given(seed=SEEDS)
def test_order_and_parts_of_files_change_nothing(staff_models: Models, seed: int) -> None:
    """The rows in another order, numbered anew, and every file sent in two parts."""
    staff = draw(seed)
    random, parted = Random(seed), copy.deepcopy(staff)
    for rows in parted.tables.values():
        random.shuffle(rows)
        for number, row in enumerate(rows, start=2):
            row |= {"row_no": number, "load_id": row["load_id"] + random.choice(("", "_del2"))}
    assert marts(build(staff_models, parted, UNITS)) == marts(build(staff_models, staff, UNITS))


def plain(built: Built) -> dict[tuple[str, int, str, str], Decimal]:
    rows = [row for row in built.mart("staff_statistics") if not row["is_suppressed"]]
    return {(row["board_code"], row["year"], row["measure_code"], row["group_code"]): row["value"] for row in rows}


def hours(built: Built) -> dict[tuple[Any, ...], tuple[Decimal, Decimal]]:
    keys = "board_code, unit_code, fiscal_year, sex, age_group"
    rows = built.connection.execute(f"select {keys}, ordinary_hours, sick_hours from core.fct_sick_leave").fetchall()
    return {row[:5]: (row[5], row[6]) for row in rows}


@MANY
@given(seed=SEEDS, rate=st.sampled_from([40, 75, 100]), sick_days=st.integers(min_value=1, max_value=25))
def test_one_person_more_changes_what_it_should(staff_models: Models, seed: int, rate: int, sick_days: int) -> None:
    """A woman of 43 on unit B from 2023, ill in January: she is counted where she is, and nowhere else."""
    staff = draw(seed)
    employ(staff, Random(seed), "anchor")  # so that both builds have both years
    before = build(staff_models, staff, UNITS)
    since = {"valid_from": date(2023, 1, 1), "employed_from": date(2023, 1, 1), "contracted_rate_pct": Decimal(rate)}
    staff.employ("new", "B", **since)
    staff.schedule("new", 2023, Decimal(220), range(1, 2))
    staff.be_away("new", 2023, date(2023, 1, 2), date(2023, 1, 1 + sick_days))
    after = build(staff_models, staff, UNITS)

    weekdays = sum(date(2023, 1, 1 + day).weekday() < 5 for day in range(1, sick_days + 1))
    changed = {key: value for key, value in hours(after).items() if hours(before).get(key) != value}
    key = ("KS", "B", 2023, "women", "30_49")
    assert set(changed) == {key}
    ordinary, sick = hours(before).get(key, (Decimal(0), Decimal(0)))
    assert changed[key] == (ordinary + 220, sick + 10 * weekdays)

    missing = Decimal(0)
    counted = {
        measure: plain(after)[place] - plain(before).get(place, missing)
        for measure in ("employees", "full_time_equivalents")
        if (place := ("KS", 2023, measure, "permanent"))
    }
    assert counted == {"employees": 1, "full_time_equivalents": Decimal(rate) / 100}
    others = {place for place in plain(before) if place[2] in ("employees", "full_time_equivalents")}
    assert {place for place in others if plain(after)[place] != plain(before)[place]} <= {
        ("KS", 2023, "employees", "permanent"),
        ("KS", 2023, "full_time_equivalents", "permanent"),
    }


@MANY
@given(seed=SEEDS)
def test_parts_make_the_whole(staff_models: Models, seed: int) -> None:
    """Sexes, ages and day bands each hold every hour; no figure is outside what it can be."""
    built = build(staff_models, draw(seed), UNITS)
    [lost] = built.rows(
        "select count_if(sick_hours <> sick_hours_day_1_14 + sick_hours_day_15_59 + sick_hours_day_60_and_over "
        "or long_sick_hours > sick_hours or sick_hours > ordinary_hours) as cells from core.fct_sick_leave"
    )
    assert lost == {"cells": 0}
    for row in built.mart("sick_leave") + built.mart("sick_leave_unit"):
        assert row["sick_leave_pct"] is None or 0 <= row["sick_leave_pct"] <= 100
