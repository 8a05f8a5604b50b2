"""What is published of staff withstands who tries: by subtraction, between years and nights, and by solving for it.

A group is broken when its sick leave is known within one percentage point. The attackers are seen to succeed against
tables without a mask, and against masks that lack one of its rules.
"""

from __future__ import annotations

import copy
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from attackers import Cell, Group, Knowledge, all_groups, in_group, shown_groups, subtract
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from municipalities import Municipality, Person, draw, draw_person
from two_nights import TwoNights

from tests.staff_models import Built, Models, build
from tests.staff_tables import Row

#: Percentage points: solved for with a tolerance that the solver needs.
BROKEN_BELOW = 1 - 1e-6
SEEDS = st.integers(min_value=0, max_value=10**9)
MANY = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def published(
    models: Models, municipality: Municipality, mask: list[Row] | None = None, *, decimals_from: int = 100
) -> Built:
    units = municipality.units.items()
    return build(models, municipality.staff(), units, mask=mask or [], min_employees_for_decimals=decimals_from)


def broken(known: Knowledge, targets: list[Group], *, without_person: bool = False) -> set[Group]:
    widths = known.intervals(targets, without_person=without_person)
    return {group for group, width in widths if width < BROKEN_BELOW}


def small_groups(built: Built) -> list[Group]:
    return sorted(all_groups(built, "is_small"))


@MANY
@given(seed=SEEDS)
def test_no_small_group_is_told_or_worked_out(staff_models: Models, seed: int) -> None:
    built = published(staff_models, draw(seed))
    shown, small = shown_groups(built), small_groups(built)
    assert not shown & set(small)
    assert not subtract(all_groups(built), shown) & set(small)
    assert not broken(Knowledge.of(built, shown), small)


@MANY
@given(seed=SEEDS)
def test_the_same_files_the_next_night_tell_the_same(staff_models: Models, seed: int) -> None:
    municipality = draw(seed)
    first = published(staff_models, municipality)
    second = published(staff_models, municipality, first.hidden())
    for mart in ("disclosure_mask", "sick_leave", "sick_leave_unit", "staff_statistics", "staff_statistics_unit"):
        assert first.mart(mart) == second.mart(mart)


def newcomer(seed: int, municipality: Municipality) -> Person:
    random = Random(seed)
    unit = random.choice(list(municipality.units))
    return draw_person(random, "newcomer", unit, women=0.5, young=0.3, ill=0.5)


@MANY
@given(seed=SEEDS, joins=st.booleans())
def test_two_nights_tell_no_more_than_the_first(staff_models: Models, seed: int, joins: bool) -> None:
    """One person joins or leaves by a corrected file: what the first night hid of all others, both together hide."""
    fewer = draw(seed)
    more = copy.deepcopy(fewer)
    more.persons.append(newcomer(seed, fewer))
    nights = (fewer, more) if joins else (more, fewer)
    first = published(staff_models, nights[0])
    second = published(staff_models, nights[1], first.hidden())
    builds = (first, second) if joins else (second, first)
    shown = {at: shown_groups(built) for at, built in enumerate(builds)}
    assert {tuple(row.values()) for row in first.hidden()} <= {tuple(row.values()) for row in second.hidden()}
    known = Knowledge.of_two_nights(*builds, shown)
    assert not broken(known, small_groups(first), without_person=True)


