"""The staff registers in the files give every printed cell of the staff, sick leave and incident tables."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import example_people as oracle
import pytest
from example_people import shown
from example_staff_files import CAUSES, FOREVER, YEARS, People, read_people, read_sheet

import sources.example
from sources.example import write_example
from sources.example.catalog import Catalog, read_catalog
from sources.example.people import ages, choice, invent_people, measures
from sources.example.people.identities import check_digit
from sources.example.people.records import Registers
from sources.example.solve import Unsolvable

FIGURES = Path(sources.example.__file__).parent / "figures"
Figures = dict[int, dict[tuple[str, ...], Fraction]]


def printed() -> list[tuple[tuple[str, ...], str, str]]:
    """Return (table, measure, group), column (2022, 2023, difference) and the printed text of every cell."""
    cells = []
    for table, keys in (("staff", ("measure", "group")), ("sick_leave", ("breakdown", "group")), ("incidents", ())):
        with (FIGURES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                figure = (table, *(row[key] for key in keys)) if keys else (table, row["measure"], "")
                columns = {name[6:10] if name.startswith("value_") else name[:10]: text for name, text in row.items()}
                cells += [(figure, column, columns[column]) for column in ("2022", "2023", "difference")]
    return cells


def counted(people: People) -> Figures:
    figures: Figures = {}
    for year in YEARS:
        sick = {group: percent for group, (percent, _) in oracle.sick_leave(people, year).items()}
        tables = {"staff": oracle.staff(people, year), "sick_leave": sick, "incidents": oracle.incidents(people, year)}
        figures[year] = {(table, *key): value for table, values in tables.items() for key, value in values.items()}
    return figures


def value(figures: Figures, figure: tuple[str, ...], column: str) -> Fraction:
    if column == "difference":
        return figures[2023][figure] - figures[2022][figure]
    return figures[int(column)][figure]


def wrong_cells(figures: Figures) -> list[tuple[tuple[str, ...], str, str, float]]:
    return [
        (figure, column, text, float(value(figures, figure, column)))
        for figure, column, text in printed()
        if shown(value(figures, figure, column), text) != Decimal(text)
    ]


@pytest.fixture(scope="module")
def people(inbox: Path) -> People:
    return read_people(inbox)


@pytest.fixture(scope="module")
def figures(people: People) -> Figures:
    return counted(people)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog()


@pytest.fixture(scope="module")
def registers(catalog: Catalog) -> Registers:
    return invent_people(catalog, seed=2023)


@pytest.mark.parametrize(("figure", "column", "text"), printed(), ids=lambda part: str(part))
def test_every_printed_cell_comes_out(figures: Figures, figure: tuple[str, ...], column: str, text: str) -> None:
    assert shown(value(figures, figure, column), text) == Decimal(text)


def test_another_seed_gives_other_people_with_the_same_figures(tmp_path: Path, people: People) -> None:
    write_example(tmp_path, seed=7)
    others = read_people(tmp_path)
    assert wrong_cells(counted(others)) == []
    for part in ("number", "name", "employment"):
        same = {getattr(terms, part) for terms in people.terms} & {getattr(terms, part) for terms in others.terms}
        assert len(same) < 10, part
    assert Counter(row.since for row in people.absences) != Counter(row.since for row in others.absences)


def test_the_it_department_was_away_most(people: People) -> None:
    units = {key[1]: found for key, found in oracle.sick_leave(people, 2023).items() if key[0] == "unit"}
    visible = {unit: percent for unit, (percent, persons) in units.items() if persons > 10}
    assert max(visible, key=visible.__getitem__) == "15000"
    assert max(units, key=lambda unit: units[unit][0]) == "15000"
    assert (
        len(
            {
                terms.number
                for terms in oracle.active(people, date(2023, 12, 31), "Tillsvidare")
                if terms.unit == "15000"
            }
        )
        > 10
    )


def test_planenheten_is_another_boards_in_the_first_year(people: People) -> None:
    end = date(2022, 12, 31)
    assert {terms.unit for terms in oracle.active(people, end, "Tillsvidare", "SBN")} == {"16000"}
    assert ("unit", "16000") not in oracle.sick_leave(people, 2022)
    assert ("unit", "16000") in oracle.sick_leave(people, 2023)


def test_every_number_has_its_check_digit(people: People) -> None:
    numbers = {terms.number for terms in people.terms}
    assert all(int(number[-1]) == check_digit(number[2:-1]) for number in numbers)
    assert check_digit("811218987") == 6
    assert len(numbers) == len({terms.name for terms in people.terms}) == 190
    assert [number for number in numbers if number[6:8] > "31"] != []
    assert any(number[4:8] == "0229" for number in numbers)


def test_the_workbooks_have_lost_leading_zeros(inbox: Path) -> None:
    rows = read_sheet(inbox / "personalsystem_schematid_2022.xlsx")
    assert min(row["Persnr"] for row in rows) < 10**9


def test_both_years_speak_of_the_same_persons(people: People) -> None:
    numbers = people.numbers()
    assert all(numbers[row.employment] == row.number for row in people.absences)
    assert {employment for employment, _ in people.scheduled} <= numbers.keys()


def test_absences_lie_inside_employments_and_apart(people: People) -> None:
    employed = {terms.employment: (terms.employed_from, terms.employed_to) for terms in people.terms}
    by_employment = defaultdict(list)
    for row in people.absences:
        since, until = employed[row.employment]
        assert since <= row.since
        assert row.until <= until or row.until == FOREVER
        by_employment[row.year, row.employment].append((row.since, row.until))
    for rows in by_employment.values():
        rows.sort()
        assert all(before[1] < after[0] for before, after in pairwise(rows))


def test_terms_follow_each_other_without_gaps(people: People) -> None:
    by_employment = defaultdict(list)
    for terms in people.terms:
        by_employment[terms.employment].append(terms)
    for rows in by_employment.values():
        rows.sort(key=lambda terms: terms.since)
        assert (rows[0].since, rows[-1].until) == (rows[0].employed_from, rows[0].employed_to)
        assert all(after.since - before.until == timedelta(days=1) for before, after in pairwise(rows))
        assert int(rows[0].number[:4]) <= rows[0].employed_from.year - 18


def test_every_month_of_an_employment_has_ordinary_hours(people: People) -> None:
    for terms in people.terms:
        for period in (year * 100 + month for year in YEARS for month in range(1, 13)):
            first, last = oracle.span(period)
            lasts = terms.form != "Timavlönad" and terms.employed_from <= last and first <= terms.employed_to
            assert ((terms.employment, period) in people.scheduled) == lasts


def test_the_cases_that_make_the_counting_hard_are_there(people: People) -> None:
    ends = [date(year, 12, 31) for year in YEARS]
    forms, units = defaultdict(set), defaultdict(set)
    for form in ("Tillsvidare", "Visstid"):
        for terms in oracle.active(people, ends[0], form):
            forms[terms.number].add(form)
            units[terms.number].add(terms.unit)
    assert any(len(forms[number]) == 2 and len(units[number]) == 2 for number in forms)
    assert any(len(forms[number]) == 1 and len(units[number]) == 2 for number in forms)
    assert len({terms.employment for terms in people.terms}) < len(people.terms)  # terms changed
    reasons = {terms.reason for terms in people.terms}
    assert {"Pension", "Annan nämnd", "Tidsbegränsning upphört"} < reasons
    assert {row.cause for row in people.absences} == set(CAUSES.values())
    for end in ends:
        assert any(
            row.cause == "Föräldraledighet" and row.extent == 1 and row.since <= end <= row.until
            for row in people.absences
        )
    sick = [row for row in people.absences if row.cause == "Sjukfrånvaro"]
    assert any(row.since.year == 2021 for row in sick)
    over = {(row.employment, row.since) for row in sick if row.year == 2022 and row.until == FOREVER}
    assert over & {(row.employment, row.since) for row in sick if row.year == 2023}
    full_until = {(row.employment, row.until) for row in sick if row.extent == 1}
    assert any(
        row.extent == Fraction(1, 2) and (row.employment, row.since - timedelta(days=1)) in full_until for row in sick
    )


def test_a_register_that_lacks_somebody_is_refused(catalog: Catalog, registers: Registers) -> None:
    measures.check(catalog, registers)
    gone = registers.employments[0].employment_id
    fewer = replace(
        registers,
        employments=registers.employments[1:],
        worked=tuple(row for row in registers.worked if row.employment_id != gone),
    )
    with pytest.raises(Unsolvable, match=r"staff employees permanent 2022: 131\.0000 does not give 132"):
        measures.check(catalog, fewer)
    with pytest.raises(Unsolvable, match="incidents near_misses 2022"):
        measures.check(catalog, replace(registers, incidents=registers.incidents[1:]))
    well = tuple(row for row in registers.absences if row.cause != "sick_leave")
    with pytest.raises(Unsolvable, match="sick_leave total total 2022"):
        measures.check(catalog, replace(registers, absences=well))


def test_what_cannot_be_reached_is_refused(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(choice, "_LEAD", 50.0)
        with pytest.raises(Unsolvable, match=r"figures/sick_leave\.csv"):
            invent_people(catalog, seed=2023)
    monkeypatch.setattr(ages, "_WOMEN", 2.0)
    with pytest.raises(Unsolvable, match="sexes and ages"):
        invent_people(catalog, seed=2023)


def test_ages_stay_within_their_spans() -> None:
    import numpy as np

    found = [30, 40]
    ages._move(found, [(30, 35), (39, 41)], [0, 1], 75, np.random.default_rng(1))
    assert sum(found) == 75
    with pytest.raises(Unsolvable, match="cannot add up to 80 years"):
        ages._move(found, [(30, 35), (39, 41)], [0, 1], 80, np.random.default_rng(1))
