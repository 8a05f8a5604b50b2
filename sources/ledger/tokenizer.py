r"""Cut one SIE line into its label, fields and object list, exactly as the specification says.

Belongs here: blanks, quotes, ``\"`` and braces. Not here: what the fields mean (``labels``), types (``typing_rules``),
or the same thing done fast for whole files (``fast``), which must agree with this module on every line it takes.

Source: SIE 4B, 2008-09-30, 5.1-5.7: fields are split by blanks or tabs, any field may be quoted, ``\"`` is a quote
inside a field and no other escape exists.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sources.ledger.labels import OBJECTS_AT

OPEN_QUOTE = "Ett citattecken i slutet av ett fält saknas."
OPEN_LIST = "Objektlistan saknar avslutande klammer }."
TEXT_AFTER_QUOTE = 'Text står direkt efter ett citattecken; citattecken inne i en text ska skrivas \\".'
UNPAIRED_OBJECTS = "Objektlistan ska vara par av dimensionsnummer och objekt."

_BLANKS = re.compile(r"[ \t]*")
_LABEL = re.compile(r"#([^ \t]*)")
# Possessive, so that a backslash before a quote is never taken back as a literal one.
_INSIDE = r'(?>[^"\\]+|\\"|\\)*+'
_QUOTED = re.compile(rf'"({_INSIDE})"')
_BARE = re.compile(r"[^ \t]+")
_BARE_BEFORE_LIST = re.compile(r"[^ \t{]+")
_LIST = re.compile(rf'\{{((?>[^"{{}}]+|"{_INSIDE}")*+)\}}')
# The fields of a text without backslashes: quoted, bare, and a quote that is never closed.
_PLAIN_FIELDS = re.compile(r'"([^"]*)"|([^ \t"][^ \t]*)|"(.*)$')
_DIMENSION_NO = re.compile(r"[0-9]{1,9}")


class Item(NamedTuple):
    """One line: label without ``#``, unescaped fields, the text between the braces and what was wrong with it."""

    label: str
    fields: list[str]
    object_list: str | None
    fault: str | None


def tokenize(line: str) -> Item:
    """Return the item on ``line``, which starts with ``#`` and has no blanks at either end.

    A line that breaks the rules still gives what can be read of it, with the first ``fault`` in Swedish. Fields that
    are missing before an object list are empty.
    """
    match = _LABEL.match(line)
    if match is None:
        raise ValueError("an item starts with #")
    label, at = match[1], match.end()
    objects_at = OBJECTS_AT.get(label)
    fields: list[str] = []
    object_list: str | None = None
    faults: list[str | None] = []
    while (at := _skip_blanks(line, at)) < len(line):
        missing = -1 if objects_at is None or object_list is not None else objects_at - len(fields)
        if line[at] == "{" and missing >= 0:
            fields.extend([""] * missing)
            object_list, at, fault = _take_list(line, at)
        else:
            value, at, fault = _take_field(line, at, before_list=missing > 0)
            fields.append(value)
        faults.append(fault)
    return Item(label, fields, object_list, next(filter(None, faults), None))


def split_fields(text: str) -> list[str]:
    """Return the fields of ``text``, the inside of an object list."""
    if "\\" not in text:
        return ["".join(groups) for groups in _PLAIN_FIELDS.findall(text)]
    fields: list[str] = []
    at = 0
    while (at := _skip_blanks(text, at)) < len(text):
        value, at, _ = _take_field(text, at, before_list=False)
        fields.append(value)
    return fields


def parse_objects(object_list: str) -> tuple[list[tuple[int, str]], str | None]:
    """Return the (dimension number, object) pairs of an object list, and what is wrong with it.

    With a fault the pairs before it are still returned.
    """
    fields = split_fields(object_list)
    pairs: list[tuple[int, str]] = []
    for number, value in zip(fields[::2], fields[1::2], strict=False):
        if not _DIMENSION_NO.fullmatch(number):
            return pairs, UNPAIRED_OBJECTS
        pairs.append((int(number), value))
    return pairs, UNPAIRED_OBJECTS if len(fields) % 2 else None


def _skip_blanks(line: str, at: int) -> int:
    match = _BLANKS.match(line, at)
    return match.end() if match else at


def _take_field(line: str, at: int, *, before_list: bool) -> tuple[str, int, str | None]:
    if line[at] == '"':
        return _take_quoted(line, at)
    # A list may stand right after the field before it: #TRANS 1910{} 100.
    bare = (_BARE_BEFORE_LIST if before_list else _BARE).match(line, at)
    assert bare is not None
    return _unescape(bare[0]), bare.end(), None


def _take_quoted(line: str, at: int) -> tuple[str, int, str | None]:
    match = _QUOTED.match(line, at)
    if match is None:
        rest = line[at + 1 :]
        # A path such as "C:\Ekonomi\" at the end of a line: the backslash was meant as itself.
        if rest.endswith('\\"'):
            return _unescape(rest[:-1]), len(line), None
        return _unescape(rest), len(line), OPEN_QUOTE
    end = match.end()
    glued = end < len(line) and line[end] not in " \t{"
    return _unescape(match[1]), end, TEXT_AFTER_QUOTE if glued else None


def _take_list(line: str, at: int) -> tuple[str, int, str | None]:
    match = _LIST.match(line, at)
    if match is not None:
        return match[1], match.end(), None
    end = line.find("}", at)
    if end < 0:
        return line[at + 1 :], len(line), OPEN_LIST
    return line[at + 1 : end], end + 1, OPEN_QUOTE


def _unescape(text: str) -> str:
    return text.replace('\\"', '"')
