"""What a file is, told from its bytes before anything parses it, and what is refused unparsed.

Belongs here: caps on size, wrong content behind an ending, what may stand in a packed workbook. Not here: parsing
(``sources.tabular``), how a file came (``orchestration.loading``). Nothing here unpacks more than the directory says,
and only what is within the caps. A message is Swedish and never holds more of a file than the name of one of its parts.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import Literal

from sources.reading import Rejected

Kind = Literal["text", "workbook", "parquet"]

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".xlam", ".ods"})
MACRO_SUFFIXES = frozenset({".xlsm", ".xltm", ".xlam"})
ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
PARQUET = b"PAR1"
# What reading a damaged archive may raise.
UNPACKABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)
# Below this size a high ratio is only a repetitive sheet.
_RATIO_COUNTS_FROM_BYTES = 20_000_000
_HEAD_BYTES = 4096
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FOREIGN = (
    (b"%PDF", "ett PDF-dokument"),
    (b"{\\rtf", "ett RTF-dokument"),
    (b"\x1f\x8b", "ett packat arkiv (gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "ett packat arkiv (7z)"),
    (b"Rar!\x1a\x07", "ett packat arkiv (rar)"),
    (b"\xfd7zXZ\x00", "ett packat arkiv (xz)"),
    (b"\x28\xb5\x2f\xfd", "ett packat arkiv (zstd)"),
    (b"\x7fELF", "ett program"),
    (b"MZ\x90\x00", "ett program"),
    (b"\x89PNG", "en bild"),
    (b"\xff\xd8\xff", "en bild"),
    (b"GIF8", "en bild"),
    (b"SQLite format 3\x00", "en databas"),
)
_PAGES = (b"<!doctype html", b"<html")
# Said of one that a text file should not be; Office would open each by its content, whatever it is called.
_KINDS = {"workbook": "en Excel-arbetsbok eller ett zip-arkiv", "parquet": "en Parquetfil", "text": "en textfil"}
_MACRO_PARTS = re.compile(r"vbaproject\.bin$|/macrosheets/|(?:^|/)basic/", re.IGNORECASE)
_PACKED_SUFFIXES = WORKBOOK_SUFFIXES | {".zip", ".7z", ".rar", ".gz", ".xz", ".bz2", ".tar", ".docx", ".pptx"}
# OOXML forbids a document type: nobody but an attacker declares entities in a sheet.
_DECLARATION = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)")


@dataclass(frozen=True, slots=True)
class Caps:
    """What a file may be at most. ``file_bytes`` is of any file, the others are of workbooks, which are packed XML.

    ``ratio`` is of unpacked to packed bytes, ``parts`` counts the entries of the archive. The defaults for workbooks
    are what their parser has been tried with; they may be lowered.
    """

    file_bytes: int = 2_000_000_000
    workbook_bytes: int = 50_000_000
    unpacked_bytes: int = 250_000_000
    ratio: int = 150
    parts: int = 1_000


def visible(text: str) -> str:
    """Return text that does nothing but stand there: what comes out of a file may hold commands to a terminal."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text)


def kind_of(file_name: str) -> Kind:
    """Return what a file is to be by its name."""
    suffix = PurePath(file_name).suffix.casefold()
    return "workbook" if suffix in WORKBOOK_SUFFIXES else "parquet" if suffix == ".parquet" else "text"


def inspect_file(file: Path, file_name: str, caps: Caps) -> None:
    """Raise ``Rejected`` for a file that must not be parsed: too large, not what it is called, or packed for harm.

    An empty file passes: its reader says what it lacks.
    """
    size = file.stat().st_size
    if size > caps.file_bytes:
        raise Rejected(too_large(caps))
    with file.open("rb") as opened:
        head = opened.read(_HEAD_BYTES)
        _reject_other_content(head, file_name)
        if kind_of(file_name) != "workbook":
            return
        if size > caps.workbook_bytes:
            raise Rejected(f"Arbetsboken är större än {caps.workbook_bytes // 1_000_000} MB; skicka den som CSV.")
        if PurePath(file_name).suffix.casefold() in MACRO_SUFFIXES:
            raise macros()
        if head.startswith(ZIP):
            try:
                with zipfile.ZipFile(opened) as archive:
                    inspect_directory(archive, size, caps)
            except UNPACKABLE:
                raise damaged() from None


