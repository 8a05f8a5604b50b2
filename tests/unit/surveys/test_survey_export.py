"""Surveys as they come: wide and long, with their questions or without, and nothing that tells who answered."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.reading import ReadOptions, Rejected
from sources.surveys import is_questions, read
from sources.surveys.answers import parse_answer
from sources.surveys.schema import SCHEMAS

QUESTION_HEADER = ["Enkät", "Enkätnamn", "År", "Omgång", "Kod", "Fråga", "Mått", "Lägst", "Högst", "Gynnsamt från"]
NEAR = ["Chefsenkät", "Chefsenkäten", "2023", "", "nara", "Jag når dem lätt", "Andel", "1", "5", "4"]
STEADY = ["Chefsenkät", "Chefsenkäten", "2023", "", "F2", "Det fungerar", "Medelvärde", "1", "5", ""]
WORDS = ["Chefsenkät", "Chefsenkäten", "2023", "", "F3", "Vad mer?", "Fritext", "", "", ""]
REFUSAL = "svaret är inte en punkt på skalan; skriv siffran, eller Vet ej"
SECRETS = ("Kalle", "kalle@", "19800101", "sjuk")


def csv(*rows, encoding="utf-8"):
    return "\n".join(";".join(row) for row in rows).encode(encoding)


def answers(reading):
    return reading.tables["survey__answers"].to_pylist()


def told(reading):
    return repr([{name: table.to_pylist() for name, table in reading.tables.items()}, reading.facts, reading.problems])


def short(reading):
    return [
        (row["respondent_no"], row["group_code"], row["question_code"], row["answer_value"], row["is_no_opinion"])
        for row in answers(reading)
    ]


@pytest.fixture
def managers(workbook):
    """A workbook with questions and answers; ``rows`` are those of the answers, ``asked`` those of the questions."""

    def write(*rows, asked=(NEAR, STEADY, WORDS), name="enkat_chefer.xlsx"):
        sheets = {"Svar": [["Chefsenkäten"], [], *rows], "Frågor": [QUESTION_HEADER, *asked]}
        return read(workbook(sheets), name, ReadOptions())

    return write


HEADER = ["Svars-id", "Namn", "E-post", "Personnummer", "Enhet", "Jag når dem lätt", "F2", "Vad mer?", "Vikt"]


def test_a_wide_workbook_brings_its_questions_and_leaves_persons_behind(managers):
    reading = managers(
        HEADER,
        ["7001", "Kalle", "kalle@x.se", "19800101-1234", "11000", "4 - Instämmer", 5, "Jag var sjuk", "1,5"],
        ["7002", "Kalle", "kalle@x.se", "19800101-1234", "", "Vet ej", "", "", "0,5"],
    )
    assert reading.tables["survey__answers"].schema == SCHEMAS["survey__answers"]
    assert reading.tables["survey__questions"].schema == SCHEMAS["survey__questions"]
    assert answers(reading)[0] == {
        "row_no": 4001,
        "survey_code": "chefsenkät",
        "year": 2023,
        "round_no": None,
        "measured_on": None,
        "group_code": "11000",
        "respondent_no": 1,
        "question_code": "nara",
        "answer_value": Decimal("4.00"),
        "is_no_opinion": False,
        "weight": Decimal("1.5"),
    }
    assert short(reading)[1:] == [
        (1, "11000", "f2", Decimal("5.00"), False),
        (2, None, "nara", None, True),
        (2, None, "f2", None, False),
    ]
    assert [row["question_code"] for row in reading.tables["survey__questions"].to_pylist()] == ["nara", "f2"]
    assert (reading.part, reading.fiscal_years, reading.rows_in, reading.problems) == ("chefsenkät", (2023,), 4, ())
    assert reading.facts["respondents"] == "2"
    assert not any(secret in told(reading) for secret in (*SECRETS, "7001"))


def test_a_question_says_what_is_made_of_it(managers):
    near, steady = managers(HEADER, ["1", "", "", "", "", 4, 5, "", 1]).tables["survey__questions"].to_pylist()
    assert {name: near[name] for name in ("statistic", "unit", "favourable_from", "decimals", "min_answers")} == {
        "statistic": "share",
        "unit": "percent",
        "favourable_from": 4,
        "decimals": 0,
        "min_answers": None,
    }
    assert (near["question_text"], near["survey_name"]) == ("Jag når dem lätt", "Chefsenkäten")
    assert (steady["statistic"], steady["unit"], steady["decimals"]) == ("mean", "points", 1)


def test_a_long_file_in_windows_text_tells_the_same_as_a_wide_one():
    wide = csv(["Svars-id", "Enhet", "F1", "F2"], ["b", "11000", "4", "Vet inte"], ["a", "11000", "", "2"])
    long = csv(
        ["Svars-id", "Enhet", "Frågekod", "Svar"],
        *(["b", "11000", "F1", "4"], ["a", "11000", "F1", ""]),
        *(["b", "11000", "F2", "Vet inte"], ["a", "11000", "F2", "2"]),
        encoding="cp1252",
    )
    readings = [read(data, "puls_2023_2.csv", ReadOptions()) for data in (wide, long)]
    assert sorted(short(readings[0]), key=repr) == sorted(short(readings[1]), key=repr)
    assert [reading.part for reading in readings] == ["puls 2", "puls 2"]
    assert {(row["survey_code"], row["year"], row["round_no"]) for row in answers(readings[1])} == {("puls", 2023, 2)}
    assert [row["row_no"] for row in answers(readings[1])] == [2000, 3000, 4000, 5000]
    assert readings[1].facts["encoding"] == "cp1252"


def test_questions_may_come_in_a_file_of_their_own():
    reading = read(csv(QUESTION_HEADER, NEAR, STEADY, WORDS), "chefsenkat_fragor.csv", ReadOptions())
    assert set(reading.tables) == {"survey__questions"}
    assert (reading.part, reading.fiscal_years, reading.rows_in) == ("frågor chefsenkät", (2023,), 2)
    assert is_questions(reading.part)


def test_a_workbook_of_questions_alone_is_one_too(workbook):
    reading = read(workbook({"Frågor": [QUESTION_HEADER, NEAR], "Blad2": []}), "enkat.xlsx", ReadOptions())
    assert set(reading.tables) == {"survey__questions"}


def test_the_file_says_which_survey_it_is_of_before_its_name_does():
    data = csv(["Enkät", "År", "Omgång", "Mätdag", "F1"], ["Stora Pulsen", "2022", "3", "2022-09-15", "4"])
    (row,) = answers(read(data, "puls_2023_1.csv", ReadOptions()))
    assert (row["survey_code"], row["year"], row["round_no"]) == ("stora_pulsen", 2022, 3)
    assert row["measured_on"] == date(2022, 9, 15)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("puls_2023_1.csv", "puls 1"),
        ("Puls 2023 omgång 4.csv", "puls 4"),
        ("enkat_chefer_2023.csv", "enkat_chefer"),
        ("enkat-2023-10.csv", "enkat 10"),
    ],
)
def test_a_name_tells_survey_year_and_round(name, part):
    reading = read(csv(["Enhet", "F1"], ["1", "4"]), name, ReadOptions())
    assert (reading.part, reading.fiscal_years) == (part, (2023,))


def test_a_number_may_stand_for_no_opinion(workbook):
    sheets = {
        "Svar": [["Svars-id", "F2"], ["1", 9], ["2", "passar inte"], ["3", 3]],
        "Frågor": [[*QUESTION_HEADER, "Vet inte"], [*STEADY, "9, Passar inte"]],
    }
    reading = read(workbook(sheets), "enkat.xlsx", ReadOptions())
    assert [row["is_no_opinion"] for row in answers(reading)] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4", ("4", False)),
        ("4,5", ("4.5", False)),
        ("4 - Instämmer", ("4", False)),
        ("5. Helt", ("5", False)),
        ("Instämmer inte (1)", ("1", False)),
        ("VET EJ", (None, True)),
        (" Ingen åsikt ", (None, True)),
        ("", (None, False)),
        ("-", (None, False)),
    ],
)
def test_an_answer_is_a_point_on_the_scale(text, expected):
    value, is_no_opinion = parse_answer(text)
    assert (value, is_no_opinion) == (expected[0] and Decimal(expected[0]), expected[1])


@given(st.text(max_size=30))
def test_what_is_no_answer_is_refused_without_being_told(text):
    try:
        value, _ = parse_answer(text)
    except ValueError as error:
        value, said = None, str(error)
    else:
        said = REFUSAL
    assert value is None or abs(value) <= 100
    assert said == REFUSAL


@pytest.mark.parametrize("answer", ["Jag var sjuk", "198001011234", "4711", "4,555"])
def test_an_answer_that_cannot_be_read_is_a_problem_that_hides_it(answer):
    reading = read(csv(["Svars-id", "F1"], ["1", answer], ["2", "4"]), "puls_2023.csv", ReadOptions())
    (problem,) = reading.problems
    assert (problem.row_no, problem.column, problem.value) == (2001, "answer_value", "(dolt värde)")
    assert answer not in told(reading)


def test_what_is_wrong_with_a_line_is_wrong_with_every_answer_on_it():
    header = ["Svars-id", "Mätdag", "Vikt", "F1", "F2"]
    data = csv(header, ["1", "Kalle", "1", "4", "5"], ["2", "", "tung", "4", "5"], ["3", "", "", "4", "5"])
    problems = read(data, "puls_2023.csv", ReadOptions()).problems
    assert [(problem.row_no, problem.column) for problem in problems] == [
        *((2001, "measured_on"), (2002, "measured_on")),
        *((3001, "weight"), (3002, "weight"), (4001, "weight"), (4002, "weight")),
    ]
    assert {problem.value for problem in problems} == {"(dolt värde)"}


def test_a_row_with_too_many_cells_may_be_shifted():
    problems = read(
        csv(["Enhet", "F1"], ["1", "4", "Kalle"], ["1", "4"], ["1", "4"]), "puls_2023.csv", ReadOptions()
    ).problems
    assert [problem.row_no for problem in problems] == [2001]
    assert "förskjuten" in problems[0].reason


def test_a_long_row_needs_its_respondent_and_its_question():
    header = ["Svars-id", "Frågekod", "Svar"]
    data = csv(header, ["", "F1", "4"], ["1", "Kalle var sjuk", "4"], ["1", "", "4"], ["1", "f1", "4"])
    reading = read(data, "puls_2023.csv", ReadOptions())
    assert [(problem.row_no, problem.column) for problem in reading.problems] == [
        *((2000, "respondent_no"), (3000, "question_code"), (4000, "question_code")),
    ]
    assert not any(secret in told(reading) for secret in SECRETS)


def test_the_same_respondent_keeps_the_number():
    data = csv(["Svars-id", "F1"], ["b", "4"], ["a", "4"], ["b", "3"])
    assert [row["respondent_no"] for row in answers(read(data, "puls_2023.csv", ReadOptions()))] == [1, 2, 1]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["Enhet", "F1", "Trivs du?"], ["1", "4", "5"]], "Kolumnen Trivs du\\? är okänd"),
        ([["Enhet", "Svars-id", "Trivs du?"], ["1", "4", "5"]], "Ingen frågekolumn hittades"),
        ([["Enhet", "År", "F1"], ["1", "2022", "4"], ["1", "2023", "4"]], "mer än en år \\(2022, 2023\\)"),
        ([["Enkät", "F1"], ["puls", "4"], ["puls två", "4"]], "mer än en enkät"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(rows, says):
    with pytest.raises(Rejected, match=says):
        read(csv(*rows), "puls_2023.csv", ReadOptions())


def test_a_file_of_no_survey_or_year_is_refused():
    with pytest.raises(Rejected, match="vilken enkät och vilket år svaren gäller"):
        read(csv(["Enhet", "F1"], ["1", "4"]), "puls.csv", ReadOptions())


def test_a_question_without_its_column_is_missed(managers):
    with pytest.raises(Rejected, match="Frågan f2 har ingen kolumn"):
        managers(["Svars-id", "nara", "F3"], ["1", 4, ""])
    with pytest.raises(Rejected, match="Frågan nara har två kolumner"):
        managers(["Svars-id", "nara", "Jag når dem lätt", "F2", "F3"], ["1", 4, 4, 4, ""])


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ([NEAR, NEAR], "rad 2 .*har samma nyckel; en fråga står en gång per omgång"),
        ([[*NEAR[:6], "Median", *NEAR[7:]]], "rad 2 \\(statistic\\): ordet är okänt"),
        ([[*NEAR[:2], "", *NEAR[3:]]], "rad 2 \\(year\\): värdet saknas"),
        ([NEAR, ["Annan", *STEADY[1:]]], "flera enkäter"),
    ],
)
def test_questions_that_cannot_be_used_stop_the_file(asked, says):
    with pytest.raises(Rejected, match=says):
        read(csv(QUESTION_HEADER, *asked), "chefsenkat_fragor.csv", ReadOptions())


def test_questions_and_answers_are_of_one_round(managers):
    with pytest.raises(Rejected, match="mer än en omgång \\(1, 2\\)"):
        managers(["Omgång", "nara"], [1, 4], asked=[[*NEAR[:3], "2", *NEAR[4:]]])
