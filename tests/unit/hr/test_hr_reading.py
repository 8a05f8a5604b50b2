"""Every kind of table from both systems, and nobody in what comes out."""

from datetime import date
from decimal import Decimal

import pytest

from sources.column_map import load_maps
from sources.hr import KEY_FACT, KINDS, read
from sources.hr.identity import Pseudonyms, key_fingerprint, parse_person_number
from sources.hr.schema import SCHEMAS
from sources.reading import KeyMissing, ReadOptions, Rejected
from tests.staff_files import (
    EMPLOYMENT,
    FILES,
    KEY,
    MAN,
    MONTHS,
    NAME,
    OPTIONS,
    REMARK,
    SCHEDULED,
    WOMAN,
    csv,
    dashed,
    number,
    read_kind,
    rows_of,
    workbook,
)

NAMES = Pseudonyms(KEY)
PERSON = NAMES.person(parse_person_number(WOMAN, 2023))
EMPLOYED = NAMES.employment("17", "212000-1553")
SERIAL = {date(2022, 12, 20): 44915, date(2023, 1, 15): 44941}


def test_an_employment():
    reading = read_kind("employments")
    assert rows_of(reading) == [
        {
            "row_no": 2,
            "person_key": PERSON,
            "former_person_key": None,
            "employment_key": EMPLOYED,
            "birth_year": 1981,
            "sex": "women",
            "employment_form": "permanent",
            "unit_code": "11100",
            "occupation_code": "151012",
            "contracted_rate_pct": Decimal("75.00"),
            "valid_from": date(2021, 1, 1),
            "valid_to": None,
            "employed_from": date(2020, 2, 29),
            "employed_to": None,
            "leaving_reason": None,
            "employer_number": None,
        }
    ]
    assert (reading.part, reading.fiscal_years, reading.problems) == ("employments", (), ())
    assert reading.organisation_number == "212000-1553"
    assert reading.facts[KEY_FACT] == key_fingerprint(KEY)


def test_sick_leave_over_new_year_keeps_its_first_day():
    reading = read_kind("absences")
    (row,) = rows_of(reading)
    assert (row["absent_from"], row["absent_to"]) == (date(2022, 12, 20), date(2023, 1, 15))
    assert (row["fiscal_year"], row["cause"], row["extent_pct"]) == (2023, "sick_leave", Decimal("50.00"))
    assert (row["person_key"], row["employment_key"]) == (PERSON, EMPLOYED)
    assert (reading.part, reading.fiscal_years) == ("absences", (2023,))


def test_hours_by_month():
    (row,) = rows_of(read_kind("scheduled_hours"))
    assert (row["period"], row["scheduled_hours"], row["row_no"]) == (202301, Decimal("123.75"), 201)
    (row,) = rows_of(read_kind("worked_hours"))
    assert (row["period"], row["kind"], row["hours"], row["fiscal_year"]) == (202303, "hourly", Decimal("31.50"), 2023)


def test_an_incident_is_nobodys():
    reading = read_kind("incidents")
    assert rows_of(reading) == [
        {"row_no": 2, "fiscal_year": 2023, "incident_code": "2023-17", "kind": "work_injury"}
        | {"happened_on": date(2023, 4, 3), "unit_code": "11100"}
    ]
    assert reading.fiscal_years == (2023,)


def test_absences_of_the_wide_system_say_the_same():
    headers = ["Persnr", "Namn", "Anst-id", "Orsak", "Fr.o.m.", "T.o.m.", "Omf %"]
    row = [int(WOMAN[2:]), NAME, 17, "Sjuk", *SERIAL.values(), 50]
    reading = read(workbook(headers, row), "personalsystem_franvaro_2023.xlsx", OPTIONS)
    assert rows_of(reading) == rows_of(read_kind("absences"))


