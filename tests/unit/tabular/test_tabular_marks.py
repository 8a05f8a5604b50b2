"""Merged cells and formulas are found where Excel shows them."""

import io

import pytest
import xlsxwriter

from sources.tabular.marks import Marks, read_marks, reference


def workbook(mark):
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        first, second = book.add_worksheet("Första"), book.add_worksheet("Blad & <två>")
        first.write(0, 0, "x")
        second.write(0, 0, "x")
        mark(second)
    return written.getvalue()


def marked(sheet):
    sheet.merge_range(1, 0, 3, 1, "tall")
    sheet.merge_range(1, 27, 1, 28, "wide")
    sheet.write_formula(4, 26, "=1+1", None, 2)
    sheet.write_formula(5, 0, '=A1&"<f>"', None, "x<f>")
    sheet.write_string(6, 0, "=1+1")


def test_marks_are_those_of_the_sheet_by_name():
    data = workbook(marked)
    assert read_marks(data, "Blad & <två>") == Marks(
        merged=(((2, 1), (4, 2)), ((2, 28), (2, 29))), formulas=frozenset({(5, 27), (6, 1)})
    )
    assert read_marks(data, "Första") == Marks()


def test_a_sheet_without_marks_has_none():
    assert read_marks(workbook(lambda sheet: None), "Blad & <två>") == Marks()


@pytest.mark.parametrize(
    ("cell", "name"), [((1, 1), "A1"), ((5, 26), "Z5"), ((5, 27), "AA5"), ((1_048_576, 16_384), "XFD1048576")]
)
def test_a_cell_is_called_as_in_excel(cell, name):
    assert reference(cell) == name
