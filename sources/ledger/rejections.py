"""Why a whole SIE file is refused, and the looks at its first bytes that tell.

Belongs here: the four reasons of a file (not SIE, damaged, cut off, says nothing). Not here: anything wrong with a
single row, which is an issue and never stops a file.
"""

from __future__ import annotations

import codecs
import re

from sources.reading import Rejected

_TITLE = re.compile(rb"<title[^>]*>\s*([^<]{1,80}?)\s*<", re.IGNORECASE)
_HEAD = 4096
BLANKS = b" \t\r\n\x00\x1a"
_MAGIC = {
    b"PK\x03\x04": "en Excel- eller zip-fil",
    b"%PDF": "en PDF-fil",
    b"\xd0\xcf\x11\xe0": "en äldre Excel- eller Word-fil",
    b"\x1f\x8b": "en gzip-fil",
}


class NotSie(Rejected):
    """The bytes are something else than a SIE 4 export."""


class TruncatedSie(Rejected):
    """#KSUMMA was opened and never closed: the end of the file is missing."""


class WrongChecksum(Rejected):
    """#KSUMMA does not agree with what stands in the file."""


class EmptyExport(Rejected):
    """A SIE file with neither vouchers nor balances."""


def refuse_other_formats(data: bytes) -> None:
    """Raise NotSie when the first bytes are an empty file, a web page, XML or a binary format."""
    if not data.strip(BLANKS):
        raise NotSie("Filen är tom. Exportera SIE-filen ur ekonomisystemet igen.")
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise NotSie(f"Filen är {kind}, inte SIE. Exportera SIE 4 ur ekonomisystemet och lämna den filen.")
    head = data[:_HEAD].removeprefix(codecs.BOM_UTF8).lstrip()
    if re.match(rb"<(!doctype\s+html|html|head|body|title)\b", head, re.IGNORECASE):
        title = _TITLE.search(head)
        said = f' (rubrik "{title[1].decode("latin-1")}")' if title else ""
        raise NotSie(
            f"Filen är en HTML-sida{said}, inte SIE: nedladdningen gav en webbsida i stället för filen. "
            "Hämta eller exportera SIE-filen igen."
        )
    if head.startswith(b"<?xml") or re.match(rb"<(\w+:)?Sie\b", head):
        raise NotSie("Filen är XML (kanske SIE 5), inte SIE 4. Exportera SIE 4 ur ekonomisystemet.")
    if b"\x00" in head and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise NotSie("Filen är binär, inte SIE. Exportera SIE 4 ur ekonomisystemet och lämna den filen.")


def refuse_without_labels(labels: set[str], known: frozenset[str]) -> None:
    """Raise NotSie when no line of the file starts with a label of the format."""
    if not labels & known:
        raise NotSie(
            "Filen är text men inte SIE: ingen rad börjar med #FLAGGA, #SIETYP eller någon annan SIE-post. "
            "Exportera SIE 4 ur ekonomisystemet."
        )
