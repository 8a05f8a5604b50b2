"""What is dangerous, or not what it is called, is refused before anything parses it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from sources.inspection import Caps, inspect_file, inspect_part
from sources.reading import Rejected
from sources.tabular.workbook import workbook_rows

OLE = bytes.fromhex("D0CF11E0A1B11AE1")
CAPS = Caps()


def packed(parts: dict[str, bytes] | None = None, *, names: tuple[str, ...] = ()) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        for name, content in {**(parts or {}), **dict.fromkeys(names, b"")}.items():
            archive.writestr(name, content)
    return target.getvalue()


def overlapping() -> bytes:
    """Two names for the same packed bytes, each unpacked as if it were all there is."""
    data = packed({"xl/a.xml": bytes(range(256)) * 400})
    sizes = [entry.compress_size for entry in zipfile.ZipFile(io.BytesIO(data)).infolist()]
    size = max(sizes).to_bytes(4, "little")
    return data.replace(size, (len(data) + 1).to_bytes(4, "little"))


def inspected(folder: Path, name: str, data: bytes, caps: Caps = CAPS) -> None:
    (folder / "file").write_bytes(data)
    inspect_file(folder / "file", name, caps)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("budget.csv", packed(), r"heter \.csv men är en Excel-arbetsbok"),
        ("KS.se", OLE, r"heter \.se men är en Excel-arbetsbok"),
        ("budget.xlsx", b"Konto;Belopp\n", r"heter \.xlsx men är en textfil; öppna den i Excel"),
        ("budget.xlsx", b"\n<!DOCTYPE html><p>Logga in", r"heter \.xlsx men är en webbsida \(HTML\)"),
        ("KS.se", b"\xef\xbb\xbf<html>404</html>", "webbsida"),
        ("verifikat.parquet", b"Konto;Belopp\n", "exportera den igen som Parquet"),
        ("verifikat.csv", b"PAR1", "en Parquetfil"),
        ("budget.csv", b"%PDF-1.7", "ett PDF-dokument"),
        ("budget.csv", b"\x1f\x8b\x08", "gzip"),
        ("budget.csv", b"\x7fELF\x02", "ett program"),
        ("budget.csv", b"a;b\n1;\x00\x00\x00\n", "en binärfil"),
        ("budget.xlsm", packed(), "makron"),
        ("budget.xlsx", packed({"xl/vbaProject.bin": b"x"}), "makron"),
        ("budget.xlsx", packed({"xl/a.xml": b" " * 30_000_000}), "orimligt hårt packad"),
        ("budget.xlsx", packed(names=tuple(f"xl/{no}" for no in range(1000))), "1001 delar"),
        ("budget.xlsx", packed({"../../etc/cron.d/x": b"x"}), "pekar utanför"),
        ("budget.xlsx", packed({"/etc/x": b"x"}), "pekar utanför"),
        ("budget.xlsx", packed({"xl/embeddings/inre.xlsx": b"x"}), r"ett annat arkiv \(inre\.xlsx\)"),
        ("budget.xlsx", overlapping(), "skadad"),
        ("budget.xlsx", packed()[:-30], "skadad"),
    ],
)
def test_what_must_not_be_parsed_is_refused(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    with pytest.raises(Rejected, match=says):
        inspected(tmp_path, name, data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("budget.csv", b""),
        ("budget.xlsx", b""),
        ("budget.csv", "Ansvar;Belopp\n".encode("utf-16")),
        ("budget.csv", "Ansvar;Belopp\n".encode("utf-16-le")),
        ("KS.se", '#FNAMN "Åäö"\r\n'.encode("cp437")),
        ("kolada.json", b'{"values": []}'),
        ("budget.xlsx", packed()),
        ("budget.xls", OLE),
        ("verifikat.parquet", b"PAR1"),
    ],
)
def test_what_is_what_it_is_called_passes(tmp_path: Path, name: str, data: bytes) -> None:
    assert refusal(tmp_path, name, data) == ""


def test_what_is_refused_has_a_reason(tmp_path: Path) -> None:
    assert refusal(tmp_path, "budget.xlsx", b"%PDF-1.7 and more") != ""


def refusal(folder: Path, name: str, data: bytes) -> str:
    try:
        inspected(folder, name, data)
    except Rejected as rejection:
        return str(rejection)
    return ""


@pytest.mark.parametrize(
    ("caps", "says"),
    [
        (Caps(file_bytes=50), "större än 0 MB; dela upp"),
        (Caps(workbook_bytes=50), "skicka den som CSV"),
        (Caps(parts=1), "2 delar, fler än 1"),
        (Caps(unpacked_bytes=10), "orimligt hårt packad"),
    ],
)
def test_the_caps_are_those_that_are_given(tmp_path: Path, caps: Caps, says: str) -> None:
    with pytest.raises(Rejected, match=says):
        inspected(tmp_path, "budget.xlsx", packed({"xl/a.xml": b"<a/>"}), caps)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_xml_that_grows_is_refused(encoding: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'.encode(encoding)
    with pytest.raises(Rejected, match="egna entiteter"):
        inspect_part("xl/worksheets/sheet1.xml", bomb)
    with pytest.raises(Rejected, match="egna entiteter"):
        workbook_rows(packed({"xl/worksheets/sheet1.xml": bomb}), "budget.xlsx")


def test_an_archive_under_another_name_is_refused() -> None:
    with pytest.raises(Rejected, match=r"ett annat arkiv \(image1\.png\)"):
        workbook_rows(packed({"xl/media/image1.png": packed()}), "budget.xlsx")
