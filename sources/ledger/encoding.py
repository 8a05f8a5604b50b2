"""Decide which character set a SIE file is written in, and say why.

Belongs here: the verdict, its evidence and decoding. Not here: any parsing.

#FORMAT always says PC8 (CP437), and often lies; so the bytes decide. Order: byte order mark; strict UTF-8 with at
least one multibyte character; else the Swedish letters counted as CP437 and as Latin-1; CP437 when that says nothing.
"""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import dataclass

from sources.reading import Rejected

LETTERS = "åäöÅÄÖé"
_CP437 = LETTERS.encode("cp437")
_LATIN1 = LETTERS.encode("latin-1")
_ASCII = bytes(range(128))
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: Character sets in which a byte below 128 is always that ASCII character: such files can be cut before decoding.
ASCII_SUPERSETS = frozenset({"cp437", "utf-8", "latin-1", "cp1252"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The character set, the evidence in Swedish, and the place of the first byte that contradicts it (or None)."""

    encoding: str
    evidence: str
    odd_byte_at: int | None = None


class Evidence:
    """What the bytes of a file say of its character set, gathered a block at a time."""

    def __init__(self) -> None:
        self._size = 0
        self._head = b""
        self._is_ascii = True
        self._utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
        self._counts: Counter[int] = Counter()
        self._places: dict[int, int] = {}

    def add(self, block: bytes) -> None:
        """Take in the next bytes of the file."""
        self._head = self._head or block[:4]
        if self._utf8:
            try:
                self._utf8.decode(block)
            except UnicodeDecodeError:
                self._utf8 = None
        if not block.isascii():
            self._is_ascii = False
            self._count(block)
        self._size += len(block)

    def _count(self, block: bytes) -> None:
        high = block.translate(None, _ASCII)
        for byte in {*_CP437, *_LATIN1}:
            if found := high.count(byte):
                self._counts[byte] += found
                self._places.setdefault(byte, self._size + block.find(byte))

    def verdict(self, *, forced: str | None = None) -> Verdict:
        """Return the character set: ``cp437``, ``utf-8``, ``latin-1``, ``utf-16`` or the one forced.

        Raises LookupError when ``forced`` is no character set Python knows.
        """
        if forced is not None:
            return Verdict(codecs.lookup(forced).name if forced not in _NAMES else forced, "bestämd i inställningarna")
        if self._head.startswith(_UTF16):
            return Verdict("utf-16", "byteordningsmärke (BOM) för UTF-16")
        if self._is_ascii:
            return Verdict("cp437", "bara ASCII-tecken; CP437 är formatets teckenkodning")
        if self._is_utf8():
            bom = self._head.startswith(codecs.BOM_UTF8)
            return Verdict("utf-8", "byteordningsmärke (BOM) för UTF-8" if bom else "giltig UTF-8 med flerbytestecken")
        return self._by_letters()

    def _is_utf8(self) -> bool:
        try:
            # A character cut off at the very end shows only now.
            return self._utf8 is not None and self._utf8.decode(b"", final=True) == ""
        except UnicodeDecodeError:
            return False

    def _by_letters(self) -> Verdict:
        as_cp437 = sum(self._counts[byte] for byte in _CP437)
        as_latin1 = sum(self._counts[byte] for byte in _LATIN1)
        encoding, others = ("latin-1", _CP437) if as_latin1 > as_cp437 else ("cp437", _LATIN1)
        places = [self._places[byte] for byte in others if byte in self._places]
        evidence = f"å, ä, ö och é: {as_cp437} som CP437, {as_latin1} som Latin-1"
        return Verdict(encoding, evidence, min(places, default=None))


def judge(data: bytes, *, forced: str | None = None) -> Verdict:
    """Return the character set of a whole file (``Evidence.verdict``)."""
    evidence = Evidence()
    evidence.add(data)
    return evidence.verdict(forced=forced)


def decode(data: bytes, verdict: Verdict, *, offset: int = 0) -> str:
    """Return ``data`` as text, without byte order mark; ``offset`` is where in the file it stands.

    Raises Rejected when a forced character set cannot read the bytes; the ones we judge ourselves always can.
    """
    try:
        return data.decode(verdict.encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Rejected(
            f"Filen går inte att läsa som {verdict.encoding}, som inställningarna bestämmer "
            f"(byte {offset + error.start + 1}). Ta bort inställningen eller ange rätt teckenkodning."
        ) from error


_NAMES = ("cp437", "utf-8", "latin-1")
