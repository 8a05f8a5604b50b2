"""The checksum of a SIE file: computed for writers, verified for readers.

Belongs here: #KSUMMA. Not here: any other judgement of a file.

It is CRC-32 (``zlib.crc32``) over the label with its ``#`` and the unescaped fields of every item between the first
#KSUMMA (empty) and the last (with the value), as CP437 bytes, without separators, quotes and braces.
Source: SIE 4B, 2008-09-30, 5.11 and appendix; tried on vendor files.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sources.ledger.labels import LAYOUTS, OBJECTS_AT
from sources.ledger.rejections import TruncatedSie, WrongChecksum
from sources.ledger.tokenizer import split_fields, tokenize

if TYPE_CHECKING:
    import polars as pl

CORRECT = "stämmer"
ABSENT = "finns inte"
UNOPENED = "kan inte prövas: #KSUMMA inleds aldrig"


def checksum(items: Iterable[Sequence[str]]) -> int:
    """Return the #KSUMMA of ``items``, for a program that writes SIE.

    An item is its label (without ``#``) and its unescaped fields in order; an object list is its dimension numbers
    and objects among the others: ``("TRANS", "3010", "1", "4711", "-100.00")``. Leave the two #KSUMMA out.
    """
    total = 0
    for label, *fields in items:
        total = zlib.crc32(f"#{label}{''.join(fields)}".encode("cp437"), total)
    return total


class Verifier:
    """Tries the checksum of a file that is read a slice at a time.

    A file that is not CP437 may have been summed over its own bytes: either is proof. ``encoding`` is its own.
    """

    def __init__(self, encoding: str) -> None:
        self._sums: dict[str, int] = dict.fromkeys(("cp437", encoding), 0)
        self._stated: list[tuple[int, str]] = []
        self._at_last: dict[str, int] = {}

    def add(self, lines: pl.DataFrame) -> None:
        """Take in the next lines of the file (row_no, line, label)."""
        import polars as pl

        done = 0
        marks = lines.with_row_index("place").filter(pl.col("label") == "KSUMMA")
        for place, row_no, line in marks.select("place", "row_no", "line").iter_rows():
            self._sum(lines[done:place])
            fields = tokenize(line).fields
            self._stated.append((row_no, fields[0] if fields else ""))
            self._at_last = dict(self._sums)
            # Only the first #KSUMMA opens the sum; another one in between is summed like any other item.
            done = place if len(self._stated) > 1 else place + 1
        self._sum(lines[done:])

    def _sum(self, lines: pl.DataFrame) -> None:
        if not self._stated or lines.is_empty():
            return
        content = _contents(lines).str.join("").item() or ""
        encoded = {codec: _encoded(content, codec) for codec in self._sums}
        self._sums = {codec: zlib.crc32(data, self._sums[codec]) for codec, data in encoded.items() if data is not None}

    def verdict(self) -> str:
        """Return what #KSUMMA says of the file, in Swedish: correct, absent or not possible to try.

        Raises TruncatedSie when #KSUMMA is opened and not closed, WrongChecksum when it does not agree.
        """
        if not self._stated:
            return ABSENT
        (first, _), (last, stated) = self._stated[0], self._stated[-1]
        if not stated:
            raise TruncatedSie(
                f"Filen är troligen avklippt: #KSUMMA inleds på rad {first} men kontrollsumman på slutet saknas. "
                "Exportera filen igen och lämna hela filen."
            )
        if len(self._stated) == 1:
            return UNOPENED
        if not (stated.lstrip("-").isdecimal() and int(stated) % 2**32 in self._at_last.values()):
            raise WrongChecksum(
                f"Kontrollsumman #KSUMMA på rad {last} stämmer inte med innehållet: filen är ändrad eller skadad efter "
                "exporten. Exportera filen igen och lämna den oförändrad."
            )
        return CORRECT


def verify(lines: pl.DataFrame, encoding: str) -> str:
    """Return what #KSUMMA says of a whole file (``Verifier.verdict``); ``lines`` has row_no, line and label."""
    verifier = Verifier(encoding)
    verifier.add(lines)
    return verifier.verdict()


def line_content(line: str) -> str:
    """Return what the checksum sees of one item."""
    item = tokenize(line)
    at = OBJECTS_AT.get(item.label, 0)
    objects = split_fields(item.object_list) if item.object_list else []
    return f"#{item.label}" + "".join([*item.fields[:at], *objects, *item.fields[at:]])


def _contents(lines: pl.DataFrame) -> pl.Series:
    """Return what the checksum sees of each item: ordinary lines at once, the others through the tokenizer."""
    import polars as pl

    items = lines.filter(pl.col("label").is_not_null())
    is_plain = items.select(pl.any_horizontal(pl.col("line").str.contains(shape) for shape in _plain_shapes()))
    odd = is_plain.to_series().not_().arg_true()
    bare = items["line"].str.replace_all(r'"([^"]*)"|[ \t{}]+', "${1}")
    if not len(odd):
        return bare
    return bare.scatter(odd, [line_content(line) for line in items["line"].gather(odd)])


def _plain_shapes() -> list[str]:
    """Return the shapes of lines where dropping quotes, blanks and braces gives what the tokenizer gives."""
    from sources.ledger.fast import BARE, BLANK, LIST, QUOTED

    field = f"(?:{QUOTED}|{BARE})"
    with_list = (
        rf"^#(?:{'|'.join(layout.labels)})(?:{BLANK}+{field}){{{layout.objects_at}}}{BLANK}+"
        rf"\{{{LIST}\}}(?:{BLANK}*{field}(?:{BLANK}+{field})*)?$"
        for layout in LAYOUTS.values()
        if layout.objects_at
    )
    return [rf"^{BARE}(?:{BLANK}+{field})*$", *with_list]


def _encoded(content: str, codec: str) -> bytes | None:
    try:
        return content.encode(codec)
    except UnicodeEncodeError:
        return None
