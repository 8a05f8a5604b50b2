"""Headers that do not fit are named, and the maps themselves hold together."""

import pytest

from sources.column_map import ColumnMap, choose, load_maps, typed, wanted
from sources.reading import Problem, Rejected
from sources.tabular.table import read_table
from sources.tabular.values import folded

MAP = ColumnMap(
    profile="p",
    description="",
    columns={
        "unit_code": {"headers": ["Ansvar", "Kst"], "type": "code", "required": True, "filled": True},
        "amount_sek": {"headers": ["Belopp"], "type": "amount", "required": True},
        "version": {"headers": ["Version"], "type": "word", "words": {"beslutad": "original"}, "default": "original"},
    },
    ignored=["Kommentar"],
)


def read(text):
    return typed(read_table(text.encode(), "f.csv", wanted([MAP])), [MAP], "t")


@pytest.mark.parametrize("header", ["Ansvar", "ANSVAR", " ansvar ", "An svar", "kst.", "KST"])
def test_headers_are_known_whatever_case_space_and_signs(header):
    assert choose([header, "Belopp"], [MAP])[1] == {"unit_code": 0, "amount_sek": 1}


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        (["Ansvar"], r"Kolumnen Belopp saknas \(kan heta: Belopp\).* I filen finns: Ansvar\."),
        (["Ansvar", "Belopp", "Fritt"], "Kolumnen Fritt är okänd .*väntade: Ansvar, Belopp, Version"),
        (["Ansvar", "Kst", "Belopp"], "Kolumnerna Ansvar och Kst betyder samma sak"),
        (["Ansvar", "Belopp", "belopp"], "Kolumnerna Belopp och belopp betyder samma sak"),
        (["Kst", "Fritt"], "Fritt är okänd.*Belopp saknas"),
    ],
)
def test_headers_that_do_not_fit_are_named(headers, reason):
    with pytest.raises(Rejected, match=reason):
        choose(headers, [MAP])


def test_ignored_headers_are_allowed():
    assert "Kommentar" not in choose(["Ansvar", "Belopp", "Kommentar"], [MAP])[1]


def test_cells_are_typed_and_faults_told_by_row():
    table = read("Ansvar;Belopp;Version\n01;1,5;\n;x;annan\n")
    assert table.columns["unit_code"] == ["01", None]
    assert table.columns["version"] == ["original", None]
    assert [(p.row_no, p.column, p.value) for p in table.problems] == [
        (3, "unit_code", ""),
        (3, "amount_sek", "x"),
        (3, "version", "annan"),
    ]
    assert "beslutad" in table.problems[2].reason


def test_a_row_with_too_many_cells_is_a_problem():
    problems = read("Ansvar;Belopp\n01;1\n01;1;50\n02;5\n").problems
    assert problems == (
        Problem(
            "t",
            3,
            "row_no",
            "3 fält",
            "raden har fler fält än rubrikraden (2) och kan vara förskjuten; rätta skiljetecknen i källan",
        ),
    )


def test_a_map_with_a_misspelt_key_is_refused():
    with pytest.raises(ValueError, match="requird"):
        ColumnMap(profile="p", description="", columns={"a": {"headers": ["A"], "type": "code", "requird": True}})


@pytest.mark.parametrize("source", ["budget", "organisation"])
def test_no_header_of_a_map_means_two_things(source):
    for column_map in load_maps(source):
        spellings = [folded(h) for column in column_map.columns.values() for h in column.headers]
        spellings += [folded(h) for h in column_map.ignored]
        assert len(spellings) == len(set(spellings)), column_map.profile


def test_no_file_fits_two_budget_profiles():
    """The sign hangs on the profile: what one requires, another must not know."""
    maps = load_maps("budget")
    assert len({column_map.sign for column_map in maps}) == 2
    for one in maps:
        for other in maps:
            known = {folded(h) for column in other.columns.values() for h in column.headers}
            own = {folded(h) for h in one.columns["amount_sek"].headers}
            assert one is other or not own & known
