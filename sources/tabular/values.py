"""One cell of text to one exact value, for the ways Swedes and their systems write them.

Belongs here: amounts, measures, dates, periods, years, numbers, shares, hours and codes. Not here: whole columns
(``sources.column_map``) or what a missing value means to a source. Every parser returns None for a missing value and
raises ``ValueError`` with a Swedish reason that says what to do, without file or row: the caller knows those.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

SPACES = "\u00a0\u202f\u2009\u2007\u2008\u200a"
MINUSES = "\u2212\u2013\u2014\u2010\u2011\ufe63\uff0d"
_PLAIN = str.maketrans({**dict.fromkeys(SPACES, " "), **dict.fromkeys(MINUSES, "-"), "\ufeff": None, "\u200b": None})

_CURRENCY = re.compile(r" ?(?:kr\.?|sek|:-)$", re.IGNORECASE)
_CLEAN = re.compile(r"-?(?:\d+|\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+)(?:[.,]\d{1,2})?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?P<group>[ .,])\d{3}(?:(?P=group)\d{3})*", re.ASCII)
_EXPONENT = re.compile(r"[-+]?\d+(?:[.,]\d+)?e[-+]?\d+", re.IGNORECASE | re.ASCII)
_LIMIT = Decimal(10) ** 16
_ORE = Decimal("0.01")
_MEASURE = Decimal("0.0001")
_LARGEST_MEASURE = Decimal(10) ** 12
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)", re.ASCII)
_LARGEST_WHOLE = 2**31 - 1

_DATE = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_SERIAL = re.compile(r"[2-9]\d{4}", re.ASCII)
_EXCEL_EPOCH = date(1899, 12, 30)
_YEAR = re.compile(r"(?:19|20)\d{2}", re.ASCII)
_PERIOD = re.compile(r"((?:19|20)\d{2})[-/. ]?(\d{2})(?:[-/.]?\d{2})?", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_MONTH_NAMES = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)
_MONTH_NO = {word: no for names in (_MONTHS, _MONTH_NAMES) for no, word in enumerate(names, start=1)} | {"sept": 9}
_WORD_PERIOD = re.compile(r"([a-z]+)\.?(?:[ -]?((?:19|20)\d{2}))?")
_WHOLE_YEAR = frozenset({"helår", "hela året", "år", "helar", "hela aret"})


def plain(text: str) -> str:
    """Return ``text`` with every odd space and minus made ordinary and Excel's leading apostrophe gone."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return text.strip().removeprefix("'").strip()