def test_a_wide_row_is_a_row_for_each_month_that_is_filled():
    headers = ["Persnr", "Namn", "Anst-id", *MONTHS]
    zeros = number("20000101", "004")
    rows = [[int(WOMAN[2:]), NAME, 17, 123.75, *[None] * 11], [int(zeros[2:]), NAME, 18, *[160] * 11, 0]]
    reading = read(workbook(headers, *rows), "personalsystem_schematid_2023.xlsx", OPTIONS)
    table = rows_of(reading)
    assert [row["row_no"] for row in table] == [201, *range(301, 313)]
    assert table[0] == rows_of(read_kind("scheduled_hours"))[0]
    assert [row["period"] for row in table[1:]] == list(range(202301, 202313))
    assert table[-1]["scheduled_hours"] == Decimal("0.00")
    assert table[-1]["person_key"] == NAMES.person(parse_person_number(zeros, 2023))
    assert reading.rows_in == 13
    assert reading.facts["leading_zeros_restored"] == "1 personnummer hade tappat inledande nollor"


def test_what_is_wrong_with_a_wide_row_is_wrong_with_each_of_its_months():
    headers = ["Persnr", "Anst-id", "Tidsslag", *MONTHS]
    wrong, right = [int(WOMAN[2:]) + 1, 17, "Övertid", 4, "sjuk"], [int(MAN[2:]), 18, "Fyllnad", 1]
    reading = read(workbook(headers, wrong, right), "arbetad_tid_2022.xlsx", OPTIONS)
    found = [(problem.row_no, problem.column) for problem in reading.problems]
    assert found == [(201, "person_key"), (202, "hours"), (202, "person_key")]
    assert [(row["row_no"], row["hours"]) for row in rows_of(reading)] == [(201, 4), (202, None), (301, 1)]


def test_a_former_number_makes_a_former_key():
    coordinated = number("19811278", "238")
    row = EMPLOYMENT | {"Tidigare samordningsnummer": dashed(coordinated)}
    (found,) = rows_of(read_kind("employments", row))
    assert found["person_key"] == PERSON
    assert found["former_person_key"] == NAMES.person(parse_person_number(coordinated, 2023))


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("schematid_2023.csv", "scheduled_hours"),
        ("schematid_2023_del1.csv", "scheduled_hours del 1"),
        ("schematid 2023 del 02.csv", "scheduled_hours del 2"),
        ("schematid_1av3_2023.csv", "scheduled_hours del 1"),
        ("schematid_avdelning7_2023.csv", "scheduled_hours"),
    ],
)
def test_parts_of_a_split_stand_beside_each_other(name, part):
    assert read_kind("scheduled_hours", name=name).part == part


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_personal_is_read(kind):
    reading = read_kind(kind)
    told = repr([rows_of(reading), reading.problems, dict(reading.facts)])
    for secret in (WOMAN, WOMAN[2:], WOMAN[-4:], dashed(WOMAN), MAN, "0017", "1981-12-18", NAME, *NAME.split(), REMARK):
        assert secret not in told


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_key_nothing_is_read(kind):
    name, row = FILES[kind]
    with pytest.raises(KeyMissing):
        read(csv(row), name, ReadOptions())


def test_the_key_is_in_no_text():
    assert KEY.hex() not in repr(OPTIONS)
    assert repr(KEY) not in repr(OPTIONS)


def test_both_systems_have_a_map_of_every_kind():
    assert {each.profile for each in load_maps("hr")} == {
        f"{kind}_{system}" for kind in KINDS for system in ("lonlinjen", "personalbladet")
    }
    assert {f"hr__{kind}" for kind in KINDS} == set(SCHEMAS)


def test_a_header_that_nobody_knows_stops_the_file_and_is_not_repeated():
    with pytest.raises(Rejected, match="Kolumnen nr 5 är okänd") as refused:
        read_kind("scheduled_hours", SCHEDULED | {NAME: "x"})
    assert NAME not in str(refused.value)


def test_a_table_of_no_year_is_refused():
    with pytest.raises(Rejected, match="skriv året i filnamnet"):
        read_kind("absences", name="franvaro.csv")
