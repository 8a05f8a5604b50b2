"""Registers of investment projects as they come: the tree, its validity, and circles."""

from datetime import date
from pathlib import Path

import pytest

from sources.project import read
from sources.project.schema import SCHEMAS
from sources.reading import ReadOptions, Rejected

FIXTURES = Path(__file__).parents[2] / "fixtures" / "project"
HEADER = "Projekt;Benämning;Överordnad;Nivå;Nämnd;Giltig från;Giltig till"


def read_fixture(name):
    return read((FIXTURES / name).read_bytes(), name, ReadOptions())


def read_rows(*rows):
    return read("\n".join([HEADER, *rows]).encode(), "p.csv", ReadOptions())


def found(reading):
    return [(problem.row_no, problem.column, problem.value) for problem in reading.problems]


def test_a_tree_of_any_depth_with_a_project_that_moved():
    reading = read_fixture("good/tree.csv")
    table = reading.tables["project__nodes"]
    assert table.schema == SCHEMAS["project__nodes"]
    assert table.to_pylist()[4] == {
        "row_no": 6,
        "node_code": "0102",
        "node_name": "Markinköp",
        "parent_code": "11",
        "level": "project",
        "board_code": "KS",
        "sort_no": None,
        "valid_from": date(2023, 1, 1),
        "valid_to": None,
    }
    assert table["level"].to_pylist() == ["category", "subcategory", *["project"] * 4, "category"]
    assert table["valid_to"].to_pylist()[2] is None
    assert (reading.rows_in, reading.fiscal_years, reading.part, reading.problems) == (7, (), "", ())


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        ("outside_the_tree", [(3, "parent_code", ""), (4, "parent_code", "99"), (5, "parent_code", "1")]),
        ("expired_parent", [(3, "parent_code", "1")]),
        ("other_board", [(3, "board_code", "SBN")]),
        ("unknown_level", [(3, "level", "Etapp")]),
        ("overlap", [(3, "valid_from", "12"), (4, "valid_from", "12")]),
        ("order_is_no_number", [(2, "sort_no", "först")]),
    ],
)
def test_faults_in_a_register_are_problems(name, problems):
    reading = read_fixture(f"bad/{name}.csv")
    assert found(reading) == problems
    assert all(problem.reason for problem in reading.problems)


def test_the_day_a_parent_has_expired_is_named():
    (problem,) = read_fixture("bad/expired_parent.csv").problems
    assert problem.reason.startswith("överordnat projekt 1 gäller inte 2023-01-01;")


def test_a_parent_in_two_rows_without_a_gap_holds_throughout():
    parent = ["1;K;;Kategori;KS;2015-01-01;2022-12-31", "1;K2;;Kategori;KS;2023-01-01;"]
    assert read_rows(*parent, "2;P;1;Projekt;KS;2016-01-01;").problems == ()
    gap = ["1;K;;Kategori;KS;2015-01-01;2022-12-30", parent[1]]
    assert "gäller inte 2022-12-31" in read_rows(*gap, "2;P;1;Projekt;KS;2016-01-01;").problems[0].reason


def test_a_row_whose_start_could_not_be_read_is_told_once():
    reading = read_rows("1;K;;Kategori;KS;2015-01-01;", "2;P;1;Projekt;KS;i våras;")
    assert found(reading) == [(3, "valid_from", "i våras")]


def test_projects_that_lie_under_each_other_are_rejected_and_the_circle_named():
    with pytest.raises(Rejected, match="cirkel: 11 -> 12 -> 11; rätta kolumnen Överordnad"):
        read_fixture("bad/circle.csv")
    with pytest.raises(Rejected, match="cirkel: 3 -> 3"):
        read_rows("3;P;3;Projekt;KS;2015-01-01;")


def test_projects_that_change_places_over_time_are_no_circle():
    reading = read_rows(
        "1;K;;Kategori;KS;2015-01-01;",
        "2;A;1;Projekt;KS;2015-01-01;2022-12-31",
        "3;B;2;Projekt;KS;2015-01-01;2022-12-31",
        "3;B;1;Projekt;KS;2023-01-01;",
        "2;A;3;Projekt;KS;2023-01-01;",
    )
    assert reading.problems == ()


def test_every_bad_fixture_is_seen_to_fail():
    for path in (FIXTURES / "bad").iterdir():
        try:
            assert read(path.read_bytes(), path.name, ReadOptions()).problems, path.name
        except Rejected:
            continue
