"""Budget exports as they come: what they say, and what is wrong with them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.budget import read
from sources.budget.schema import SCHEMAS
from sources.reading import ReadOptions, Rejected

FIXTURES = Path(__file__).parents[2] / "fixtures" / "budget"
HEADER = ["År", "Ansvar", "Konto", "Verksamhet", "Projekt", "Period", "Belopp", "Version"]


def read_fixture(name):
    return read((FIXTURES / name).read_bytes(), name, ReadOptions())


def rows(reading):
    return reading.tables["budget__lines"].to_pylist()


def line(row_no, period, unit_code, account, amount, *, project=None, version="original"):
    return {
        "row_no": row_no,
        "fiscal_year": 2023,
        "period": period,
        "unit_code": unit_code,
        "account": account,
        "activity_code": "920",
        "project_code": project,
        "amount_sek": Decimal(amount),
        "version": version,
    }


def test_windows_text_with_every_version_word_and_period():
    reading = read_fixture("good/windows_1252.csv")
    assert rows(reading) == [
        line(2, 202301, "01100", "5010", "1234.50"),
        line(3, 202302, "01100", "3010", "-500.00", project="P7"),
        line(4, 202303, "01200", "7400", "80.00", version="revised"),
        line(5, None, "01200", "4010", "12000.00"),
    ]
    assert reading.tables["budget__lines"].schema == SCHEMAS["budget__lines"]
    assert (reading.rows_in, reading.fiscal_years, reading.problems) == (4, (2023,), ())
    assert (reading.period_from, reading.period_to) == (202301, 202312)
    assert reading.facts["encoding"] == "cp1252"


def test_utf_16_with_narrow_spaces_and_unicode_minus():
    reading = read_fixture("good/utf_16.csv")
    assert rows(reading) == [
        line(2, 202301, "01100", "5010", "1234.50"),
        line(3, 202302, "01100", "3010", "-500.00"),
    ]
    assert reading.facts["encoding"] == "utf-16"
    assert reading.facts["separator"] == "tabb"


def test_header_on_row_four_and_a_total_that_agrees():
    reading = read_fixture("good/header_on_row_4.csv")
    assert rows(reading) == [
        line(5, 202301, "01100", "5010", "1000.00"),
        line(7, 202301, "01200", "5010", "500.00"),
    ]
    assert reading.rows_in == 2
    assert reading.facts["header_row"] == "4"
    assert reading.facts["total_row"] == "rad 8: 1500,00, stämmer med raderna"


def test_signs_are_turned_where_the_system_writes_income_plus():
    reading = read_fixture("good/result_signs.csv")
    assert [row["amount_sek"] for row in rows(reading)] == [Decimal("1234.50"), Decimal("-500.00")]
    assert reading.facts["profile"] == "result_signs"


def test_workbook_with_title_numbers_dates_and_a_total(workbook):
    sheet = [
        ["Budget 2023"],
        [],
        HEADER[:-1],
        [2023, 1100.0, 5010, 920, None, date(2023, 1, 1), 1234.5],
        ["2023", "01100", "3010", "920", "0007", "feb", -500],
        ["Totalt", None, None, None, None, None, 734.4],
    ]
    reading = read(workbook({"Budget": sheet, "Om": [["text"]]}), "budget.xlsx", ReadOptions())
    assert rows(reading) == [
        line(4, 202301, "1100", "5010", "1234.50"),
        line(5, 202302, "01100", "3010", "-500.00", project="0007"),
    ]
    assert reading.facts["total_rows_left_out"] == "1 (rad 6)"
    assert reading.facts["total_row"] == "rad 6: 734,40, stämmer inte: raderna ger 734,50"


def test_text_in_the_amount_column_is_a_problem_and_the_row_stays():
    reading = read_fixture("bad/text_in_amount.csv")
    assert [row["amount_sek"] for row in rows(reading)] == [None, Decimal("1.00")]
    (problem,) = reading.problems
    assert (problem.table, problem.row_no, problem.column, problem.value) == (
        "budget__lines",
        2,
        "amount_sek",
        "tusen kronor",
    )
    assert problem.reason == "är inte ett tal; skriv bara siffror, till exempel 1 234,50"


def test_every_row_of_a_repeated_key_is_a_problem():
    problems = read_fixture("bad/repeated_key.csv").problems
    assert [problem.row_no for problem in problems] == [2, 4]
    assert all(problem.reason.startswith("rad 2 och 4 har samma nyckel") for problem in problems)
    assert problems[0].value == "2023/202301/01100/5010/920//original"


def test_a_row_whose_key_could_not_be_read_is_not_called_a_duplicate():
    text = ";".join(HEADER) + "\n2023;1;5010;;;13;1;\n2023;1;5010;;;;1;\n"
    problems = read(text.encode(), "b.csv", ReadOptions()).problems
    assert [(problem.row_no, problem.column) for problem in problems] == [(2, "period")]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("bad/empty.csv", "tom"),
        ("bad/headers_only.csv", "inga rader"),
        ("bad/page.csv", "webbsida"),
        ("bad/no_amount_column.csv", "Kolumnen Belopp saknas .* I filen finns: År, Ansvar, Konto"),
        ("bad/unknown_column.csv", "Kolumnen Fritt fält är okänd"),
        ("bad/two_headers_for_amount.csv", "Kolumnerna Belopp och Budgetbelopp betyder samma sak"),
        ("bad/open_quote.csv", "Rad 3: citattecknen"),
        ("bad/comma_twice.csv", "Står skiljetecknet också inne i värdena"),
    ],
)
def test_files_that_cannot_be_used_are_rejected_with_the_reason(name, reason):
    with pytest.raises(Rejected, match=reason):
        read_fixture(name)


def test_every_bad_fixture_is_seen_to_fail():
    for path in (FIXTURES / "bad").iterdir():
        try:
            assert read(path.read_bytes(), path.name, ReadOptions()).problems, path.name
        except Rejected:
            continue


LINE = st.tuples(
    st.sampled_from(["01100", "01200"]),
    st.sampled_from(["5010", "3010", ""]),
    st.sampled_from(["", "1", "202302", "13"]),
    st.sampled_from(["1 234,50", "-3", "x", ""]),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(LINE, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing_but_row_no(lines, random):
    def contents(order):
        text = "\n".join([";".join(HEADER), *(f"2023;{u};{a};;;{p};{b};" for u, a, p, b in order)])
        reading = read(text.encode(), "b.csv", ReadOptions())
        faulty = {problem.row_no for problem in reading.problems}
        return sorted(
            str([row[name] for name in row if name != "row_no"]) + str(row["row_no"] in faulty) for row in rows(reading)
        )

    shuffled = list(lines)
    random.shuffle(shuffled)
    assert contents(shuffled) == contents(lines)
