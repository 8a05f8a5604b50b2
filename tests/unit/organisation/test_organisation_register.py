"""Registers of units as they come: validity, parents and circles."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.organisation import read
from sources.organisation.schema import SCHEMAS
from sources.reading import ReadOptions, Rejected

FIXTURES = Path(__file__).parents[2] / "fixtures" / "organisation"
HEADER = ["Ansvar", "Benämning", "Överordnad", "Nämnd", "Segment", "Giltig från", "Giltig till"]


def read_fixture(name):
    return read((FIXTURES / name).read_bytes(), name, ReadOptions())


def read_rows(*rows):
    return read("\n".join([";".join(HEADER), *rows]).encode(), "o.csv", ReadOptions())


def found(reading):
    return [(problem.row_no, problem.column, problem.value) for problem in reading.problems]


def test_a_register_with_a_unit_that_changed_board():
    reading = read_fixture("good/units.csv")
    table = reading.tables["organisation__units"]
    assert table.schema == SCHEMAS["organisation__units"]
    assert table.to_pylist()[2:4] == [
        {
            "row_no": 4,
            "unit_code": "01300",
            "unit_name": "Planenheten",
            "parent_code": "SBN",
            "board_code": "SBN",
            "segment_code": "ordinary",
            "valid_from": date(2015, 1, 1),
            "valid_to": date(2022, 12, 31),
            "predecessor_codes": None,
        },
        {
            "row_no": 5,
            "unit_code": "01300",
            "unit_name": "Planenheten",
            "parent_code": "KS",
            "board_code": "KS",
            "segment_code": "ordinary",
            "valid_from": date(2023, 1, 1),
            "valid_to": None,
            "predecessor_codes": None,
        },
    ]
    assert table["segment_code"].to_pylist() == ["ordinary"] * 4 + ["development", "ordinary"]
    assert (reading.rows_in, reading.fiscal_years, reading.problems) == (6, (), ())


def test_an_end_in_the_year_9999_is_open():
    assert read_fixture("good/units.csv").tables["organisation__units"]["valid_to"][1].as_py() is None


def test_workbook_without_segment_column(workbook):
    names = [name for name in HEADER if name != "Segment"]
    data = workbook({"Enheter": [["Register"], names, ["01100", "Stab", None, "KS", date(2015, 1, 1), None]]})
    (row,) = read(data, "organisation.xlsx", ReadOptions()).tables["organisation__units"].to_pylist()
    assert (row["row_no"], row["unit_code"], row["segment_code"], row["valid_from"]) == (
        3,
        "01100",
        "ordinary",
        date(2015, 1, 1),
    )


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        ("bad/overlap.csv", [(3, "valid_from", "01300"), (4, "valid_from", "01300")]),
        ("bad/no_parent.csv", [(3, "parent_code", "SBN")]),
        ("bad/reversed.csv", [(3, "valid_to", "2022-12-31")]),
        ("bad/missing_values.csv", [(3, "unit_code", ""), (4, "valid_from", "")]),
        ("bad/unknown_segment.csv", [(3, "segment_code", "skola")]),
    ],
)
def test_faults_in_a_register_are_problems(name, problems):
    reading = read_fixture(name)
    assert found(reading) == problems
    assert all(problem.reason for problem in reading.problems)


def test_overlap_is_told_for_all_rows_also_when_one_spans_the_others():
    reading = read_rows(
        "A;;;KS;;2015-01-01;2020-12-31",
        "A;;;KS;;2016-01-01;2016-12-31",
        "A;;;KS;;2018-01-01;2018-12-31",
        "A;;;KS;;2021-01-01;",
    )
    assert [row_no for row_no, _, _ in found(reading)] == [2, 3, 4]
    assert "gäller samtidigt på rad 2" in reading.problems[2].reason


def test_units_that_are_each_others_parents_are_rejected():
    with pytest.raises(Rejected, match="cirkel: 01100 -> 01300 -> 01200 -> 01100;"):
        read_fixture("bad/circle.csv")
    with pytest.raises(Rejected, match="cirkel: A -> A"):
        read_rows("A;;A;KS;;2015-01-01;")


def test_a_merger_and_a_split_name_the_units_before():
    text = ";".join([*HEADER, "Föregångare"]) + "\n"
    rows = ["A;;;KS;;2015-01-01;2022-12-31;", "B;;;KS;;2015-01-01;2022-12-31;", "C;;;KS;;2023-01-01;;A, B,A"]
    rows += ["D;;;KS;;2024-01-01;;C", "E;;;KS;;2024-01-01;;C"]
    reading = read((text + "\n".join(rows)).encode(), "o.csv", ReadOptions())
    assert reading.tables["organisation__units"]["predecessor_codes"].to_pylist() == [None, None, "A,B", "C", "C"]
    assert reading.problems == ()


def test_a_predecessor_that_is_not_in_the_register_is_a_problem():
    reading = read_fixture("bad/unknown_predecessor.csv")
    assert found(reading) == [(3, "predecessor_codes", "01100,01199")]
    assert reading.problems[0].reason.startswith("föregångare 01199 finns inte i registret")


def test_parents_that_change_places_over_time_are_no_circle():
    reading = read_rows(
        "A;;B;KS;;2015-01-01;2022-12-31",
        "B;;;KS;;2015-01-01;2022-12-31",
        "A;;;KS;;2023-01-01;",
        "B;;A;KS;;2023-01-01;",
    )
    assert reading.problems == ()


def test_a_total_is_a_unit_like_any_other_in_a_register():
    assert read_rows("Total;Alla;;KS;;2015-01-01;").rows_in == 1


UNIT = st.tuples(
    st.sampled_from(["01", "02", ""]),
    st.sampled_from(["", "KS", "03"]),
    st.sampled_from(["2015-01-01", "2020-01-01", ""]),
    st.sampled_from(["", "2018-12-31", "2022-12-31"]),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(UNIT, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing_but_row_no(units, random):
    def contents(order):
        reading = read_rows(*(f"{code};N;{parent};KS;;{start};{end}" for code, parent, start, end in order))
        faulty = {(problem.row_no, problem.column) for problem in reading.problems}
        rows = reading.tables["organisation__units"].to_pylist()
        return sorted(
            str([row[name] for name in row if name != "row_no"])
            + str(sorted(column for row_no, column in faulty if row_no == row["row_no"]))
            for row in rows
        )

    shuffled = list(units)
    random.shuffle(shuffled)
    assert contents(shuffled) == contents(units)
