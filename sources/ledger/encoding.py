"""Decide which character set a SIE file is written in, and say why.

Belongs here: the verdict, its evidence and decoding. Not here: any parsing.

#FORMAT always says PC8 (CP437), and often lies; so the bytes decide. Order: byte order mark; strict UTF-8 with at
least one multibyte character; else the Swedish letters counted as CP437 and as Latin-1; CP437 when that says nothing.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from sources.reading import Rejected

LETTERS = "åäöÅÄÖé"
_CP437 = LETTERS.encode("cp437")
_LATIN1 = LETTERS.encode("latin-1")
_ASCII = bytes(range(128))
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The character set, the evidence in Swedish, and the place of the first byte that contradicts it (or None)."""

    encoding: str
    evidence: str
    odd_byte_at: int | None = None


def judge(data: bytes, *, forced: str | None = None) -> Verdict:
    """Return the character set of ``data``: ``cp437``, ``utf-8``, ``latin-1``, ``utf-16`` or the one forced.

    Raises LookupError when ``forced`` is no character set Python knows.
    """
    if forced is not None:
        return Verdict(codecs.lookup(forced).name if forced not in _NAMES else forced, "bestämd i inställningarna")
    if data.startswith(_UTF16):
        return Verdict("utf-16", "byteordningsmärke (BOM) för UTF-16")
    if data.isascii():
        return Verdict("cp437", "bara ASCII-tecken; CP437 är formatets teckenkodning")
    if _is_utf8(data):
        bom = data.startswith(codecs.BOM_UTF8)
        return Verdict("utf-8", "byteordningsmärke (BOM) för UTF-8" if bom else "giltig UTF-8 med flerbytestecken")
    return _by_letters(data.removeprefix(codecs.BOM_UTF8))


def decode(data: bytes, verdict: Verdict) -> str:
    """Return ``data`` as text, without byte order mark.

    Raises Rejected when a forced character set cannot read the bytes; the ones we judge ourselves always can.
    """
    try:
        return data.decode(verdict.encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Rejected(
            f"Filen går inte att läsa som {verdict.encoding}, som inställningarna bestämmer (byte {error.start + 1}). "
            "Ta bort inställningen eller ange rätt teckenkodning."
        ) from error


_NAMES = ("cp437", "utf-8", "latin-1")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _by_letters(data: bytes) -> Verdict:
    high = data.translate(None, _ASCII)
    as_cp437 = sum(high.count(byte) for byte in _CP437)
    as_latin1 = sum(high.count(byte) for byte in _LATIN1)
    encoding, others = ("latin-1", _CP437) if as_latin1 > as_cp437 else ("cp437", _LATIN1)
    places = [at for byte in others if (at := data.find(byte)) >= 0]
    evidence = f"å, ä, ö och é: {as_cp437} som CP437, {as_latin1} som Latin-1"
    return Verdict(encoding, evidence, min(places, default=None))
