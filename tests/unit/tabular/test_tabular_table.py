"""The table is found in whatever surrounds it, and what is left out is said."""

from datetime import date, datetime

import pytest

from sources.reading import Rejected
from sources.tabular.table import Wanted, read_table

WANTED = Wanted(headers=frozenset({"ansvar", "konto", "belopp"}), amounts=frozenset({"belopp"}))


def read(text, name="f.csv", **options):
    return read_table(text.encode(), name, WANTED, **options)


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separator_is_the_one_that_shows_the_headers(separator):
    table = read("Titel, med; tecken\nAnsvar;Konto;Belopp\n1;2;3\n".replace(";", separator))
    assert table.headers == ("Ansvar", "Konto", "Belopp")
    assert table.columns == (("1",), ("2",), ("3",))


def test_excels_own_hint_decides():
    assert read("sep=;\r\nAnsvar;Konto;Belopp\r\n1;2;3,5\r\n").columns[2] == ("3,5",)


def test_row_numbers_are_physical_lines_also_after_a_field_of_several_lines():
    table = read('Ansvar;Konto;Belopp\r\n"a\r\nb";2;3\r\n\r\n4;5;6\r\n')
    assert table.row_nos == (2, 5)
    assert table.facts["blank_rows_left_out"] == "1"


def test_what_surrounds_the_rows_is_left_out_and_said():
    table = read("Uttag\n\nAnsvar;Konto;Belopp\n1;2;3\nSumma 1;;3\n4;5;6\nTotalt:;;9\n;;9\nKälla: Anna Test\n")
    assert table.row_nos == (4, 6)
    assert table.facts["header_row"] == "3"
    assert table.facts["rows_before_header"] == "1"
    assert table.facts["total_rows_left_out"] == "3 (rad 5, 7, 8)"
    assert table.facts["note_rows_left_out"] == "1 (rad 9)"
    assert not any("Anna" in fact for fact in table.facts.values())


def test_a_faulty_row_in_the_middle_is_not_taken_for_a_total_or_a_note():
    assert read("Ansvar;Konto;Belopp\n;;3\nhej du;;\n4;5;6\n").row_nos == (2, 3, 4)


def test_totals_are_only_where_there_are_amounts():
    table = read_table(b"Ansvar;Namn\nSumma;Ett namn\n", "f.csv", Wanted(frozenset({"ansvar", "namn"})))
    assert table.row_nos == (2,)


def test_columns_without_header_are_kept_if_they_hold_anything():
    assert read("Ansvar;;Konto;;Belopp\n1;;2;x;3\n").headers == ("Ansvar", "Konto", "(kolumn 4 utan rubrik)", "Belopp")


def test_a_row_with_too_many_cells_is_told():
    table = read("Ansvar;Konto;Belopp\n1;2;3;4\n1;2;3;;\n1;2\n")
    assert table.overfull == {2: 4}
    assert table.columns[2] == ("3", "3", "")


def test_decimal_comma_as_separator_is_rejected():
    with pytest.raises(Rejected, match="Står skiljetecknet också inne i värdena"):
        read("Ansvar,Konto,Belopp\n1,2,3,50\n1,2,3,50\n")


def test_decimal_comma_as_separator_is_seen_also_when_it_pushes_out_an_empty_cell():
    table = read("Ansvar,Belopp,Konto\n1,3,2\n1,3,2\n1,3,50,\n")
    assert table.overfull == {4: 4}


def test_a_separator_at_the_end_of_every_line_does_no_harm():
    assert read("Ansvar;Konto;Belopp\n1;2;3;\n1;2;3;\n").overfull == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "tom"),
        (" \r\n\r\n", "tom"),
        ("\ufeff", "tom"),
        ("<html><table><tr><td>Ansvar</td></tr></table></html>", r"webbsida \(HTML\)"),
        ("\n\n<!DOCTYPE html><p>Logga in", r"webbsida \(HTML\)"),
        ("<?xml version='1.0'?><Workbook/>", "XML"),
        ("%PDF-1.7", "PDF"),
        ('{"a": 1}', "JSON"),
        (
            "Namn;Adress\nx;y\n",
            r"Ingen rubrikrad .* Väntade kolumner: ansvar, belopp, konto. .*rad 1\) har 2 fält",
        ),
        ("Ansvar;Konto;Belopp\n\n", "inga rader"),
        ('Ansvar;Konto;Belopp\n1;2;3\n1;"2;3\n4;5;6\n', "Rad 3: citattecknen"),
    ],
)
def test_what_is_no_table_is_rejected_with_its_reason(text, reason):
    with pytest.raises(Rejected, match=reason):
        read(text)


def test_workbook_cells_become_what_a_person_would_type(workbook):
    rows = [["Uttag"], [], ["Ansvar", "Konto", "Belopp"], [11100, date(2023, 1, 31), 0.1 + 0.2], ["0100", True, -1e-12]]
    table = read_table(workbook({"Data": rows}), "f.xlsx", WANTED)
    assert table.row_nos == (4, 5)
    assert table.columns == (("11100", "0100"), ("2023-01-31", "SANT"), ("0.3", "0"))
    assert table.facts["sheet"] == "Data"


def test_time_of_day_is_kept(workbook):
    rows = [["Ansvar", "Konto"], [1, datetime(2023, 1, 31, 12, 30)]]
    assert read_table(workbook({"A": rows}), "f.xlsx", WANTED).columns[1] == ("2023-01-31 12:30:00",)


def test_the_sheet_with_the_headers_is_chosen_and_the_others_named(workbook):
    table = read_table(workbook({"Om": [["Läs mig"]], "Data": [["Ansvar", "Konto"], [1, 2]]}), "f.csv", WANTED)
    assert table.facts["sheet"] == "Data"
    assert table.facts["sheets_not_read"] == "Om"


def test_two_sheets_with_the_headers_are_not_chosen_between(workbook):
    rows = [["Ansvar", "Konto"], [1, 2]]
    with pytest.raises(Rejected, match="Bladen 2022 och 2023 har samma rubriker"):
        read_table(workbook({"2022": rows, "2023": rows}), "f.xlsx", WANTED)


def test_empty_workbook_is_rejected(workbook):
    with pytest.raises(Rejected, match="tom"):
        read_table(workbook({"A": []}), "f.xlsx", WANTED)


def test_only_the_sheets_that_may_hold_the_table_are_looked_in(workbook):
    table = [["Ansvar", "Konto", "Belopp"], [1, 2, 3]]
    data = workbook({"Svar": table, "Frågor": [*table, [4, 5, 6]]})
    found = read_table(data, "f.xlsx", WANTED, sheets=lambda name: name != "Frågor")
    assert found.row_nos == (2,)
    assert found.facts["sheets_not_read"] == "Frågor"
