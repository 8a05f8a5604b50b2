"""Numbers of persons in every way that systems write them, and what stands in their place."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.hr.identity import Pseudonyms, employment_no, key_fingerprint, parse_person_number
from tests.staff_files import COORDINATED, KEY, LEAP, MAN, WOMAN, dashed, number

DAYS = st.dates(min_value=date(1915, 1, 1), max_value=date(2008, 12, 31))
SERIALS = st.integers(0, 999).map("{:03d}".format)


@pytest.mark.parametrize("year", [2015, 2023])
@pytest.mark.parametrize(
    "text",
    [WOMAN, dashed(WOMAN), WOMAN[2:], dashed(WOMAN)[2:], f" {WOMAN[2:8]}+{WOMAN[8:]}", f"{WOMAN[2:]}.0", f"'{WOMAN}"],
)
def test_one_person_however_written(text, year):
    assert parse_person_number(text, year).digits == WOMAN


@given(DAYS, SERIALS, st.integers(2010, 2030), st.booleans())
def test_every_year_of_work_gives_the_same_century(born, serial, year, is_coordinated):
    digits = f"{born:%Y%m}{born.day + 60 * is_coordinated:02d}"
    twelve = number(digits, serial)
    if not 13 <= year - born.year <= 100:
        with pytest.raises(ValueError, match="ålder under 13 eller över 100"):
            parse_person_number(twelve, year)
        return
    person = parse_person_number(twelve, year)
    assert person.digits == twelve
    assert person.birth_year == born.year
    assert person.sex == ("men" if int(serial[-1]) % 2 else "women")
    assert parse_person_number(twelve[2:], year).digits == twelve
    assert parse_person_number(str(int(twelve[2:])), year).digits == twelve


def test_zeros_that_a_number_column_dropped_are_put_back():
    zeros = number("20000101", "004")
    person = parse_person_number(str(int(zeros[2:])), 2023)
    assert (person.digits, person.is_padded) == (zeros, True)
    assert not parse_person_number(zeros[2:], 2023).is_padded


def test_a_day_of_birth_in_a_leap_year():
    assert parse_person_number(LEAP, 2023).birth_year == 2000
    with pytest.raises(ValueError, match="inte finns i kalendern"):
        parse_person_number(number("19990229"), 2023)


def test_a_samordningsnummer_is_born_sixty_days_earlier():
    assert parse_person_number(COORDINATED, 2023).birth_year == 1990


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (WOMAN[:-1] + str((int(WOMAN[-1]) + 1) % 10), "fel kontrollsiffra"),
        ("8,11219E+09", "exponentform"),
        ("811218-TF12", "inget personnummer"),
        ("12345", "inget personnummer"),
        (number("19811318"), "inte finns i kalendern"),
        (number("20811218"), "kontrollera seklet"),
        ("Kattis Påhittad", "inget personnummer"),
    ],
)
def test_what_is_no_number_is_refused_without_being_repeated(text, says):
    with pytest.raises(ValueError, match=says) as refused:
        parse_person_number(text, 2023)
    assert text not in str(refused.value)
    assert not re.search(r"\d{6}", str(refused.value))


def test_without_a_year_only_a_written_century_will_do():
    assert parse_person_number(WOMAN, None).digits == WOMAN
    with pytest.raises(ValueError, match="skriv tolv siffror"):
        parse_person_number(WOMAN[2:], None)


def test_pseudonyms_depend_on_the_key_alone():
    person, other = (parse_person_number(each, 2023) for each in (WOMAN, MAN))
    names = Pseudonyms(KEY)
    assert names.person(person) == Pseudonyms(KEY).person(person)
    assert names.person(person) != names.person(other)
    assert names.person(person) != Pseudonyms(KEY[::-1]).person(person)
    assert re.fullmatch(r"[0-9a-f]{64}", names.person(person))
    assert names.employment("17", "212000-1553") != names.employment("17", "556000-4615")
    assert key_fingerprint(KEY) != key_fingerprint(KEY[::-1])
    assert key_fingerprint(KEY) not in KEY.hex()


def test_a_short_key_is_no_key():
    with pytest.raises(ValueError, match="at least 32 bytes"):
        Pseudonyms(b"secret")


@pytest.mark.parametrize(("text", "says"), [("0017", "17"), ("17.0", "17"), ("a-017", "A-017"), ("000", "0")])
def test_employment_ids_have_one_form(text, says):
    assert employment_no(text) == says