@MANY
@given(seed=SEEDS)
def test_no_unit_is_the_only_hidden_one_with_permanents(staff_models: Models, seed: int) -> None:
    """Rate, age and turnover of permanents: the board's figure minus the shown units' would be the hidden one's."""
    built = published(staff_models, draw(seed))
    rows = built.rows("select * from core.fct_staff where measure_code in ('employment_rate', 'mean_age', 'turnover')")
    size = {(r["board_code"], r["fiscal_year"], r["measure_code"], r["unit_code"]): r for r in rows}
    boards = {place(row): row for row in built.mart("staff_statistics")}
    units = built.mart("staff_statistics_unit")
    for board in (
        key for key, row in boards.items() if key in {place(unit) for unit in units} and row["value"] is not None
    ):
        mine = [unit for unit in units if place(unit) == board and size.get((*board, unit["unit_code"]))]
        hidden = [unit for unit in mine if unit["is_suppressed"]]
        members = [size[(*board, unit["unit_code"])]["group_size"] for unit in hidden]
        assert not members or sum(count > 0 for count in members) != 1 or len(hidden) == len(mine), (board, members)
        for unit in mine:
            assert unit["is_suppressed"] or not 0 < size[(*board, unit["unit_code"])]["group_size"] <= 10
        if board[2] == "turnover" and hidden and len(hidden) < len(mine):
            left, start = (sum(size[(*board, u["unit_code"])][k] for u in hidden) for k in ("numerator", "denominator"))
            assert start <= left <= 99 * start or not start


def place(row: Row) -> tuple[str, int, str]:
    return row["board_code"], row["year"], row["measure_code"]


@MANY
@given(seed=SEEDS)
def test_a_newcomer_is_told_by_no_figure_of_two_nights(staff_models: Models, seed: int) -> None:
    """A figure that is shown both nights tells the person's sick leave no nearer than its rounding allows."""
    fewer = draw(seed)
    more = copy.deepcopy(fewer)
    more.persons.append(newcomer(seed, fewer))
    first = published(staff_models, fewer)
    second = published(staff_models, more, first.hidden())
    before, after = all_groups(first), all_groups(second)
    for group in shown_groups(first) & shown_groups(second):
        hours = [float(sizes[group]["ordinary_hours"]) for sizes in (before, after)]
        if hours[1] > hours[0]:
            assert 0.1 * sum(hours) / (hours[1] - hours[0]) >= 1, group


# The same cases each time: rounding may fail in one of some hundreds, as decision 8 says, and that is no news.
@settings(MANY, max_examples=25, derandomize=True)
@given(seed=SEEDS, joins=st.booleans())
def test_a_newcomer_is_told_by_no_figures_of_two_nights_together(staff_models: Models, seed: int, joins: bool) -> None:
    """All that both nights tell, solved together, leaves the sick leave of who joined or left as open as a group's."""
    assert not told_of_newcomer(staff_models, seed, joins=joins)


def told_of_newcomer(models: Models, seed: int, *, joins: bool = True, decimals_from: int = 100) -> list[Cell]:
    """Return where a person of two nights is broken; boards of ``decimals_from`` employees have decimals."""
    fewer = draw(seed)
    more = copy.deepcopy(fewer)
    more.persons.append(newcomer(seed, fewer))
    nights = (fewer, more) if joins else (more, fewer)
    first = published(models, nights[0], decimals_from=decimals_from)
    second = published(models, nights[1], first.hidden(), decimals_from=decimals_from)
    known = TwoNights.of(*((first, second) if joins else (second, first)))
    return [cell for cell, width in known.person() if width < BROKEN_BELOW]


# --- the attackers are real ------------------------------------------------------------------------------------------


def person(key: str, unit: str, *, sex: str = "women", born: int = 1980, ill: int = 0) -> Person:
    """One person on full time, ill so many days from 1 March 2023."""
    spells = [(2023, date(2023, 2, 1), date(2023, 2, 1) + timedelta(days=ill - 1), Decimal(100))] if ill else []
    return Person(key, unit, sex, born, Decimal(165), spells)


def three_units(small: int = 6) -> Municipality:
    """Unit A is small; B holds all that are under thirty, and is next in order; C is large."""
    sizes = {"A": small, "B": 12, "C": 30}
    municipality = Municipality(dict.fromkeys(sizes, "KS"))
    for unit, size in sizes.items():
        for at in range(size):
            born = 1998 if unit == "B" else 1960 + at
            municipality.persons.append(person(f"{unit}{at}", unit, born=born, ill=10 if at % 3 == 0 else 0))
    return municipality


A = ("KS", 2023, "unit", "A")


