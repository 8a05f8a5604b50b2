"""The columns of a sheet that tell who a row is about, turned into pseudonyms; what they were is forgotten.

Belongs here: which columns identify, and the few facts of a person that are kept: year of birth and sex. Not here: how
a number is read (``identity``), the other columns (``read_export``).
"""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from sources.hr.identity import Pseudonyms, employment_no, parse_person_number
from sources.hr.sheet import Sheet
from sources.tabular.values import plain

# The third digit of an organisation number is at least 2; in one below it a person may hide.
_ORGANISATION = re.compile(r"(?:16)?(\d{2}[2-9]\d{3})-?(\d{4})", re.ASCII)
# What stands in the place of a column that identifies, also in what is said of it.
_STAND_IN = {
    "personal_number": "person_key",
    "former_personal_number": "former_person_key",
    "employment_no": "employment_key",
}


def organisation_number(text: str) -> str:
    """Return an organisation number as ``NNNNNN-NNNN``; raises ``ValueError`` (Swedish) for what is none."""
    if (match := _ORGANISATION.fullmatch(plain(text))) is None:
        raise ValueError("är inget organisationsnummer; skriv NNNNNN-NNNN")
    return f"{match[1]}-{match[2]}"


def set_employers(sheet: Sheet, own: str | None) -> str | None:
    """Make ``employer_number`` one organisation number or null per row, and return whose the file is.

    That is ``own`` unless every row says another; single rows of others are faults. Rows that do not say are ours.
    """
    sheet.convert(organisation_number, "employer_number", employer_number=pl.String)
    named = sheet.frame["employer_number"].unique().to_list()
    whose: str | None = named[0] if len(named) == 1 and named[0] is not None else own
    reason = pl.lit("är inte den arbetsgivare som filen gäller; ta bort raden")
    sheet.fault(pl.col("employer_number") != pl.lit(whose, pl.String), "employer_number", reason)
    sheet.frame = sheet.frame.with_columns(pl.coalesce("employer_number", pl.lit(own or "")).alias("employer"))
    return whose


def set_pseudonyms(sheet: Sheet, key: bytes, year: pl.Expr) -> dict[str, str]:
    """Put ``person_key``, ``former_person_key``, ``employment_key``, ``birth_year`` and ``sex`` in place of what
    identifies, and return facts; ``year`` is for each row one in which the person is employed.
    """
    names = Pseudonyms(key)

    def person(text: str, in_year: int | None) -> tuple[Any, ...]:
        number = parse_person_number(text, in_year)
        return names.person(number), number.birth_year, number.sex, number.is_padded

    kinds = {"birth_year": pl.Int32, "sex": pl.String, "is_padded": pl.Boolean}
    sheet.frame = sheet.frame.with_columns(year.alias("year"))
    sheet.convert(person, "personal_number", "year", person_key=pl.String, **kinds)
    if "former_personal_number" in sheet.frame.columns:
        sheet.convert(lambda *cells: person(*cells)[0], "former_personal_number", "year", former_person_key=pl.String)
    sheet.convert(
        lambda number, employer: names.employment(employment_no(number), employer),
        *("employment_no", "employer"),
        employment_key=pl.String,
    )
    sheet.rename_faults(_STAND_IN)
    padded = sheet.frame["is_padded"].sum()
    sheet.frame = sheet.frame.drop(*_STAND_IN, "employer", "year", "is_padded", strict=False)
    return {"leading_zeros_restored": f"{padded} personnummer hade tappat inledande nollor"} if padded else {}
