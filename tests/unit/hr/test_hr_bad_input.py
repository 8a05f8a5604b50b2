"""What staff systems have been seen to send amiss: each is told of, with its row and without a value."""

import pytest

from sources.hr.sheet import HIDDEN
from tests.staff_files import (
    ABSENCE,
    COORDINATED,
    EMPLOYMENT,
    FILES,
    INCIDENT,
    LEAP,
    MAN,
    NAME,
    SCHEDULED,
    WOMAN,
    dashed,
    read_kind,
    rows_of,
)

USUAL = {kind: row for kind, (_, row) in FILES.items()}
#: The kind, the header and what stands under it -> the column and what is said of it.
BAD = [
    ("employments", "Personnummer", dashed(WOMAN)[:-1] + "0", "person_key", "fel kontrollsiffra"),
    ("employments", "Personnummer", "19990229-1239", "person_key", "kontrollsiffra"),
    ("employments", "Personnummer", "", "person_key", "värdet saknas"),
    ("employments", "Personnummer", NAME, "person_key", "inget personnummer"),
    ("employments", "Anställningsnr", "1,2E+05", "employment_key", "exponentform"),
    ("employments", "Anställningsform", NAME, "employment_form", "ordet är okänt"),
    ("employments", "Ansvar", NAME, "unit_code", "är ingen kod"),
    ("employments", "Ansvar", WOMAN[2:], "unit_code", "är ingen kod"),
    ("employments", "Ansvar", WOMAN[:8], "unit_code", "är ingen kod"),
    ("employments", "Sysselsättningsgrad", "100", "contracted_rate_pct", "är mer än 1"),
    ("employments", "Sysselsättningsgrad", NAME, "contracted_rate_pct", "är inte ett tal"),
    ("employments", "Gäller från", "2023-02-29", "valid_from", "finns inte i kalendern"),
    ("employments", "Gäller från", NAME, "valid_from", "är inte ett datum"),
    ("employments", "Avgångsorsak", "Sjuk och trött", "leaving_reason", "ordet är okänt"),
    ("absences", "Frånvaroorsak", "Semester", "cause", "ordet är okänt"),
    ("absences", "Från", "", "absent_from", "värdet saknas"),
    ("absences", "Omfattning", "50", "extent_pct", "är mer än 1"),
    ("scheduled_hours", "Period", "202313", "period", "är ingen månad"),
    ("scheduled_hours", "Schematid", "123456", "scheduled_hours", "för många timmar"),
    ("worked_hours", "Tidsslag", "Jour", "kind", "ordet är okänt"),
    ("incidents", "Inträffade", "", "happened_on", "värdet saknas"),
    ("incidents", "Ärendenr", NAME, "incident_code", "är ingen kod"),
]


@pytest.mark.parametrize(("kind", "header", "value", "column", "says"), BAD)
def test_a_bad_cell_is_told_of_without_being_repeated(kind, header, value, column, says):
    reading = read_kind(kind, USUAL[kind], USUAL[kind] | {header: value})
    (problem,) = reading.problems
    assert problem.row_no // (100 if "hours" in kind else 1) == 3
    assert problem.column == column
    assert says in problem.reason
    assert problem.value in (HIDDEN, "")
    assert rows_of(reading)[1][column] is None
    told = repr([reading.problems, rows_of(reading), dict(reading.facts)])
    assert len(value) < 6 or value not in told


def test_a_row_that_has_slipped_shows_nobody():
    slipped = dict(zip(EMPLOYMENT, [NAME, dashed(WOMAN), *list(EMPLOYMENT.values())[:-2]], strict=True))
    reading = read_kind("employments", EMPLOYMENT, slipped)
    assert {problem.row_no for problem in reading.problems} == {3}
    told = repr([reading.problems, rows_of(reading)])
    assert not any(secret in told for secret in (WOMAN, dashed(WOMAN), "0017", *NAME.split()))


def test_an_injury_without_a_date_still_has_the_year_of_its_file():
    reading = read_kind("incidents", INCIDENT | {"Inträffade": ""})
    assert reading.fiscal_years == (2023,)
    assert [problem.column for problem in reading.problems] == ["happened_on"]


def test_an_incident_of_another_year_than_the_column_says():
    reading = read_kind("incidents", INCIDENT | {"År": "2022"})
    assert [problem.reason for problem in reading.problems] == ["hör inte till år 2022; rätta datum eller år"]


def test_a_file_of_another_employer_says_whose_it_is():
    other = EMPLOYMENT | {"Arbetsgivare": "556000-4615"}
    reading = read_kind("employments", other, other | {"Personnummer": dashed(MAN)})
    assert reading.organisation_number == "556000-4615"


def test_single_rows_of_another_employer_are_told_of():
    reading = read_kind("absences", ABSENCE | {"Arbetsgivare": ""}, ABSENCE | {"Arbetsgivare": "556000-4615"})
    assert reading.organisation_number == "212000-1553"
    assert [(problem.row_no, problem.column) for problem in reading.problems] == [(3, "employer_number")]


def test_an_employer_that_is_a_person_is_no_organisation_number():
    reading = read_kind("employments", EMPLOYMENT | {"Arbetsgivare": dashed(WOMAN)[2:]})
    assert [problem.column for problem in reading.problems] == ["employer_number"]
    assert reading.organisation_number == "212000-1553"


def test_one_person_may_have_two_employments_in_two_units_and_forms():
    second = EMPLOYMENT | {"Anställningsnr": "18", "Anställningsform": "Timavlönad", "Ansvar": "12200"}
    one, two = rows_of(read_kind("employments", EMPLOYMENT, second))
    assert one["person_key"] == two["person_key"]
    assert one["employment_key"] != two["employment_key"]


def test_the_same_person_under_two_numbers_is_two_persons_until_the_register_links_them():
    before = EMPLOYMENT | {"Personnummer": dashed(COORDINATED), "Tidigare personnummer": ""}
    after = EMPLOYMENT | {"Tidigare personnummer": dashed(COORDINATED)}
    one, two = rows_of(read_kind("employments", before, after))
    assert one["person_key"] != two["person_key"]
    assert two["former_person_key"] == one["person_key"]


def test_a_birth_on_leap_day_leaves_only_its_year():
    (row,) = rows_of(read_kind("employments", EMPLOYMENT | {"Personnummer": dashed(LEAP)}))
    assert (row["birth_year"], row["sex"]) == (2000, "women")


def test_an_hour_row_of_another_year_than_its_column():
    reading = read_kind("scheduled_hours", SCHEDULED | {"År": "2022"})
    assert [problem.column for problem in reading.problems] == ["period"]
