"""What is dangerous in a workbook is refused before it is parsed."""

import io
import zipfile

import pytest
import xlsxwriter

from sources.inspection import Caps
from sources.reading import Rejected
from sources.tabular import workbook as module
from sources.tabular.workbook import is_workbook, workbook_rows

OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def packed(**parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"xl/workbook.xml": b"<workbook/>", **parts}.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_zip_bomb_is_rejected():
    bomb = packed(**{"xl/worksheets/sheet1.xml": b" " * 30_000_000})
    assert len(bomb) < 50_000
    with pytest.raises(Rejected, match=r"orimligt hårt packad \(29 kB blir 30 MB\)"):
        workbook_rows(bomb, "b.xlsx")


def test_directory_that_lies_about_sizes_is_rejected():
    bomb = packed(**{"xl/worksheets/sheet1.xml": b" " * 30_000_000})
    size = (30_000_000).to_bytes(4, "little")
    assert bomb.count(size) == 2
    with pytest.raises(Rejected, match="skadad"):
        workbook_rows(bomb.replace(size, (100).to_bytes(4, "little")), "b.xlsx")


def test_one_value_far_out_is_rejected():
    """Five kilobytes that would make the parser ask for 512 GB."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, 1)
        sheet.write(1_048_575, 16_383, 1)
    with pytest.raises(Rejected, match="1048576 rader och 16384 kolumner"):
        workbook_rows(target.getvalue(), "b.xlsx")


def test_too_many_parts_are_rejected():
    parts = {f"xl/media/{no}.png": b"" for no in range(module.CAPS.parts)}
    with pytest.raises(Rejected, match="1001 delar"):
        workbook_rows(packed(**parts), "b.xlsx")


def test_too_large_a_file_is_rejected(monkeypatch):
    monkeypatch.setattr(module, "CAPS", Caps(workbook_bytes=10))
    with pytest.raises(Rejected, match="större än"):
        workbook_rows(packed(), "b.xlsx")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (packed(**{"xl/vbaProject.bin": b"x"}), "b.xlsx"),
        (packed(**{"xl/macrosheets/sheet1.xml": b"x"}), "b.xlsx"),
        (packed(), "b.xlsm"),
        (OLE + "_VBA_PROJECT_CUR".encode("utf-16-le"), "b.xls"),
    ],
)
def test_macros_are_refused(data, name):
    with pytest.raises(Rejected, match="makron"):
        workbook_rows(data, name)


def test_password_is_refused():
    with pytest.raises(Rejected, match="lösenord"):
        workbook_rows(OLE + "EncryptedPackage".encode("utf-16-le"), "b.xlsx")


@pytest.mark.parametrize("name", ["b.xlsx", "b.xls", "B.XLSX"])
def test_text_under_an_excel_name_is_rejected(name):
    with pytest.raises(Rejected, match="ingen Excel-arbetsbok"):
        is_workbook(b"Ansvar;Konto\n", name)
    with pytest.raises(Rejected, match="webbsida"):
        is_workbook(b"<html><table>", name)


def test_damaged_workbook_is_rejected():
    whole = packed(**{"xl/worksheets/sheet1.xml": b"<worksheet/>"})
    for data in (whole[:-30], OLE + b"0" * 600, packed(), whole.replace(b"PK\x03\x04", b"PK\x03\x05")):
        with pytest.raises(Rejected):
            workbook_rows(b"PK\x03\x04" + data[4:] if not data.startswith(OLE) else data, "b.xlsx")


def test_other_packed_files_are_rejected():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("content.xml", b"")
    with pytest.raises(Rejected, match=r"ingen \.xlsx"):
        workbook_rows(target.getvalue(), "b.ods")


def test_merged_cells_and_hidden_sheets_do_no_harm():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("Data").merge_range("A1:C2", "Budget")
        book.add_worksheet("Gömt").hide()
    assert workbook_rows(target.getvalue(), "b.xlsx") == {"Data": [["Budget"]]}
