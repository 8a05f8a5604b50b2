"""One row per value of a page of Kolada's answer, API v3; also its municipalities and groups of municipalities.

Belongs here: the page as it is stored and delivered, and what Kolada's fields mean. Not here: fetching
(``kolada_client``, ``kolada_fetch``). Source: Kolada API v3, RKA.

A page is stored in an envelope: the day it was fetched, the address asked, the names of the day, and ``response``, the
answer as it was sent. The answer alone, saved by hand under a name with a day in it, is read too.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sources.indicators.schema import SCHEMAS
from sources.indicators.values import (
    FINAL,
    MISSING,
    PRELIMINARY,
    TABLE,
    WITHDRAWN,
    day_in_name,
    in_scale,
    no_day,
    values_reading,
)
from sources.reading import Problem, Reading, Rejected

SOURCE_NAME = "Kolada"
ENVELOPE = "kolada_page"
_GROUPS = {"T": "total", "K": "women", "M": "men"}
_STATUSES = {"": FINAL, "final": FINAL, "preliminary": PRELIMINARY, "missing": MISSING, "private": MISSING}
_ASKED = re.compile(r"/data/kpi/(?P<kpis>[^/?]+)/municipality/(?P<municipalities>[^/?]+)")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its rows as sent, and what the envelope says of it. Sets are empty where nothing is said."""

    rows: Sequence[Mapping[str, Any]]
    fetched_on: date
    address: str
    names: Mapping[str, str]

    @property
    def asked(self) -> tuple[frozenset[str], frozenset[str]]:
        """The KPIs and the municipalities that were asked for."""
        return asked(self.address)

    @property
    def identity(self) -> str:
        """What tells the page from the others of the same day."""
        return hashlib.sha256(self.address.encode()).hexdigest()[:8]


