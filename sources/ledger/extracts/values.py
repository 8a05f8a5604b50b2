"""Text columns to typed ones: a vectorised way for what systems write, an exact one for what they now and then do.

Belongs here: one column at a time, and why a cell could not be typed. Not here: which column is which (``maps``), rules
between columns (``canonical``, and each system's module). Nothing is guessed: a cell that is not plainly of its type
goes to ``sources.tabular.values``, each distinct text once, and what that refuses is null and a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import polars as pl

from sources.ledger.extracts.maps import FieldType
from sources.tabular.values import parse_amount, parse_code, parse_date, parse_number, parse_text

MONEY = pl.Decimal(18, 2)
QUANTITY = pl.Decimal(18, 6)
# One or two decimals, or more where all the rest are zeros; three could be thousands.
_AMOUNT = r"^-?(?:\d{1,15}|\d{1,3}(?:[ \x{00a0}\x{202f}]\d{3}){1,4})(?:[.,](?:\d{1,2}|\d{2}0{2,}))?$"
_WHOLE_ORE = r"^-?\d{1,16}(?:[.,]0+)?$"
_QUANTITY = r"^-?\d{1,12}(?:[.,]\d{1,6}0*)?$"
_WHOLE = r"^\d{1,9}(?:\.0+)?$"
_DAY = r"^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$"
_COMPACT_DAY = r"^\d{8}$"
_YEAR = r"^((?:19|20)\d{2})(?:-\d{2}-\d{2}.*)?(?:\.0+)?$"
_PERIOD = r"^((?:19|20)\d{2}(?:0[1-9]|1[0-2]))(?:\.0+)?$"
_FLOATED_CODE = r"^(\d+)\.0+$"
_EXPONENT = r"(?i)^[-+]?\d+(?:[.,]\d+)?e[-+]\d+$"
# A writer that pads its decimals pads all of them: an amount without any is then of another kind.
_PADDED = r"[.,]\d0$"
_BARE = r"^-?0*[1-9]\d*$"
_DEBIT, _CREDIT = ("1", "+", "d", "debet", "debit"), ("-1", "-", "k", "c", "kredit", "credit")
_SIDES = dict.fromkeys(_DEBIT, 1) | dict.fromkeys(_CREDIT, -1) | {"0": 0}


@dataclass(frozen=True, slots=True)
class Typing:
    """How cells of a file are to be read: what its amounts are counted in, and the dates that stand for none."""

    amount_unit: Literal["sek", "ore"]
    no_date: Collection[date]


def type_texts(texts: pl.Series, kind: FieldType, typing: Typing) -> tuple[pl.Series, dict[str, str]]:
    """Return the column typed, and for each text that could not be typed the reason (Swedish, for the data owner).

    A cell that is missing, unreadable or says that there is no date is null.
    """
    if kind == "amount" and typing.amount_unit == "ore":
        return _typed(texts, _ore_fast(texts), _parse_ore)
    fast, exact = _KINDS[kind]
    typed, faults = _typed(texts, fast(texts), exact)
    if kind == "date":
        typed = typed.set(typed.is_in(list(typing.no_date)).fill_null(False), None)
    if kind == "amount":
        typed, bare = _without_bare(texts, typed)
        faults |= bare
    return typed, faults


def dates_for_none(texts: pl.Series, no_date: Collection[date]) -> pl.Series:
    """Return which cells hold a date that stands for none."""
    typed, _ = _typed(texts, _date_fast(texts), parse_date)
    return typed.is_in(list(no_date)).fill_null(False)


def _typed(texts: pl.Series, fast: pl.Series, exact: Callable[[str], Any]) -> tuple[pl.Series, dict[str, str]]:
    """Complete the fast way with the exact one, which sees each distinct text that is left once."""
    left = texts.filter(fast.is_null() & texts.is_not_null()).unique(maintain_order=True)
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for text in left:
        try:
            values[text] = exact(text)
        except ValueError as error:
            faults[text] = str(error)
    if any(value is not None for value in values.values()):
        known = pl.DataFrame({"text": list(values), "value": pl.Series(list(values.values()), dtype=fast.dtype)})
        found = texts.to_frame("text").join(known, on="text", how="left", maintain_order="left")["value"]
        fast = fast.zip_with(fast.is_not_null(), found)
    return fast, faults


def _matching(texts: pl.Series, pattern: str) -> pl.Series:
    return texts.set(~texts.str.contains(pattern).fill_null(False), None)


def _amount_fast(texts: pl.Series) -> pl.Series:
    plain = _matching(texts, _AMOUNT)
    if plain.str.contains(r"[ \x{00a0}\x{202f}]").any():
        plain = plain.str.replace_all(r"[ \x{00a0}\x{202f}]", "")
    return plain.str.replace(",", ".", literal=True).cast(MONEY, strict=False)


def _ore_fast(texts: pl.Series) -> pl.Series:
    whole = _matching(texts, _WHOLE_ORE).str.extract(r"^(-?\d+)").cast(pl.Decimal(20, 2), strict=False)
    return (whole.to_frame("ore").select(pl.col("ore") * pl.lit(Decimal("0.01")))["ore"]).cast(MONEY, strict=False)


def _parse_ore(text: str) -> Decimal | None:
    value = parse_number(text)
    if value is not None and value != value.to_integral_value():
        raise ValueError("har decimaler, men inställningarna säger ören (amount_unit); filen blandar kronor och ören")
    return None if value is None else value.scaleb(-2)


def _without_bare(texts: pl.Series, typed: pl.Series) -> tuple[pl.Series, dict[str, str]]:
    """Null amounts without decimals where the file writes its whole kronor with them: they may be in öre."""
    if not texts.str.contains(_PADDED).any():
        return typed, {}
    bare = texts.str.contains(_BARE).fill_null(False)
    reason = "är utan decimaler bland belopp som alla har två; det kan vara ören. Exportera alla belopp i kronor"
    return typed.set(bare, None), dict.fromkeys(texts.filter(bare).unique(maintain_order=True), reason)


def _code_fast(texts: pl.Series) -> pl.Series:
    plain = texts.set((texts.str.contains(_EXPONENT) | (texts == "-")).fill_null(False), None)
    if plain.str.contains(_FLOATED_CODE).any():
        plain = plain.str.replace(_FLOATED_CODE, "$1")
    return plain


def _date_fast(texts: pl.Series) -> pl.Series:
    iso = _matching(texts, _DAY).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    if iso.null_count() == texts.null_count():
        return iso
    return iso.zip_with(iso.is_not_null(), _matching(texts, _COMPACT_DAY).str.to_date("%Y%m%d", strict=False))


def _period_fast(texts: pl.Series) -> pl.Series:
    return texts.str.extract(_PERIOD).cast(pl.Int32)


def _parse_period(text: str) -> int:
    raise ValueError(f"är ingen månad; perioden ska vara ÅÅÅÅMM med månad 01–12 (i filen: {text[-2:]})")


def _year_fast(texts: pl.Series) -> pl.Series:
    return texts.str.extract(_YEAR).cast(pl.Int32)


def _parse_year(_: str) -> int:
    raise ValueError("är inte ett år; det ska vara fyra siffror")


def _whole_fast(texts: pl.Series) -> pl.Series:
    return _matching(texts, _WHOLE).str.extract(r"^(\d+)").cast(pl.Int64)


def _parse_whole(text: str) -> int | None:
    value = parse_number(text)
    if value is None:
        return None
    if value != value.to_integral_value() or not 0 <= value < 10**9:
        raise ValueError("är inte ett antal; det ska vara ett heltal")
    return int(value)


def _quantity_fast(texts: pl.Series) -> pl.Series:
    return _matching(texts, _QUANTITY).str.replace(",", ".", literal=True).cast(QUANTITY, strict=False)


def _parse_quantity(text: str) -> Decimal | None:
    value = parse_number(text)
    if value is not None and (abs(value) >= 10**12 or value != value.quantize(Decimal("0.000001"))):
        raise ValueError("har för många siffror för en kvantitet")
    return value


def _side_fast(texts: pl.Series) -> pl.Series:
    words = texts.str.to_lowercase().str.replace(r"^(-?\d+)\.0+$", "$1")
    return words.replace_strict(_SIDES, default=None, return_dtype=pl.Int8)


def _parse_side(_: str) -> int:
    raise ValueError("är varken debet (1, D) eller kredit (-1, K)")


DTYPES: dict[FieldType, Any] = {
    "amount": MONEY,
    "code": pl.String,
    "date": pl.Date,
    "period": pl.Int32,
    "quantity": QUANTITY,
    "side": pl.Int8,
    "text": pl.String,
    "whole": pl.Int64,
    "year": pl.Int32,
}
_KINDS: dict[FieldType, tuple[Callable[[pl.Series], pl.Series], Callable[[str], Any]]] = {
    "amount": (_amount_fast, parse_amount),
    "code": (_code_fast, parse_code),
    "date": (_date_fast, parse_date),
    "period": (_period_fast, _parse_period),
    "quantity": (_quantity_fast, _parse_quantity),
    "side": (_side_fast, _parse_side),
    "text": (lambda texts: texts, parse_text),
    "whole": (_whole_fast, _parse_whole),
    "year": (_year_fast, _parse_year),
}