def test_attackers_break_what_has_no_mask(staff_models: Models) -> None:
    built = published(staff_models, three_units())
    everything = set(all_groups(built))
    assert broken(Knowledge.of(built, everything), [A]) == {A}


def test_attackers_break_a_mask_without_a_complement(staff_models: Models) -> None:
    built = published(staff_models, three_units())
    only_small_hidden = set(all_groups(built)) - {A}
    assert subtract(all_groups(built), only_small_hidden) == {A}
    assert broken(Knowledge.of(built, only_small_hidden), [A]) == {A}


def test_attackers_break_a_complement_that_another_table_tells(staff_models: Models) -> None:
    """A and B are enough together, but B is those under thirty, whom the table of ages tells."""
    built = published(staff_models, three_units())
    two_hidden = set(all_groups(built)) - {A, ("KS", 2023, "unit", "B")}
    assert not subtract(all_groups(built), two_hidden)
    assert broken(Knowledge.of(built, two_hidden), [A]) == {A}
    assert not broken(Knowledge.of(built, shown_groups(built)), [A])


def test_attackers_break_a_complement_without_sick_leave(staff_models: Models) -> None:
    municipality = three_units()
    for someone in municipality.persons:
        if someone.unit != "C":
            someone.spells, someone.birth_year = [], 1980
    built = published(staff_models, municipality)
    two_hidden = set(all_groups(built)) - {A, ("KS", 2023, "unit", "B")}
    assert broken(Knowledge.of(built, two_hidden), [A]) == {A}
    assert not broken(Knowledge.of(built, shown_groups(built)), [A])


def test_attackers_break_a_mask_that_forgets(staff_models: Models) -> None:
    """Unit A has ten, is hidden, and then eleven: a mask of today alone would show it, and tell what it hid."""
    fewer, more = three_units(10), three_units(11)
    first = published(staff_models, fewer)
    for mask, expected in (([], {A}), (first.hidden(), set())):
        second = published(staff_models, more, mask)
        shown = {0: shown_groups(first), 1: shown_groups(second)}
        known = Knowledge.of_two_nights(first, second, shown)
        assert broken(known, [A], without_person=True) == expected


def test_attackers_of_two_nights_break_small_boards_with_decimals(staff_models: Models) -> None:
    assert [told_of_newcomer(staff_models, 21, decimals_from=least) != [] for least in (0, 100)] == [True, False]


def test_the_year_before_is_not_told_by_the_year_after(staff_models: Models) -> None:
    """Unit A is hidden in 2022 and shown in 2023: its row of 2023 tells neither 2022 nor the difference."""
    municipality = three_units(11)
    for someone in municipality.persons:
        someone.spells += (
            [(2022, date(2022, 2, 1), date(2022, 2, 20), Decimal(100))] if someone.key[1:] in "0369" else []
        )
    earlier = [{"board_code": "KS", "year": 2022, "dimension": "unit", "group_code": "A"}]
    built = published(staff_models, municipality, earlier)
    rows = {row["year"]: row for row in built.mart("sick_leave_unit") if row["unit_code"] == "A"}
    assert rows[2022]["is_suppressed"]
    assert not rows[2023]["is_suppressed"]
    assert (rows[2023]["prior_sick_leave_pct"], rows[2023]["difference_pp"]) == (None, None)
    both = {group for group in all_groups(built) if group[:2] == ("KS", 2022)} - {("KS", 2022, "unit", "A")}
    assert subtract(all_groups(built), both) == {("KS", 2022, "unit", "A")}
    assert ("KS", 2022, "unit", "A") not in subtract(all_groups(built), shown_groups(built))


def test_members_of_a_group_are_those_of_its_dimension() -> None:
    cell = ("KS", 2023, "women", "30_49", "A")
    assert in_group(cell, A)
    assert in_group(cell, ("KS", 2023, "board", "total"))
    assert not in_group(cell, ("KS", 2022, "board", "total"))
    assert not in_group(cell, ("KS", 2023, "sex", "men"))