def folded(text: str) -> str:
    """Return ``text`` for comparing words: its letters and digits only, so that ``Giltig från`` is ``GILTIG_FRAN``."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if char.isalnum())


def is_missing(text: str) -> bool:
    """Say whether a cell holds nothing: empty, blanks, or only a dash, which is how Swedes write "no value"."""
    return plain(text) in {"", "-"}


def parse_amount(text: str) -> Decimal | None:
    """Return kronor with two decimals, or None for a missing value.

    Reads ``1 234,50`` with any kind of space, ``1.234,50``, ``1,234.50``, a decimal comma or point, a minus of any
    kind before or after, parentheses for a negative and a trailing ``kr``. ``1.234`` could be either 1234 or a little
    more than one krona, so it is refused, as is everything finer than an öre: rounding would change the sum.
    """
    # The clean path: what a system writes. A file has 100,000 of these and few of the others.
    text = text.strip()
    if len(text) <= 16 and _CLEAN.fullmatch(text):
        return Decimal("".join(text.split()).replace(",", ".")).quantize(_ORE)
    value = _number(text, thousands_are_ambiguous=True)
    if value is None:
        return None
    if abs(value) >= _LIMIT:
        raise ValueError("beloppet är för stort; kontrollera att det står i kronor")
    exact = value.quantize(_ORE)
    if exact != value:
        raise ValueError("beloppet har fler än två decimaler; avrunda till hela ören i källan")
    return exact


def parse_number(text: str) -> Decimal | None:
    """Return any number exactly as written, None if missing; a single ``.`` or ``,`` is the decimal sign."""
    return _number(text, thousands_are_ambiguous=False)


def parse_measure(text: str) -> Decimal | None:
    """Return a measured value, such as a share or an index, with at most four decimals; None if missing.

    A trailing ``%`` says what the column says already and is left out.
    """
    value = parse_number(plain(text).removesuffix("%"))
    if value is None:
        return None
    exact = value.quantize(_MEASURE) if abs(value) < _LARGEST_MEASURE else None
    if exact is None or exact != value:
        raise ValueError("talet har fler än fyra decimaler eller är för stort; rätta det i källan")
    return exact


def _number(text: str, *, thousands_are_ambiguous: bool) -> Decimal | None:
    if is_missing(text):
        return None
    body, negative = _unsigned(_CURRENCY.sub("", plain(text)))
    if _EXPONENT.fullmatch(body):
        raise ValueError("talet står i exponentform; bredda kolumnen i Excel och spara igen")
    whole, mark, decimals = _split_decimals(body)
    digits = re.sub(r"[ .,]", "", whole)
    well_grouped = whole == digits or _GROUPED.fullmatch(whole)
    if not (body.isascii() and well_grouped and f"{digits}{decimals}".isdigit()):
        raise ValueError("är inte ett tal; skriv bara siffror, till exempel 1 234,50")
    if thousands_are_ambiguous and mark and len(decimals) == 3 and 1 <= len(whole) <= 3 and whole.strip("0"):
        raise ValueError(f"kan vara {whole}{decimals} eller {whole},{decimals}; skriv utan tusentalsavgränsare")
    value = Decimal(f"{digits}.{decimals}" if mark else digits)
    return value.copy_negate() if negative else value


def _unsigned(body: str) -> tuple[str, bool]:
    """Return the number without its sign, and whether it was negative: ``-1``, ``1-`` or ``(1)``."""
    if body.startswith("(") and body.endswith(")"):
        return body[1:-1].strip(), True
    if body.endswith("-"):
        return body[:-1].rstrip(), True
    if body.startswith(("+", "-")):
        return body[1:].lstrip(), body[0] == "-"
    return body, False


def _split_decimals(body: str) -> tuple[str, str, str]:
    """Return whole part, decimal sign and decimals; a sign that occurs twice is no decimal sign."""
    mark = max(",.", key=body.rfind)
    if body.count(mark) != 1:
        return body, "", ""
    whole, _, decimals = body.partition(mark)
    return (whole, mark, decimals) if decimals else (body, "", "")


def parse_date(text: str) -> date | None:
    """Return a date written year first (``2023-01-31``, ``20230131``) or as Excel's day number, None if missing."""
    if is_missing(text):
        return None
    body = plain(text)
    if match := _DATE.fullmatch(body):
        try:
            return date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            raise ValueError("datumet finns inte i kalendern; rätta det i källan") from None
    if _SERIAL.fullmatch(body):
        return _EXCEL_EPOCH + timedelta(days=int(body))
    raise ValueError("är inte ett datum; skriv ÅÅÅÅ-MM-DD")


def parse_year(text: str) -> int | None:
    """Return a year with four digits, None if missing."""
    if is_missing(text):
        return None
    body = plain(text)
    if not _YEAR.fullmatch(body):
        raise ValueError("är inte ett år; skriv fyra siffror, till exempel 2023")
    return int(body)


