"""Excel workbooks, written cell by cell."""

import io

import pytest
import xlsxwriter


def write_workbook(sheets):
    """Return the bytes of a workbook; ``sheets`` maps a name to rows of cells."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row_no, cells in enumerate(rows):
                sheet.write_row(row_no, 0, cells)
    return target.getvalue()


@pytest.fixture
def workbook():
    return write_workbook
