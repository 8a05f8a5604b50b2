"""The goals workbook: what its sheets become, and what is wrong with them."""

from datetime import date
from decimal import Decimal

import pytest
from goal_workbooks import good, workbook

from sources.followup.goals import read
from sources.followup.goals.schema import SCHEMAS
from sources.reading import ReadOptions, Rejected


def read_sheets(sheets, name="målregister.xlsx"):
    return read(workbook(sheets), name, ReadOptions())


def rows(reading, table):
    return reading.tables[f"goal__{table}"].to_pylist()


def test_each_sheet_becomes_its_table():
    reading = read_sheets(good())
    assert {name: table.schema for name, table in reading.tables.items()} == SCHEMAS
    assert (reading.problems, reading.rows_in, reading.fiscal_years, reading.part) == ((), 4, (), "")
    assert rows(reading, "goals")[0] == {
        **{"row_no": 2, "goal_code": "1", "goal_name": "Företagsklimat", "board_code": "KS", "priority_code": "1"},
        **{"priority_name": None, "agenda_2030": "5;10;16", "valid_from_year": 2018, "valid_to_year": None},
    }
    assert rows(reading, "indicators")[3] == {
        **{"row_no": 5, "indicator_code": "2.1", "indicator_name": "Trygg", "goal_code": "2", "unit": "percent"},
        **{"direction": "target", "tolerance": Decimal("1.5"), "decimals": 1, "source_name": "SCB", "max_jump": None},
        **{"scale_min": Decimal(0), "scale_max": Decimal(100), "external_code": "T1"},
        **{"valid_from_year": 2018, "valid_to_year": None},
    }
    assert [row["target_value"] for row in rows(reading, "targets")] == [70, Decimal("72.5"), 84, 85]
    assert [row["reported_on"] for row in rows(reading, "occasions")] == [date(2023, 9, 25), date(2024, 2, 26)]
    assert rows(reading, "assessments")[0]["published_assessment"] == "Helt uppfyllt"


@pytest.mark.parametrize("empty", [None, [], good()["Bedömningar"][:1]], ids=["absent", "blank", "headers only"])
def test_nothing_need_be_published_yet(empty):
    sheets = good()
    del sheets["Bedömningar"]
    if empty is not None:
        sheets["Bedömningar"] = empty
    reading = read_sheets(sheets)
    assert (rows(reading, "assessments"), reading.problems) == ([], ())


@pytest.mark.parametrize("name", ["Mål", "Indikatorer", "Målvärden", "Tillfällen"])
def test_the_other_sheets_must_be_there(name):
    sheets = good()
    rows_of_sheet = sheets.pop(name)
    with pytest.raises(Rejected, match=f"Bladet {name} saknas; lägg till det"):
        read_sheets(sheets)
    with pytest.raises(Rejected, match=f"Bladet {name}: Filen har rubriker .* men inga rader"):
        read_sheets({**sheets, name: rows_of_sheet[:1]})


def test_a_sheet_alone_as_text_is_no_register():
    with pytest.raises(Rejected, match="ingen Excel-arbetsbok; skicka arbetsboken med alla blad"):
        read(b"Indikator;\xc5r\n1.1;2023\n", "m\u00e5lregister.csv", ReadOptions())


def test_an_unknown_header_is_named():
    sheets = good()
    sheets["Målvärden"][0][2] = "Ambition"
    with pytest.raises(Rejected, match=r"Kolumnen Ambition är okänd .*Kolumnen Målvärde saknas"):
        read_sheets(sheets)


def changed(sheet, row, column, value):
    """Return the good workbook with one cell changed; rows and columns as people count them."""
    sheets = good()
    at = sheets[sheet][0].index(column)
    sheets[sheet][row - 1][at] = value
    return sheets


@pytest.mark.parametrize(
    ("sheets", "problem", "says"),
    [
        (
            changed("Målvärden", 3, "År", 2022),
            [("goal__targets", row, "indicator_code,year") for row in (2, 3)],
            "rad 2 och 3",
        ),
        (
            changed("Målvärden", 2, "År", 2017),
            [("goal__targets", 2, "indicator_code")],
            "indikator 1.1 finns inte på bladet Indikatorer 2017",
        ),
        (
            changed("Målvärden", 2, "Indikator", "9.9"),
            [("goal__targets", 2, "indicator_code")],
            "indikator 9.9 finns inte på bladet Indikatorer 2022",
        ),
        (
            changed("Målvärden", 5, "Målvärde", "0,85"),
            [("goal__targets", 5, "target_value")],
            "en andel bland procent; skriv 85",
        ),
        (
            changed("Målvärden", 2, "Målvärde", 700),
            [("goal__targets", 2, "target_value")],
            "utanför skalan 0 till 100",
        ),
        (changed("Målvärden", 2, "Målvärde", "72 (73)"), [("goal__targets", 2, "target_value")], "är inte ett tal"),
        (changed("Målvärden", 2, "Målvärde", ""), [("goal__targets", 2, "target_value")], "värdet saknas"),
        (
            changed("Indikatorer", 4, "Enhet", "procent"),
            [("goal__indicators", 4, "unit")],
            "samma definition av 1.1 som rad 3 men säger annat om Enhet",
        ),
        (
            changed("Indikatorer", 2, "Till år", 2021),
            [("goal__indicators", 3, "valid_from_year"), ("goal__indicators", 4, "valid_from_year")],
            "en annan definition samma år på rad 2",
        ),
        (
            changed("Indikatorer", 4, "Källa", "Kolada"),
            [("goal__indicators", row, "indicator_code,valid_from_year,source_name") for row in (3, 4)],
            "rad 3 och 4",
        ),
        (changed("Indikatorer", 2, "Till år", 2017), [("goal__indicators", 2, "valid_to_year")], "slutar innan"),
        (
            changed("Indikatorer", 5, "Mål", "7"),
            [("goal__indicators", 5, "goal_code")],
            "mål 7 finns inte på bladet Mål de år indikatorn gäller",
        ),
        (changed("Indikatorer", 5, "Riktning", "uppåt"), [("goal__indicators", 5, "direction")], "ordet är okänt"),
        (
            changed("Mål", 3, "Mål", "1"),
            [("goal__indicators", 5, "goal_code"), ("goal__goals", 3, "valid_from_year")],
            "mål 1 gäller samtidigt på rad 2",
        ),
        (
            changed("Tillfällen", 3, "Tillfälle", "Bokslut"),
            [("goal__assessments", 2, "occasion_name")],
            "tillfället finns inte på bladet Tillfällen 2023",
        ),
        (
            changed("Bedömningar", 2, "Bedömning", "Ganska uppfyllt"),
            [("goal__assessments", 2, "published_assessment")],
            "använd något av Helt uppfyllt",
        ),
        (changed("Bedömningar", 2, "Mål", "7"), [("goal__assessments", 2, "goal_code")], "mål 7 finns inte"),
    ],
)
def test_what_is_wrong_is_named_with_sheet_and_row(sheets, problem, says):
    reading = read_sheets(sheets)
    assert [(each.table, each.row_no, each.column) for each in reading.problems] == problem
    assert says in " ".join(each.reason for each in reading.problems)
    assert all(each.reason.startswith("på bladet ") for each in reading.problems)
    assert reading.rows_in == 4
