"""Who a row is about: a number as systems write it to one normal form, and from there to a pseudonym.

Belongs here: personnummer and samordningsnummer, the keyed hash. Not here: which columns hold them (``column_maps/``),
where the key lies (``orchestration``). No message of this module repeats what it was given.

Sources: SKV 704 (personnummer), SKV 707 (samordningsnummer: 60 is added to the day), Luhn for the check digit.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sources.tabular.values import plain

Sex = Literal["women", "men"]
MIN_KEY_BYTES = 32
# Nobody is employed before the year they turn 13 (arbetsmiljölagen 5 kap. 2 §) or after that in which they turn 100.
YOUNGEST, OLDEST = 13, 100
_WRITTEN = re.compile(r"(\d{2})?(\d{6})[-+ ]?(\d{4})", re.ASCII)
# A number column drops zeros at the front: 000101 becomes 101, and no further than that.
_WITHOUT_ZEROS = re.compile(r"\d{7,9}", re.ASCII)
_EXPONENT = re.compile(r"[\d.,]+e[-+]?\d+", re.IGNORECASE | re.ASCII)
_FLOATED = re.compile(r"(\d+)[.,]0+", re.ASCII)
_COORDINATED = 60
_IN_TEXT = re.compile(rf"(?<!\d){_WRITTEN.pattern}(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class PersonNumber:
    """A valid number: ``digits`` are twelve; ``is_padded`` says that zeros at the front were put back."""

    digits: str
    birth_year: int
    sex: Sex
    is_padded: bool


def parse_person_number(text: str, year: int | None) -> PersonNumber:
    """Return the person of a cell; ``year`` is one in which they are employed and decides an unwritten century.

    Reads ``19811218-9876``, ``811218-9876``, ``811218+9876`` (a hundred years or more), ``8112189876`` and, from a
    number column, fewer digits. Raises ``ValueError`` (Swedish, without the number) for what is no valid number and
    for somebody who is too young or too old to be employed that year.
    """
    body = plain(text)
    if _EXPONENT.fullmatch(body):
        raise ValueError("har blivit ett tal i exponentform; formatera kolumnen som text och spara igen")
    if floated := _FLOATED.fullmatch(body):
        body = floated[1]
    is_padded = _WITHOUT_ZEROS.fullmatch(body) is not None
    match = _WRITTEN.fullmatch(body.zfill(10) if is_padded else body)
    if match is None:
        raise ValueError("är inget personnummer eller samordningsnummer; skriv ÅÅÅÅMMDD-NNNN")
    century, six, four = match.groups()
    if not _checks(six + four):
        raise ValueError("har fel kontrollsiffra; rätta i personalsystemet")
    birth_year = int(century + six[:2]) if century else _birth_year(int(six[:2]), year)
    _refuse_impossible(birth_year, int(six[2:4]), int(six[4:]), year)
    sex: Sex = "men" if int(four[2]) % 2 else "women"
    return PersonNumber(f"{birth_year:04d}{six[2:]}{four}", birth_year, sex, is_padded)


def without_numbers(text: str) -> str:
    """Return a text, such as a file's name, with ``dolt-nummer`` where it has what may be somebody's number."""
    return _IN_TEXT.sub(lambda match: "dolt-nummer" if _checks(match[2] + match[3]) else match[0], text)


def _checks(ten: str) -> bool:
    """Return whether the last of ten digits is the Luhn check digit of the others."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(ten))
    return sum(product // 10 + product % 10 for product in doubled) % 10 == 0


def _birth_year(two: int, year: int | None) -> int:
    """Return the latest year ending in ``two`` in which somebody employed in ``year`` can have been born.

    Every year in which a person is employed gives the same answer, so files of different years agree. The sign of age
    (``+``) is not needed for it, and means a hundred years on a day that the file does not tell.
    """
    if year is None:
        raise ValueError("har inget sekel, och raden har inget datum som visar vilket; skriv tolv siffror")
    latest = year - YOUNGEST
    return latest - (latest - two) % 100


def _refuse_impossible(year_born: int, month: int, day: int, year: int | None) -> None:
    try:
        date(year_born, month, day - _COORDINATED if day > _COORDINATED else day)
    except ValueError:
        raise ValueError("har ett födelsedatum som inte finns i kalendern; rätta i personalsystemet") from None
    if year is not None and not YOUNGEST <= year - year_born <= OLDEST:
        raise ValueError(f"ger en ålder under {YOUNGEST} eller över {OLDEST} år; kontrollera seklet")


class Pseudonyms:
    """Persons and employments under keyed hashes, the same in every file that is read with the same key."""

    def __init__(self, key: bytes) -> None:
        if len(key) < MIN_KEY_BYTES:
            raise ValueError(f"a pseudonym key has at least {MIN_KEY_BYTES} bytes")
        self._key = key

    def person(self, number: PersonNumber) -> str:
        """Return the person's key, 64 hexadecimal digits."""
        return self._hashed(number.digits)

    def employment(self, number: str, employer: str) -> str:
        """Return the key of the employment with this id; ``employer`` is whose it is, ``NNNNNN-NNNN``."""
        return self._hashed(f"employment:{employer}:{number}")

    def _hashed(self, text: str) -> str:
        return hmac.digest(self._key, text.encode(), "sha256").hex()


def key_fingerprint(key: bytes) -> str:
    """Return what tells this key from others without telling what it is."""
    return hmac.digest(key, b"fingerprint of the key", "sha256").hex()[:16]


def employment_no(text: str) -> str:
    """Return an employment id in one form: digits without the zeros at the front that a number column drops.

    Raises ``ValueError`` (Swedish, without the id) for a number that has become one with an exponent.
    """
    body = plain(text).upper()
    if _EXPONENT.fullmatch(body) and not body.isalnum():
        raise ValueError("har blivit ett tal i exponentform; formatera kolumnen som text och spara igen")
    if floated := _FLOATED.fullmatch(body):
        body = floated[1]
    return (body.lstrip("0") or "0") if body.isdecimal() else body