def asked(address: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the KPIs and the municipalities that an address asks for; empty where it is no question for values."""
    match = _ASKED.search(address)
    if match is None:
        return frozenset(), frozenset()
    return frozenset(match["kpis"].split(",")), frozenset(match["municipalities"].split(","))


def enveloped(response: Mapping[str, Any], *, address: str, fetched_on: date, names: Mapping[str, str]) -> bytes:
    """Return the bytes of a page as it is stored; equal pages give equal bytes."""
    page = {ENVELOPE: 3, "fetched_on": fetched_on.isoformat(), "address": address, "names": dict(sorted(names.items()))}
    return (json.dumps(page | {"response": response}, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def _plain(value: Any) -> float:
    # Kolada sends doubles: what was read exactly goes out in the same shortest form.
    assert isinstance(value, Decimal)
    return float(value)


def is_page(document: Any) -> bool:
    """Say whether a document is a page of Kolada's, in its envelope or bare."""
    if not isinstance(document, dict):
        return False
    return ENVELOPE in document or {"values", "count"} <= document.keys()


def read_page(document: Mapping[str, Any], file_name: str) -> Reading:
    """Return ``indicator__values``, or ``indicator__municipalities``, or ``indicator__group_members``.

    A value that is marked as deleted is a row with status withdrawn, one that Kolada lacks a row with status missing.
    ``row_no`` counts from 1. Problems are rows about another municipality or KPI than was asked for, and values that
    cannot be read. Raises ``Rejected`` for an answer of another version or kind, and one without rows.
    """
    page = _opened(document, file_name)
    first = page.rows[0]
    if {"kpi", "municipality", "values"} <= first.keys():
        return _values(page)
    if "members" in first:
        return _members(page)
    if "title" in first and re.fullmatch(r"\d{4}", str(first.get("id", ""))):
        return _municipalities(page)
    raise Rejected(
        "Svaret från Kolada har varken värden, kommuner eller kommungrupper; hämta /data/kpi/…/municipality/… i v3."
    )


def _opened(document: Mapping[str, Any], file_name: str) -> Page:
    is_bare = ENVELOPE not in document
    response = document if is_bare else document.get("response")
    rows = response.get("values") if isinstance(response, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise Rejected("Svaret från Kolada har inte v3:s form (values med en post per rad); hämta det igen.")
    if not rows:
        raise Rejected("Svaret från Kolada har inga rader; kontrollera nyckeltal, kommun och år och hämta det igen.")
    assert isinstance(response, Mapping)
    day = day_in_name(file_name) if is_bare else _day(document.get("fetched_on"))
    if day is None:
        raise no_day()
    if is_bare:
        # Without the address, what the page follows and is followed by tells it from the others.
        kpis = sorted({str(row.get("kpi", row.get("id"))) for row in rows})
        address = f"{','.join(kpis)} {response.get('previous_url')} {response.get('next_url')}"
        return Page(rows, day, address, {})
    names = document.get("names")
    known = {code: str(name) for code, name in names.items()} if isinstance(names, Mapping) else {}
    return Page(rows, day, str(document.get("address", "")), known)


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _values(page: Page) -> Reading:
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for sent in page.rows:
        given = sent.get("values")
        for value in given if isinstance(given, list) else [None]:
            row, faults = _value(sent, value, page)
            row["row_no"] = len(rows) + 1
            rows.append(row)
            problems += [Problem(TABLE, len(rows), column, shown, reason) for column, shown, reason in faults]
    if not rows:
        raise Rejected("Svaret från Kolada har inga värden; kontrollera nyckeltal, kommun och år och hämta det igen.")
    kpis = ", ".join(sorted({str(sent.get("kpi", "")) for sent in page.rows}))
    facts = {"fetched_on": page.fetched_on.isoformat(), "kpis": kpis}
    return values_reading(rows, problems, facts, page=page.identity)


def _value(sent: Mapping[str, Any], value: Any, page: Page) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    """Return one value as a row, and its faults: column, value, reason."""
    value = value if isinstance(value, Mapping) else {}
    kpi, municipality = str(sent.get("kpi", "")).strip(), str(sent.get("municipality", "")).strip()
    faults = [*_strays(kpi, municipality, page)]
    number, status, reason = _judged(value, is_deleted=bool(value.get("isdeleted") or sent.get("isdeleted")))
    if reason:
        faults.append(("status" if status is None else "value", str(value.get("value", "")), reason))
    year = str(sent.get("period", "")).strip()
    if not re.fullmatch(r"(19|20)\d{2}", year):
        faults.append(("year", year, "är inte ett år; hämta värdet igen"))
    group = _GROUPS.get(str(value.get("gender", "")))
    if group is None:
        faults.append(("group_code", str(value.get("gender", "")), "är inget kön i Kolada (T, K, M); hämta det igen"))
    row = {
        "source_name": SOURCE_NAME,
        "external_code": kpi,
        "external_name": page.names.get(kpi),
        "municipality_code": municipality,
        "year": int(year) if year.isdecimal() and len(year) == 4 else None,
        "group_code": group,
        "value": number,
        "status": status,
        "reported_on": page.fetched_on,
    }
    return row, faults


def _strays(kpi: str, municipality: str, page: Page) -> list[tuple[str, str, str]]:
    """Return a fault for each part of a row that was not asked for."""
    kpis, municipalities = page.asked
    faults = []
    if not (kpi and municipality):
        faults.append(("external_code", kpi, "raden saknar nyckeltal eller kommun; hämta sidan igen"))
    if kpis and kpi not in kpis:
        faults.append(("external_code", kpi, f"efterfrågades inte ({', '.join(sorted(kpis))}); hämta sidan igen"))
    if municipalities and municipality not in municipalities:
        wanted = ", ".join(sorted(municipalities))
        faults.append(("municipality_code", municipality, f"efterfrågades inte ({wanted}); hämta sidan igen"))
    return faults


def _judged(value: Mapping[str, Any], *, is_deleted: bool) -> tuple[Decimal | None, str | None, str]:
    """Return a value, its status, and what is wrong with them (Swedish, most often nothing)."""
    if is_deleted:
        return None, WITHDRAWN, ""
    status = _STATUSES.get(str(value.get("status") or "").strip().casefold())
    number = value.get("value")
    if status is None:
        return None, None, f"status {value.get('status')} är okänd; anmäl den till den som förvaltar Bokslut"
    if number is None or status == MISSING:
        return None, MISSING, ""
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return None, status, "är inte ett tal; hämta värdet igen"
    try:
        return in_scale(Decimal(number)), status, ""
    except ValueError as error:
        return None, status, str(error)


def _municipalities(page: Page) -> Reading:
    rows = [(str(row.get("id", "")), str(row.get("title", ""))) for row in page.rows]
    return _register("indicator__municipalities", rows, page)


def _members(page: Page) -> Reading:
    rows = []
    for group in page.rows:
        members = group.get("members")
        for member in members if isinstance(members, list) else ():
            code = member.get("id", member.get("member_id")) if isinstance(member, Mapping) else member
            rows.append((str(group.get("id", "")), str(group.get("title", "")), str(code)))
    if not rows:
        raise Rejected("Kommungruppen saknar medlemmar i Kolada; kontrollera gruppens kod i inställningarna.")
    return _register("indicator__group_members", rows, page)


def _register(table: str, rows: Sequence[tuple[str, ...]], page: Page) -> Reading:
    """Return a register of municipalities; it belongs to no year, and the newest answer to each question holds."""
    schema = SCHEMAS[table]
    numbered = [(number, *row) for number, row in enumerate(rows, start=1)]
    return Reading(
        tables={table: pa.table(dict(zip(schema.names, map(list, zip(*numbered, strict=True)), strict=True)), schema)},
        rows_in=len(rows),
        generated_on=page.fetched_on,
        part=f"{SOURCE_NAME} {table.partition('__')[2]} {page.identity}",
        facts={"fetched_on": page.fetched_on.isoformat()},
    )
