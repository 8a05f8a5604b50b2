"""Files made bad at random places, always the same ones: what transfers, editors and attackers do to bytes."""

from __future__ import annotations

import io
import random
import zipfile

# What formats trip over: quotes, separators, marks of order and of end, line ends that only some see.
_SIGNS = (b'"', b";", b"\xff\xfe", b"\r", b"\x1a", "\u2028".encode(), b"{", b"\0")
_LENGTHS = (1, 2, 4, 16, 200)


def mutated(data: bytes, seed: str) -> bytes:
    """Return the bytes with one to five places flipped, cut, inserted, repeated or taken out."""
    chance = random.Random(seed)
    bad = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        if bad:
            _mutate(bad, chance)
    return bytes(bad)


def mutated_inside(data: bytes, seed: str) -> bytes:
    """Return a workbook, whole as an archive, with one of its parts ``mutated``."""
    source = zipfile.ZipFile(io.BytesIO(data))
    chosen = random.Random(seed).choice(source.namelist())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            archive.writestr(name, mutated(content, seed) if name == chosen else content)
    return target.getvalue()


def _mutate(bad: bytearray, chance: random.Random) -> None:
    place, length = chance.randrange(len(bad)), chance.choice(_LENGTHS)
    match chance.choice(("flip", "cut", "insert", "sign", "duplicate", "delete")):
        case "flip":
            bad[place] ^= 1 << chance.randrange(8)
        case "cut":
            del bad[place:]
        case "insert":
            bad[place:place] = chance.randbytes(length)
        case "sign":
            bad[place:place] = chance.choice(_SIGNS)
        case "duplicate":
            bad[place:place] = bad[place : place + length]
        case "delete":
            del bad[place : place + length]
