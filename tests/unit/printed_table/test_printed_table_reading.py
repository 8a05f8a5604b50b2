from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter

from sources.printed_table import Known, Printed, read_printed_table
from sources.reading import Rejected

HEADER = "Tkr;Budget 2023;Bokslut 2023;Avvikelse;Bokslut 2022;Diff"
RENT = "Lokalhyror;-7 431;−7 622;-191;-7\u00a0093;-529"


def read(known: tuple[Known, ...], *lines: str, unit: str | None = None) -> Printed:
    return read_printed_table("\n".join(lines).encode(), "tabell.csv", known, unit=unit)


def workbook(rows: list[list[object]], merged: tuple[str, str] | None = None) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Drift")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if merged:
            sheet.merge_range(*merged)
    return buffer.getvalue()


def test_a_table_as_people_paste_it(known: tuple[Known, ...]) -> None:
    table = read(known, "Drift 2023 (tkr);;;;;", HEADER, "Ordinarie verksamhet;;;;;", RENT, "", "Källa: bokslutet")

    assert table.known.code == "operations"
    assert table.year == 2023
    assert {cell.column: int(cell.printed) for cell in table.cells} == {
        "budget": -7431,
        "outcome": -7622,
        "deviation": -191,
        "prior": -7093,
        "change": -529,
    }
    [first, *_] = table.cells
    assert (first.section, first.row, first.label, first.heading) == ("ordinary", "rent", "Lokalhyror", "Budget 2023")
    assert (first.row_no, first.step, first.factor) == (4, 1000, 1000)


def test_a_stacked_table_with_its_headings_again(known: tuple[Known, ...]) -> None:
    table = read(known, HEADER, "Ordinarie verksamhet;;;;;", RENT, "Exploateringsverksamhet;;;;;", HEADER, RENT)
    assert [cell.section for cell in table.cells] == ["ordinary"] * 5 + ["development"] * 5


def test_millions_are_as_exact_as_the_finest_of_them(known: tuple[Known, ...]) -> None:
    table = read(known, "Mnkr;Budget;Utfall", "Lokalhyror;-7,4;-8", unit=None)
    assert {(cell.column, cell.steps, cell.step) for cell in table.cells} == {
        ("budget", -74, Decimal(100_000)),
        ("outcome", -80, Decimal(100_000)),
    }
    assert table.cells[0].shown(-74) == "-7,4"


def test_a_measure_is_as_exact_as_it_is_printed(known: tuple[Known, ...]) -> None:
    table = read(known, "measure,group,value_2022,value_2023,difference", "overtime_fte,all,0.4,0.2,-0.22")
    assert table.known.code == "staff"
    assert [(cell.column, str(cell.step)) for cell in table.cells] == [
        ("prior", "0.1"),
        ("outcome", "0.1"),
        ("change", "0.01"),
    ]


def test_a_dash_and_an_empty_cell_print_nothing(known: tuple[Known, ...]) -> None:
    table = read(known, HEADER, "Lokalhyror;-7 431;-;–;;-529")
    assert [cell.column for cell in table.cells] == ["budget", "change"]


def test_columns_that_nothing_is_known_of_are_named(known: tuple[Known, ...]) -> None:
    table = read(known, f"{HEADER};Prognos;Budget 2022", f"{RENT};-7 500;-7 000")
    assert table.not_read == ("Prognos", "Budget 2022")


@pytest.mark.parametrize(
    "rows",
    [
        [["level", "category", "label"], ["category", "A", "A"], ["subcategory", "A", "B"], ["project", "B", "C"]],
        [["Nivå", "Projekt"], ["kategori", "A"], ["underkategori", "B"], ["projekt", "C"]],
        [["Projekt"], ["A"], ["  B"], ["    C"]],
    ],
    ids=["parents", "levels", "indentation"],
)
def test_a_tree_tells_its_own_totals(known: tuple[Known, ...], rows: list[list[str]]) -> None:
    head, *body = rows
    lines = [";".join([*head, "Budget", "Utfall"]), *(";".join([*row, "1", "2"]) for row in body)]
    total = ";".join([*["" for _ in head[1:]], "Totala utgifter", "1", "2"])
    investments = tuple(each for each in known if each.code == "investments")

    table = read(investments, *lines, total, unit="tkr")

    assert table.totals == {"totalautgifter": ("a",), "a": ("b",), "b": ("c",)}


def test_rows_without_levels_have_no_totals_and_that_is_said(known: tuple[Known, ...]) -> None:
    table = read(known, "Projekt;Budget;Utfall", "Markinköp;1;2", "Inventarier;3;4", unit="tkr")
    assert (table.known.code, table.totals) == ("investments", {})
    assert "inga nivåer" in table.notes[0]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["Lokalhyror;1;2"], "Ingen rubrikrad"),
        ([HEADER, "Lokalhyror;;;;;"], "inga tal"),
        ([HEADER, "Kapitalkostnader;1;2;3;4;5", RENT, RENT.replace("Lokalhyror", "Finansnetto")], "Kapitalkostnader"),
        ([HEADER, "Lokalhyror;sju;2;3;4;5"], "Rad 2, kolumnen Budget 2023: 'sju' är inte ett tal"),
        ([HEADER, RENT, RENT], "två gånger (rad 2 och 3)"),
        ([HEADER, ";1;2;3;4;5"], "inget namn"),
        ([HEADER.removeprefix("Tkr"), RENT], "--unit tkr"),
        ([f"(mnkr) {HEADER}", RENT], "både mnkr och tkr"),
        ([HEADER.replace("Diff", "Skillnad;Diff"), f"{RENT};1"], "betyder samma sak"),
        ([HEADER.replace("Avvikelse", ""), RENT], "kolumn 4 har tal men ingen rubrik"),
        ([f"Segment;{HEADER}", f"västra;{RENT}"], "västra är okänd"),
        (["<html><body>Logga in</body></html>"], "webbsida"),
        ([""], "tom"),
    ],
)
def test_what_cannot_be_used_says_why(known: tuple[Known, ...], lines: list[str], reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        read(known, *lines)
    assert reason in str(caught.value)


def test_a_workbook_is_read_and_merged_cells_are_refused(known: tuple[Known, ...]) -> None:
    rows: list[list[object]] = [
        ["Drift (tkr)"],
        ["", "Budget", "Utfall"],
        ["Lokalhyror", -7431, -7622],
        ["Finansnetto"],
    ]
    table = read_printed_table(workbook(rows), "tabell.xlsx", known)
    assert [int(cell.printed) for cell in table.cells] == [-7431, -7622]

    # A title over the table may be merged, what is in it may not.
    read_printed_table(workbook(rows, merged=("A1:C1", "Drift (tkr)")), "tabell.xlsx", known)
    with pytest.raises(Rejected, match="B4:C4"):
        read_printed_table(workbook(rows, merged=("B4:C4", "5")), "tabell.xlsx", known)


def test_a_workbook_with_macros_is_refused(known: tuple[Known, ...]) -> None:
    with pytest.raises(Rejected, match="makron"):
        read_printed_table(workbook([["Budget", "Utfall"]]), "tabell.xlsm", known)
