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


def verify(lines: pl.DataFrame, encoding: str) -> str:
    """Return what #KSUMMA says of the file, in Swedish: correct, absent or not possible to try.

    ``lines`` has row_no, line and label. Raises TruncatedSie when #KSUMMA is opened and not closed, WrongChecksum when
    it does not agree. A file that is not CP437 may have been summed over its own bytes: either is proof.
    """
    import polars as pl

    marks = lines.filter(pl.col("label") == "KSUMMA")
    if marks.is_empty():
        return ABSENT
    stated = [fields[0] if (fields := tokenize(text).fields) else "" for text in marks["line"]]
    if not stated[-1]:
        raise TruncatedSie(
            f"Filen är troligen avklippt: #KSUMMA inleds på rad {marks['row_no'][0]} men kontrollsumman på slutet "
            "saknas. Exportera filen igen och lämna hela filen."
        )
    if len(stated) == 1:
        return UNOPENED
    first, last = marks["row_no"][0], marks["row_no"][-1]
    content = "".join(_contents(lines.filter(pl.col("row_no").is_between(first, last, closed="none"))))
    found = {zlib.crc32(data) for codec in ("cp437", encoding) if (data := _encoded(content, codec)) is not None}
    if not (stated[-1].lstrip("-").isdecimal() and int(stated[-1]) % 2**32 in found):
        raise WrongChecksum(
            f"Kontrollsumman #KSUMMA på rad {last} stämmer inte med innehållet: filen är ändrad eller skadad efter "
            "exporten. Exportera filen igen och lämna den oförändrad."
        )
    return CORRECT


def line_content(line: str) -> str:
    """Return what the checksum sees of one item."""
    item = tokenize(line)
    at = OBJECTS_AT.get(item.label, 0)
    objects = split_fields(item.object_list) if item.object_list else []
    return f"#{item.label}" + "".join([*item.fields[:at], *objects, *item.fields[at:]])


def _contents(lines: pl.DataFrame) -> Iterable[str]:
    """Return what the checksum sees of each item: ordinary lines at once, the others through the tokenizer."""
    import polars as pl

    items = lines.filter(pl.col("label").is_not_null())
    is_plain = items.select(pl.any_horizontal(pl.col("line").str.contains(shape) for shape in _plain_shapes()))
    bare = items["line"].str.replace_all(r'"([^"]*)"|[ \t{}]+', "${1}")
    odd = {
        row: line_content(text)
        for row, (text, plain) in enumerate(zip(items["line"], is_plain.to_series(), strict=True))
        if not plain
    }
    return (odd.get(row, text) for row, text in enumerate(bare))


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
