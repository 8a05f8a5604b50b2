"""The registers of follow-up: what each becomes, what is mended and said, and what is wrong with them."""

import re
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from registers import REGISTERS, as_csv, as_workbook, changed, good

from sources.followup.registers import read
from sources.followup.registers.schema import SCHEMAS
from sources.reading import ReadOptions, Rejected


def reading_of(data, name="register.xlsx"):
    return read(data, name, ReadOptions())


def only_table(reading):
    ((_, table),) = reading.tables.items()
    return table.to_pylist()


def told(reading):
    return [(problem.row_no, problem.column) for problem in reading.problems]


@pytest.mark.parametrize("name", REGISTERS)
def test_the_headers_say_which_register_it_is_in_csv_as_in_excel(name):
    csv, excel = reading_of(as_csv(good(name)), "x.csv"), reading_of(as_workbook(good(name)))
    table = f"followup__{name}"
    assert csv.tables.keys() == excel.tables.keys() == {table}
    assert csv.tables[table].schema == SCHEMAS[table]
    assert csv.tables[table].equals(excel.tables[table])
    for reading in (csv, excel):
        assert (reading.problems, reading.part) == ((), name)
        assert reading.rows_in == len(good(name)) - 1
        assert {row["reader_remark"] for row in only_table(reading)} == {None}


def test_a_register_speaks_for_the_years_in_it():
    reading = reading_of(as_csv(good("assignments")), "uppdrag.csv")
    assert (reading.fiscal_years, reading.period_from, reading.period_to) == ((2022, 2023), 202201, 202312)


def test_rows_are_as_they_stand():
    risks = only_table(reading_of(as_workbook(good("internal_control"))))
    assert risks[1] == {
        **{"row_no": 3, "year": 2023, "board_code": "KS", "risk_code": "IK-02", "risk_name": "Elbrist"},
        **{"risk_description": "Elen kan ta slut.", "control_description": "Planer.", "assessment": None},
        **{"result": "Planer finns.", "action": "Ingen åtgärd.", "reader_remark": None},
    }
    assert only_table(reading_of(as_workbook(good("assignments"))))[1]["reported_on"] == date(2023, 12, 11)
    assert [row["value"] for row in only_table(reading_of(as_workbook(good("contract_measures"))))] == [
        *(27, 435, 462),
        Decimal("1.09"),
    ]


@pytest.mark.parametrize(
    "written", ["JA MED ANMÄRKNING", "Ja med anmärkning  ", "ja, med anmärkning", "Ja med\u00a0anmärkning"]
)
def test_a_word_in_mixed_case_or_with_blanks_is_mended_and_said(written):
    for file in (as_csv, as_workbook):
        reading = reading_of(file(changed("contract_reviews", 3, "Svar", written)), "avtal.csv")
        row = only_table(reading)[1]
        assert (row["fulfilled"], row["reader_remark"]) == ("Ja med anmärkning", "Svar är läst som Ja med anmärkning")
        assert reading.problems == ()


@pytest.mark.parametrize(
    ("name", "row", "header", "cell", "column", "says"),
    [
        ("contract_reviews", 2, "Svar", "Kanske", "fulfilled", "använd något av Ja, Nej, Delvis"),
        ("contract_reviews", 2, "Svar", "", "fulfilled", "värdet saknas"),
        ("contract_reviews", 4, "Leverantör", " ", "supplier_name", "värdet saknas"),
        ("contract_reviews", 4, "Leverantör", "–", "supplier_name", "värdet saknas"),
        ("contract_reviews", 2, "Kravnr", "ett", "requirement_no", "inte ett tal"),
        ("internal_control", 2, "Bedömning", "Grön", "assessment", "använd något av Utan anmärkning"),
        ("internal_control", 2, "Riskkod", "", "risk_code", "värdet saknas"),
        ("assignments", 2, "Status", "Klart", "status", "använd något av Genomfört"),
        ("assignments", 2, "Beslutat", "i höstas", "decided_on", "inte ett datum"),
        ("contract_measures", 5, "Värde", "många", "value", "inte ett tal"),
        ("sustainability", 2, "År", "23", "year", "inte ett år"),
    ],
)
def test_what_cannot_be_read_is_named(name, row, header, cell, column, says):
    reading = reading_of(as_workbook(changed(name, row, header, cell)))
    assert told(reading) == [(row, column)]
    assert says in reading.problems[0].reason
    assert reading.rows_in == len(good(name)) - 1


@pytest.mark.parametrize(
    ("name", "row", "header", "cell"),
    [
        ("internal_control", 3, "Riskkod", "IK-01"),
        ("assignments", 3, "År", 2022),
        ("contract_reviews", 3, "Kravnr", 1),
        ("contract_measures", 3, "Grupp", "Skola"),
        ("sustainability", 3, "Aktivitetsnr", 1),
    ],
)
def test_two_rows_with_one_key_are_both_named(name, row, header, cell):
    problems = reading_of(as_csv(changed(name, row, header, cell)), "x.csv").problems
    assert [problem.row_no for problem in problems] == [2, 3]
    assert all("rad 2 och 3 har samma nyckel" in problem.reason for problem in problems)


def test_a_total_that_is_not_the_sum_of_its_groups_is_named_with_the_sum():
    (problem,) = reading_of(as_csv(changed("contract_measures", 3, "Värde", 434)), "x.csv").problems
    assert (problem.row_no, problem.column, problem.value) == (4, "value", "462")
    assert "som är 461" in problem.reason


def test_a_total_is_not_judged_by_a_group_that_cannot_be_read():
    assert told(reading_of(as_csv(changed("contract_measures", 3, "Värde", "?")), "x.csv")) == [(3, "value")]