def parse_period(text: str, fiscal_year: int | None = None) -> int | None:
    """Return a period YYYYMM, None if missing or for words such as ``helår``.

    Reads ``202301``, ``2023-01``, a date in the month, ``jan 2023`` and, within ``fiscal_year``, ``1`` to ``12`` and
    ``jan``. Raises ``ValueError`` for a month that does not exist (00, 13) and for a period of another year.
    """
    body = plain(text).casefold()
    if is_missing(text) or body in _WHOLE_YEAR:
        return None
    year, month = _year_and_month(body)
    if not 1 <= month <= 12:
        raise ValueError(f"period {month:02d} är ingen månad; ange 01-12, eller lämna tomt för hela året")
    if year is None and fiscal_year is None:
        raise ValueError("perioden saknar år; skriv ÅÅÅÅMM")
    if year is not None and fiscal_year is not None and year != fiscal_year:
        raise ValueError(f"perioden hör inte till budgetåret {fiscal_year}; rätta år eller period")
    return (year or fiscal_year or 0) * 100 + month


def _year_and_month(body: str) -> tuple[int | None, int]:
    if body.isdecimal() and len(body) <= 2:
        return None, int(body)
    if match := _PERIOD.fullmatch(body.removesuffix(" 00:00:00")):
        return int(match[1]), int(match[2])
    if (match := _WORD_PERIOD.fullmatch(body)) and match[1] in _MONTH_NO:
        return int(match[2]) if match[2] else None, _MONTH_NO[match[1]]
    raise ValueError("är ingen period; skriv ÅÅÅÅMM, till exempel 202301")


def parse_code(text: str) -> str | None:
    """Return a code as text with its leading zeros, None if missing; ``11100.0``, Excel's doing, becomes ``11100``."""
    body = plain(text)
    if body in {"", "-"}:
        return None
    if _EXPONENT.fullmatch(body) and not body.isalnum():
        raise ValueError("koden har blivit ett tal i exponentform; formatera kolumnen som text och spara igen")
    head, dot, tail = body.partition(".")
    return head if dot and tail == "0" and head.isdecimal() else body


def parse_codes(text: str) -> str | None:
    """Return several codes as ``11100,11200``, each read as ``parse_code`` does, None if there are none."""
    codes = [code for part in re.split(r"[,;/]", plain(text)) if (code := parse_code(part))]
    return ",".join(dict.fromkeys(codes)) or None


def parse_whole(text: str) -> int | None:
    """Return a whole number, such as a place in an order, None if missing."""
    value = parse_number(text)
    if value is None:
        return None
    if value != value.to_integral_value() or abs(value) > _LARGEST_WHOLE:
        raise ValueError("är inte ett heltal; skriv bara siffror")
    return int(value)


def parse_percent(text: str) -> Decimal | None:
    """Return a share written as per cent (``75``, ``37,5 %``) with two decimals, None if missing."""
    value = _share(text, Decimal(1))
    if value is not None and abs(value) >= 1000:
        raise ValueError("är ingen procentsats; skriv ett tal mellan 0 och 100")
    return value


def parse_fraction(text: str) -> Decimal | None:
    """Return a share written as part of one (``0,75``), in per cent with two decimals, None if missing.

    Raises ``ValueError`` for more than one whole, which has been written as per cent.
    """
    value = _share(text, Decimal(100))
    if value is not None and abs(value) > 100:
        raise ValueError("är mer än 1; skriv andelen av en heltid, till exempel 0,75")
    return value


def _share(text: str, times: Decimal) -> Decimal | None:
    body = plain(text)
    value = parse_number(body.removesuffix("%"))
    if value is None:
        return None
    share = value * (1 if body.endswith("%") else times)
    return share.quantize(_ORE, ROUND_HALF_UP)


def parse_hours(text: str) -> Decimal | None:
    """Return hours with two decimals, None if missing; reads ``152,25`` and hours and minutes, ``152:15``."""
    if match := _CLOCK.fullmatch(plain(text)):
        return (int(match[1]) + Decimal(int(match[2])) / 60).quantize(_ORE, ROUND_HALF_UP)
    value = parse_number(text)
    if value is not None and abs(value) >= 100_000:
        raise ValueError("är för många timmar; kontrollera att talet står i timmar")
    return None if value is None else value.quantize(_ORE, ROUND_HALF_UP)


def parse_text(text: str) -> str | None:
    """Return words without blanks around them, None if there are none."""
    return plain(text) or None
