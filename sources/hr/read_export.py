"""One row per row of a staff table, CSV or Excel, long or wide, without anybody in it.

Belongs here: which kind of table a file holds, its years, codes and dates. Not here: who a row is about (``persons``),
whether rows agree with each other and with other files (``expectations``), what headers and words mean
(``column_maps/``, which is also the list of what may pass: a column that is not in it stops the file).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

import polars as pl

from sources.column_map import ColumnMap, choose, load_maps, wanted
from sources.hr import KEY_FACT
from sources.hr.identity import key_fingerprint
from sources.hr.persons import set_employers, set_pseudonyms
from sources.hr.schema import SCHEMAS
from sources.hr.sheet import Sheet
from sources.reading import KeyMissing, Reading, ReadOptions, Rejected
from sources.tabular.extract import Texts, open_extract
from sources.tabular.values import folded, plain
from sources.validity import OPEN_END_YEAR

_MEASURE = {"scheduled_hours": "scheduled_hours", "worked_hours": "hours"}
_CODES = ("unit_code", "occupation_code", "incident_code")
_OPEN_ENDED = ("valid_to", "employed_to", "absent_to")
_PART = re.compile(r"(?<![^\W_])del[ _-]?(\d{1,2})(?!\d)|(?<!\d)(\d{1,2})[ _-]?av[ _-]?\d{1,2}(?!\d)")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
# A code has a digit and is no longer than this: a name has none, a personnummer and a birth date have more.
_CODE = re.compile(r"(?=.*\d)[0-9A-Za-zÅÄÖåäö./_-]{1,7}")


def read_staff(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return one of ``schema.SCHEMAS``, one row per data row of the file (per filled month of it in a wide one).

    Persons and employments are pseudonyms made with ``options.pseudonym_key``; names, texts and birth dates are not
    read. Shares are per cent, hours are hours. ``part`` is the kind of table, and ``del 1`` where the file name says
    that it is one of several. Registers of employments belong to no year. Problems never hold a cell. Raises
    ``KeyMissing`` without a key, ``Rejected`` for a file without a table, headers that fit no map, and a table of a
    year that says it nowhere.
    """
    if options.pseudonym_key is None:
        raise KeyMissing("the source hr needs a pseudonym key")
    maps = load_maps("hr")
    file = open_extract(data, file_name, wanted(maps), encoding=options.encoding)
    column_map, places = choose(_known_headers(file.headers, maps), maps)
    kind, _, system = column_map.profile.rpartition("_")
    texts = file.texts(list(places.values()))
    sheet = Sheet(f"hr__{kind}", texts, column_map, places)
    organisation_number = set_employers(sheet, options.organisation_number)
    _set_years(sheet, kind, file_name)
    facts = _pseudonymised(sheet, kind, options.pseudonym_key)
    _set_codes(sheet)
    if sheet.is_wide:
        sheet.melt(_MEASURE[kind])
    elif kind in _MEASURE:
        sheet.number_by_month()
    periods = _periods(sheet, kind)
    return Reading(
        tables={sheet.table: sheet.rows(SCHEMAS[sheet.table])},
        rows_in=sheet.frame.height,
        organisation_number=organisation_number,
        fiscal_years=() if kind == "employments" else tuple(_years(sheet)),
        period_from=min(periods, default=None),
        period_to=max(periods, default=None),
        part=f"{kind} {_part(file_name)}".strip(),
        problems=sheet.problems(),
        facts=_facts(texts) | facts | {"profile": system, KEY_FACT: key_fingerprint(options.pseudonym_key)},
    )


def _known_headers(headers: Sequence[str], maps: Sequence[ColumnMap]) -> list[str]:
    """Return the headers, those that no map knows replaced by their places: a header may be a person too."""
    known = {folded(header) for each in maps for column in each.columns.values() for header in column.headers}
    known |= {folded(header) for each in maps for header in each.ignored}
    return [header if folded(header) in known else f"nr {place}" for place, header in enumerate(headers, start=1)]


def _facts(texts: Texts) -> dict[str, str]:
    # Sheets are named by people, and now and then after them.
    return {name: value for name, value in texts.facts.items() if not name.startswith("sheet")}


def _part(file_name: str) -> str:
    """Return ``del 1`` where the name says so: ``_del1``, ``del 2``, ``1av3``."""
    found = _PART.search(PurePath(file_name).stem.casefold())
    return f"del {int(found[1] or found[2])}" if found else ""


def _set_years(sheet: Sheet, kind: str, file_name: str) -> None:
    """Give every row the year it speaks for: its own column's, else its period's or day's, else the file name's."""
    if kind == "employments":
        return
    in_name = {int(year) for year in _YEAR_IN_NAME.findall(PurePath(file_name).stem)}
    known = [pl.col("fiscal_year")]
    if kind == "incidents":
        known.append(pl.col("happened_on").dt.year())
    if "period" in sheet.frame.columns:
        known.append(pl.col("period") // 100)
    known.append(pl.lit(in_name.pop() if len(in_name) == 1 else None, pl.Int32))
    sheet.frame = sheet.frame.with_columns(pl.coalesce(known).cast(pl.Int32).alias("fiscal_year"))
    if not _years(sheet):
        raise Rejected("Filen säger inte vilket år den gäller; lägg till kolumnen År eller skriv året i filnamnet.")
    if kind == "incidents":
        reason = pl.format("hör inte till år {}; rätta datum eller år", "fiscal_year")
        sheet.fault(pl.col("happened_on").dt.year() != pl.col("fiscal_year"), "happened_on", reason)


def _years(sheet: Sheet) -> list[int]:
    years: list[int] = sheet.frame["fiscal_year"].drop_nulls().unique().sort().to_list()
    return years


def _pseudonymised(sheet: Sheet, kind: str, key: bytes) -> dict[str, str]:
    if kind == "incidents":
        return {}
    if kind == "employments":
        return set_pseudonyms(sheet, key, pl.coalesce("employed_from", "valid_from").dt.year())
    return set_pseudonyms(sheet, key, pl.col("fiscal_year"))


def _set_codes(sheet: Sheet) -> None:
    """Make codes codes; a row with any fault keeps none, because it may have slipped and the code be an employment."""
    codes = [name for name in _CODES if name in sheet.frame.columns]
    for name in codes:
        sheet.convert(_code, name, **{name: pl.String})
    faulted = pl.col("row_no").is_in(sheet.faults["row_no"].unique().implode())
    open_ends = [pl.col(name) for name in _OPEN_ENDED if name in sheet.frame.columns]
    sheet.frame = sheet.frame.with_columns(
        *(pl.when(~faulted).then(pl.col(name)).alias(name) for name in codes),
        *(pl.when(day.dt.year() < OPEN_END_YEAR).then(day).name.keep() for day in open_ends),
    )


def _code(text: str) -> str:
    body = plain(text)
    head, dot, tail = body.partition(".")
    body = head if dot and head.isdecimal() and not tail.strip("0") else body
    if not _CODE.fullmatch(body):
        raise ValueError("är ingen kod; en kod har högst sju tecken och minst en siffra")
    return body


def _periods(sheet: Sheet, kind: str) -> list[int]:
    """Return the first and last period that a table speaks of: those of its rows, or whole years."""
    if kind == "employments":
        return []
    if "period" in sheet.frame.columns:
        periods: list[int] = sheet.frame["period"].drop_nulls().unique().to_list()
        return periods
    return [year * 100 + month for year in _years(sheet) for month in (1, 12)]
