"""Cut a SIE file into slices that are read one at a time, so that its size does not decide the memory it takes.

Belongs here: where a file may be cut, and what must be known of all of it before its first slice can be read. Not
here: what its lines mean (``fast``), what is gathered from the slices (``sie``).

A slice ends where a voucher begins: every voucher stands whole in one slice. A file without vouchers, with lines that
end as on old Macs, or in a character set that cannot be cut before it is decoded, is one slice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sources.ledger.encoding import ASCII_SUPERSETS, Evidence, Verdict, decode
from sources.ledger.rejections import BLANKS, refuse_other_formats

SLICE_BYTES = 1 << 25
_BLOCK = 1 << 23
#: What the rows of a voucher depend on wherever in the file it stands: the year, and what dimensions are called.
_DECLARATIONS = (b"#RAR", b"#DIM", b"#UNDERDIM")
_BEFORE_LABEL = b" \t\r\x1a"
_AFTER_LABEL = (b" ", b"\t", b"\r", b"\n")


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a whole file before it is read; ``declarations`` are the lines that may be #RAR and #DIM."""

    verdict: Verdict
    declarations: str
    can_be_cut: bool


@dataclass(frozen=True, slots=True)
class Slice:
    """Some whole lines of a file as text; ``offset`` and ``first_row_no`` are where in the file they begin.

    ``odd_row_no`` is the line with the first byte that contradicts the character set, if it stands here.
    """

    text: str
    offset: int
    first_row_no: int
    is_last: bool
    odd_row_no: int | None = None


def survey(file: BinaryIO, *, forced: str | None = None) -> Survey:
    """Look through a whole file, a block at a time.

    Raises NotSie for a file of another format, LookupError when ``forced`` is no character set Python knows.
    """
    file.seek(0)
    evidence, declared, is_seen, has_newline = Evidence(), [], False, False
    while block := file.read(_BLOCK):
        if not is_seen and block.strip(BLANKS):
            refuse_other_formats(block)
            is_seen = True
        block += file.readline()
        evidence.add(block)
        has_newline = has_newline or b"\n" in block
        declared += _lines_with(block, _DECLARATIONS)
    if not is_seen:
        refuse_other_formats(b"")
    verdict = evidence.verdict(forced=forced)
    can_be_cut = has_newline and verdict.encoding in ASCII_SUPERSETS
    return Survey(verdict, decode(b"\n".join(declared), verdict) if can_be_cut else "", can_be_cut)


def slices(file: BinaryIO, found: Survey, size: int = SLICE_BYTES) -> Iterator[Slice]:
    """Yield the file in slices of about ``size`` bytes.

    Raises Rejected when a forced character set cannot read the bytes.
    """
    offset, first_row_no = 0, 1
    for data, is_last in _cut(file, size if found.can_be_cut else -1):
        odd_at = found.verdict.odd_byte_at
        is_here = odd_at is not None and offset <= odd_at < offset + len(data)
        odd_row_no = first_row_no + data.count(b"\n", 0, (odd_at or 0) - offset) if is_here else None
        text = decode(data, found.verdict, offset=offset)
        # The line that begins after the last line end of a slice is the first of the next one.
        yield Slice(text if is_last else text.removesuffix("\n"), offset, first_row_no, is_last, odd_row_no)
        offset += len(data)
        first_row_no += data.count(b"\n")


def _cut(file: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield the bytes between cuts, and whether they are the last ones; a ``size`` of -1 cuts nothing."""
    file.seek(0)
    rest = b""
    while block := file.read(size):
        rest += block
        if size > 0 and (at := _last_voucher(rest)):
            yield rest[:at], False
            rest = rest[at:]
    yield rest, True


def _last_voucher(data: bytes) -> int:
    """Return where the last line that is a #VER begins, 0 where none but the first line is."""
    end = len(data)
    while (at := data.rfind(b"#VER", 0, end)) > 0:
        line = data.rfind(b"\n", 0, at) + 1
        if line and not data[line:at].strip(_BEFORE_LABEL) and data[at + 4 : at + 5] in _AFTER_LABEL:
            return line
        end = at
    return 0


def _lines_with(block: bytes, labels: tuple[bytes, ...]) -> list[bytes]:
    """Return the lines that hold one of the labels, in order; which of them begin with it is told by the reader."""
    found: dict[int, bytes] = {}
    for label in labels:
        at = block.find(label)
        while at >= 0:
            begin = block.rfind(b"\n", 0, at) + 1
            end = block.find(b"\n", at)
            end = len(block) if end < 0 else end
            found[begin] = block[begin:end]
            at = block.find(label, end)
    return [found[begin] for begin in sorted(found)]
