"""Bytes to text, with the evidence for the character set.

Belongs here: byte-order marks, UTF-16 without one, UTF-8, and the choice between CP1252 (Windows) and CP437 (DOS).
Not here: what the text says. The choice is counted, not guessed, so the same bytes always give the same text.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from sources.reading import Rejected

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SWEDISH = "åäöÅÄÖé"
# What UTF-8 looks like after someone has read it as Windows text and saved it again.
_MOJIBAKE = ("Ã¥", "Ã¤", "Ã¶", "Ã…", "Ã„", "Ã–", "\ufffd")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, the character set it was read with, and why (Swedish)."""

    text: str
    encoding: str
    evidence: str


def decode(data: bytes, forced: str | None = None) -> Decoded:
    """Return the text of ``data``; ``forced`` overrides the verdict.

    Raises ``Rejected`` for bytes that are no text, and for a forced character set that does not exist or fit.
    """
    decoded = _forced(data, forced) if forced else _by_mark(data) or _by_nulls(data) or _by_counting(data)
    if "\x00" in decoded.text:
        raise Rejected("Filen är inte en textfil; exportera den som CSV eller Excel.")
    return decoded


def mojibake(text: str) -> str | None:
    """Return the first sign that the text was garbled before it was sent (``Ã¥`` for å), or None."""
    return next((sign for sign in _MOJIBAKE if sign in text), None)


def _forced(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding).removeprefix("\ufeff"), encoding, "angiven i inställningarna")
    except LookupError:
        raise Rejected(f"Teckenkodningen {encoding} finns inte; rätta den i inställningarna.") from None
    except UnicodeDecodeError as error:
        reason = f"Filen är inte skriven i {encoding} (byte {error.start + 1}); ta bort eller rätta inställningen."
        raise Rejected(reason) from None


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data.decode(encoding), encoding, "filen börjar med en byteordningsmarkör (BOM)")
            except UnicodeDecodeError as error:
                reason = f"Filen säger sig vara {encoding} men är trasig vid byte {error.start + 1}; exportera om den."
                raise Rejected(reason) from None
    return None


def _by_nulls(data: bytes) -> Decoded | None:
    """Recognise UTF-16 without a mark: Western text then has a zero in nearly every other byte."""
    half = len(data) // 2
    low, high = data[1::2].count(0), data[0::2].count(0)
    for zeros, others, encoding in ((low, high, "utf-16-le"), (high, low, "utf-16-be")):
        if half and len(data) % 2 == 0 and zeros > 0.7 * half and others == 0:
            return Decoded(data.decode(encoding, "replace"), encoding, f"{zeros} av {half} teckenpar har en nollbyte")
    return None


def _by_counting(data: bytes) -> Decoded:
    if data.isascii():
        return Decoded(data.decode("ascii"), "ascii", "bara tecken som alla kodningar har gemensamt")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return Decoded(text, "utf-8", "alla tecken utanför ASCII är giltig UTF-8")
    windows, dos = (sum(data.count(char.encode(name)) for char in _SWEDISH) for name in ("cp1252", "cp437"))
    evidence = f"åäöé: {windows} tecken som CP1252, {dos} som CP437"
    if dos > windows:
        return Decoded(data.decode("cp437"), "cp437", evidence)
    try:
        return Decoded(data.decode("cp1252"), "cp1252", evidence)
    except UnicodeDecodeError:
        return Decoded(data.decode("cp437"), "cp437", f"{evidence}; har tecken som inte finns i CP1252")