def too_large(caps: Caps) -> str:
    """Return what is said of a file that is larger than any may be."""
    return f"Filen är större än {caps.file_bytes // 1_000_000} MB; dela upp den per år eller höj gränsen."


def macros() -> Rejected:
    """Return why a workbook with macros is refused."""
    return Rejected("Arbetsboken innehåller makron och tas inte emot; spara den som .xlsx utan makron.")


def damaged() -> Rejected:
    """Return why a workbook that cannot be unpacked is refused."""
    return Rejected("Arbetsboken är skadad eller avbruten; exportera den igen.")


def inspect_directory(archive: zipfile.ZipFile, packed: int, caps: Caps) -> None:
    """Judge a workbook of ``packed`` bytes by its directory, without unpacking any of it; raises ``Rejected``."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > caps.parts:
        raise Rejected(f"Arbetsboken har {len(entries)} delar, fler än {caps.parts}; spara bladet i en ny arbetsbok.")
    if unpacked > caps.unpacked_bytes or (unpacked > _RATIO_COUNTS_FROM_BYTES and unpacked > caps.ratio * packed):
        size = f"{packed // 1000} kB blir {unpacked // 1_000_000} MB"
        raise Rejected(f"Arbetsboken är orimligt hårt packad ({size}); spara bladet i en ny arbetsbok.")
    # Parts that share bytes, or a name, are read as one thing here and as another by the next parser.
    names = [entry.filename for entry in entries]
    if sum(entry.compress_size for entry in entries) > packed or len(set(names)) < len(names):
        raise damaged()
    for name in names:
        if _MACRO_PARTS.search(name):
            raise macros()
        if ".." in PurePosixPath(name).parts or name.startswith("/") or "\\" in name:
            raise Rejected("Arbetsboken har delar som pekar utanför den; spara bladet i en ny arbetsbok.")
        if PurePosixPath(name).suffix.casefold() in _PACKED_SUFFIXES:
            raise _nested(name)


def inspect_part(name: str, content: bytes) -> None:
    """Judge one unpacked part of a workbook: another archive, or XML that declares what it grows into."""
    if content.startswith((ZIP, *(sign for sign, kind in _FOREIGN if "arkiv" in kind))):
        raise _nested(name)
    if name.casefold().endswith((".xml", ".rels", ".vml")) and _DECLARATION.search(content):
        raise Rejected("Arbetsboken har XML med egna entiteter (DOCTYPE); spara bladet i en ny arbetsbok.")


def _nested(name: str) -> Rejected:
    return Rejected(f"Arbetsboken innehåller ett annat arkiv ({PurePosixPath(name).name}); ta bort det inbäddade.")


def _reject_other_content(head: bytes, file_name: str) -> None:
    """Raise ``Rejected`` where the first bytes are not of what the name says, with what they are."""
    expected, suffix = kind_of(file_name), PurePath(file_name).suffix
    found = _content_of(head)
    if not head.strip() or found == expected:
        return
    action = {
        "workbook": "öppna den i Excel och spara den som .xlsx",
        "parquet": "exportera den igen som Parquet",
        "text": "exportera den som text, eller döp den efter vad den är",
    }[expected]
    raise Rejected(f"Filen heter {suffix or 'inget efter namnet'} men är {_KINDS.get(found, found)}; {action}.")


def _content_of(head: bytes) -> str:
    """Return the kind that the first bytes of a file are of, or what else they are."""
    if head.startswith((ZIP, b"PK\x05\x06", OLE)):
        return "workbook"
    if head.startswith(PARQUET):
        return "parquet"
    for sign, what in _FOREIGN:
        if head.startswith(sign):
            return what
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGES):
        return "en webbsida (HTML)"
    return "text" if _is_text(head) else "en binärfil"


def _is_text(head: bytes) -> bool:
    """Tell text from other bytes: it has no zero byte, but for UTF-16, which has them in one of every two places."""
    return b"\0" not in head or head.startswith(_BYTE_ORDER_MARKS) or 0 not in head[::2] or 0 not in head[1::2]