# Merged cells


def merging(*ranges):
    def merge(sheet):
        for first_row, first_column, last_row, last_column, text in ranges:
            sheet.merge_range(first_row, first_column, last_row, last_column, text)

    return merge


def test_a_contract_over_its_requirements_is_filled_down():
    merged = merging((1, 2, 2, 2, "kost"), (1, 3, 2, 3, "Kost"), (1, 4, 2, 4, "Kock AB"))
    reading = reading_of(as_workbook(good("contract_reviews"), merged))
    assert [(row["contract_code"], row["supplier_name"]) for row in only_table(reading)] == [
        *(("kost", "Kock AB"), ("kost", "Kock AB")),
        ("taxi", "Bil AB"),
    ]
    assert (reading.problems, reading.facts["merged_cells_filled"]) == ((), "3")


@pytest.mark.parametrize(
    ("name", "cells", "problems", "origin"),
    [
        ("internal_control", (1, 8, 2, 8, "Rätta."), [(3, "action")], "I2"),
        ("internal_control", (1, 7, 1, 8, "Två fel."), [(2, "action")], "H2"),
        ("contract_reviews", (1, 7, 2, 7, "Ja"), [(3, "fulfilled")], "H2"),
        (
            "contract_reviews",
            (1, 3, 2, 4, "Kost"),
            [(2, "supplier_name"), (3, "contract_name"), (3, "supplier_name")],
            "D2",
        ),
    ],
)
def test_any_other_merged_cell_is_refused_with_its_place(name, cells, problems, origin):
    reading = reading_of(as_workbook(good(name), merging(cells)))
    assert sorted(told(reading)) == problems
    assert all(f"den sammanfogade cellen {origin}; dela upp den" in problem.reason for problem in reading.problems)


def test_merged_cells_outside_the_table_do_not_matter():
    title = [["Internkontroll", *[""] * 9], [""] * 10, *good("internal_control")]
    reading = reading_of(as_workbook(title, merging((0, 0, 0, 9, "Internkontroll"))))
    assert (reading.problems, reading.facts["header_row"]) == ((), "3")


def test_more_merged_cells_than_any_register_has_are_refused():
    many = merging(*((row, 9, row + 1, 9, "x") for row in range(1, 4_002, 2)))
    with pytest.raises(Rejected, match="Bladet Register har 2001 sammanfogade celler"):
        reading_of(as_workbook(good("internal_control"), many))


# Formulas


def formula(row, column, text, value):
    return lambda sheet: sheet.write_formula(row, column, text, None, value)


def test_of_a_formula_the_stored_value_is_read_and_said():
    spoilt = as_workbook(good("internal_control"), formula(1, 8, '=HYPERLINK("http://x","Klicka")', "Klicka"))
    reading = reading_of(spoilt)
    row = only_table(reading)[0]
    assert row["action"] == "Klicka"
    assert row["reader_remark"] == "Åtgärd är en formel (cell I2), och värdet som Excel sparat gäller"
    assert reading.problems == ()


def test_a_formula_is_found_on_the_sheet_it_stands_on_whatever_its_name():
    spoilt = as_workbook(good("internal_control"), formula(1, 8, "=A1", "x"), sheet='Risk & "kontroll" \'23')
    assert only_table(reading_of(spoilt))[0]["reader_remark"].startswith("Åtgärd är en formel (cell I2)")


@pytest.mark.parametrize("column", ["Åtgärd", "Risk"])
def test_a_formula_without_a_value_is_a_problem_on_its_cell(column):
    place = good("internal_control")[0].index(column)
    (problem,) = reading_of(as_workbook(good("internal_control"), formula(1, place, "=A1", ""))).problems
    assert f"en formel utan värde (cell {chr(ord('A') + place)}2)" in problem.reason


def test_a_number_may_be_a_formula():
    reading = reading_of(as_workbook(good("contract_measures"), formula(3, 6, "=G2+G3", 462)))
    assert {row["reader_remark"] for row in only_table(reading)} == {None}


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+46", "@SUM(A1)", "-1+2"])
def test_a_text_that_begins_as_a_formula_stays_text_and_is_said(text):
    for file in (as_csv, as_workbook):
        row = only_table(reading_of(file(changed("internal_control", 2, "Åtgärd", text)), "x.csv"))[0]
        assert (row["action"], row["reader_remark"]) == (text, "Åtgärd börjar som en formel och lagras som text")


@pytest.mark.parametrize("text", ["- utbildning", "-", "", "Rätta = åtgärda"])
def test_a_list_a_dash_and_other_texts_are_no_formulas(text):
    row = only_table(reading_of(as_csv(changed("internal_control", 2, "Åtgärd", text)), "x.csv"))[0]
    assert row["reader_remark"] is None
    assert row["action"] == (text if len(text) > 1 else None)


# Files


def test_a_workbook_with_macros_is_refused():
    data = BytesIO(as_workbook(good("internal_control")))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    for name in ("internkontroll.xlsx", "internkontroll.xlsm"):
        with pytest.raises(Rejected, match="innehåller makron och tas inte emot"):
            reading_of(data.getvalue(), name)


def test_headers_of_no_register_are_named():
    table = good("internal_control")
    table[0][4] = "Tankar"
    with pytest.raises(Rejected, match=r"Kolumnen Tankar är okänd .*Kolumnen Beskrivning saknas"):
        reading_of(as_csv(table), "x.csv")


def test_a_register_without_rows_is_refused():
    with pytest.raises(Rejected, match=re.escape("Filen har rubriker (rad 1) men inga rader")):
        reading_of(as_csv(good("sustainability")[:1]), "x.csv")
