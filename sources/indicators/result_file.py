"""One row per value of a result file, CSV or Excel, as survey institutes send them.

Belongs here: what the columns of each institute mean together: which of them are values, what a measure is called, a
year per column. Not here: how a cell is read (``values``), what headers mean (``column_maps/``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sources.column_map import ColumnMap, TypedTable, choose, load_maps, typed, wanted
from sources.indicators.values import (
    FINAL,
    MISSING,
    PRELIMINARY,
    TABLE,
    WITHDRAWN,
    Outcome,
    day_in_name,
    in_scale,
    no_day,
    parse_count,
    parse_outcome,
    values_reading,
    year_in_name,
)
from sources.reading import Problem, Reading, ReadOptions, Rejected
from sources.tabular.table import TextTable, Wanted, read_table
from sources.tabular.values import folded, parse_number, plain

# A column per year: ``2023``, ``År 2023``, ``Utfall 2023``.
_YEAR_HEADER = re.compile(r"(?:år|utfall|resultat|värde)?\s*((?:19|20)\d{2})", re.IGNORECASE)
_CODE_AND_NAME = re.compile(r"(\d{4})(?:\s+\D.*)?")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a column map cannot say: whose file it is, which columns are values of which measure, in which unit.

    ``words`` are those of a file name that tell the institute: most of them call their columns the same.
    ``measures`` maps each value column to what stands before the file's own name of the measure in ``external_code``.
    """

    source_name: str | None = None
    measures: Mapping[str, str] = field(default_factory=lambda: {"value": ""})
    unit_text: str | None = None
    words: tuple[str, ...] = ()


PROFILES: Mapping[str, Profile] = {
    "bredband": Profile(
        "PTS",
        {
            "households_100": "Hushåll 100 Mbit/s",
            "workplaces_100": "Arbetsställen 100 Mbit/s",
            "households_1000": "Hushåll 1 Gbit/s",
            "workplaces_1000": "Arbetsställen 1 Gbit/s",
        },
        "procent",
        ("bredband",),
    ),
    "general": Profile(),
    "insikt": Profile(
        "Insikt", {"nki": "NKI", "nui": "NUI"}, "index 0-100", ("insikt", "företagsklimat", "foretagsklimat")
    ),
    "medborgarundersokningen": Profile(
        "Medborgarundersökningen", unit_text="procent", words=("medborgarundersökning", "medborgarundersokning")
    ),
    "servicematning": Profile("Servicemätning", unit_text="index 0-100", words=("servicemätning", "servicematning")),
    "svenskt_naringsliv": Profile(
        "Svenskt Näringsliv",
        unit_text="betyg 1-6",
        words=("svensktnäringsliv", "svensktnaringsliv", "företagsklimat", "foretagsklimat"),
    ),
}


def read_results(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return ``indicator__values``, one row per value, in the order of the file's rows and then its columns.

    ``row_no`` is the file's row where a row holds one value, else a thousand times that and the value's place in it:
    the second value of row 5 is 5002. Without a column for it the municipality is our own, the year and the reported
    day those of the file name. A value without status is final, preliminary where it stands in parentheses, missing
    where there is none. Raises ``Rejected`` for a file without a table, headers that fit no profile, and a file that
    does not say its year or reported day.
    """
    maps = _maps(file_name)
    known = wanted(maps)
    table = read_table(data, file_name, _with_years(known), encoding=options.encoding)
    table = _one_row_per_year(table, known)
    typed_table = typed(table, maps, TABLE)
    profile = PROFILES[typed_table.column_map.profile]
    _, places = choose(table.headers, [typed_table.column_map])
    measures = [name for name in profile.measures if name in places]
    if not measures:
        headers = [typed_table.column_map.columns[name].headers[0] for name in profile.measures]
        raise Rejected(f"Filen har ingen kolumn med värden; lägg till någon av {', '.join(headers)}.")
    rows, problems = _Rows(typed_table, profile, file_name, options).read(measures)
    facts = dict(table.facts) | {"profile": typed_table.column_map.profile}
    if targets := sum(row.pop("has_target") for row in rows):
        facts["targets_left_out"] = str(targets)
    return values_reading(rows, problems, facts)


def _maps(file_name: str) -> tuple[ColumnMap, ...]:
    """Return the column maps of the institutes that the file name tells, and the general one last."""
    name = re.sub(r"[ _-]", "", unicodedata.normalize("NFC", file_name).casefold())
    told = [profile for profile, each in PROFILES.items() if any(word in name for word in each.words)]
    maps = {column_map.profile: column_map for column_map in load_maps("indicators")}
    return tuple(maps[profile] for profile in [*told, "general"])


def _with_years(known: Wanted) -> Wanted:
    years = frozenset(folded(f"{word}{year}") for word in ("", "år", "utfall") for year in range(1990, 2100))
    return replace(known, headers=known.headers | years)


def _one_row_per_year(table: TextTable, known: Wanted) -> TextTable:
    """Return the table with columns År and Värde in place of a column per year, where it has those."""
    years = {
        place: match[1]
        for place, header in enumerate(table.headers)
        if folded(header) not in known.headers and (match := _YEAR_HEADER.fullmatch(plain(header)))
    }
    if not years:
        return table
    if any(folded(header) == folded("År") for header in table.headers):
        raise Rejected("Filen har både kolumnen År och en kolumn per år; behåll det ena.")
    kept = [place for place in range(len(table.headers)) if place not in years]
    order = [(row, nth, place) for row in range(len(table.row_nos)) for nth, place in enumerate(years, start=1)]
    columns = [tuple(table.columns[place][row] for row, _, _ in order) for place in kept]
    columns.append(tuple(years[place] for _, _, place in order))
    columns.append(tuple(table.columns[place][row] for row, _, place in order))
    return replace(
        table,
        headers=(*(table.headers[place] for place in kept), "År", "Värde"),
        columns=tuple(columns),
        row_nos=tuple(_number(table.row_nos[row], nth) for row, nth, _ in order),
        overfull={_number(row_no, nth + 1): n for row_no, n in table.overfull.items() for nth in range(len(years))},
    )


def _number(row_no: int, nth: int) -> int:
    """Return the number of the nth value of a row that holds several."""
    return row_no * 1000 + nth


class _Rows:
    """The rows of one typed file, read value by value."""

    def __init__(self, table: TypedTable, profile: Profile, file_name: str, options: ReadOptions) -> None:
        self._table, self._profile, self._options = table, profile, options
        self._day, self._year = day_in_name(file_name), year_in_name(file_name)
        self._problems: list[Problem] = []
        if not any(table.columns["reported_on"]) and self._day is None:
            raise no_day()
        if not any(table.columns["year"]) and self._year is None:
            raise Rejected("Filen säger inte vilket år värdena gäller; lägg till kolumnen År.")

    def read(self, measures: Sequence[str]) -> tuple[list[dict[str, Any]], list[Problem]]:
        """Return a row for each of ``measures`` in each row of the file, and the problems."""
        own = self._table.row_nos
        numbers = {row_no: [_number(row_no, n) for n in range(1, len(measures) + 1)] for row_no in own}
        if len(measures) == 1:
            numbers = {row_no: [row_no] for row_no in own}
        self._problems = [replace(p, row_no=no) for p in self._table.problems for no in numbers[p.row_no]]
        rows = [
            self._row(place, measure, number)
            for place, row_no in enumerate(own)
            for measure, number in zip(measures, numbers[row_no], strict=True)
        ]
        return rows, self._problems

    def _cell(self, name: str, place: int) -> Any:
        return self._table.columns[name][place]

    def _row(self, place: int, measure: str, row_no: int) -> dict[str, Any]:
        code, name = self._cell("external_code", place), self._cell("external_name", place)
        outcome = self._parsed(place, row_no, measure, parse_outcome) or Outcome(None)
        return {
            "row_no": row_no,
            "source_name": self._cell("source_name", place) or self._profile.source_name,
            "external_code": " ".join(part for part in (self._profile.measures[measure], code or name) if part) or None,
            "external_name": name,
            "municipality_code": self._municipality(place, row_no),
            "year": self._cell("year", place) or self._year,
            "group_code": self._cell("group_code", place),
            "value": outcome.value,
            "status": self._status(place, row_no, measure, outcome),
            "reported_on": self._reported_on(place, row_no),
            "answers": self._parsed(place, row_no, "answers", lambda text: parse_count(parse_number(text))),
            "margin_of_error": self._margin(place, row_no),
            "unit_text": self._cell("unit_text", place) or self._profile.unit_text,
            "has_target": outcome.has_target,
        }

    def _parsed(self, place: int, row_no: int, name: str, parse: Callable[[str], Any]) -> Any:
        text = self._cell(name, place)
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError as error:
            column = name if name in ("answers", "margin_of_error") else "value"
            self._problem(row_no, column, text, str(error))
            return None

    def _problem(self, row_no: int, column: str, text: str, reason: str) -> None:
        self._problems.append(Problem(TABLE, row_no, column, text, reason))

    def _status(self, place: int, row_no: int, measure: str, outcome: Outcome) -> str | None:
        said: str | None = self._cell("status", place)
        if said is None:
            if outcome.value is None:
                return MISSING
            return PRELIMINARY if outcome.is_preliminary else FINAL
        if said == FINAL and outcome.is_preliminary:
            reason = "står inom parentes, som preliminärt, men har status slutlig; rätta det ena"
            self._problem(row_no, "status", str(self._cell(measure, place)), reason)
        if said == WITHDRAWN and outcome.value is not None:
            self._problem(
                row_no, "status", str(self._cell(measure, place)), "är återtaget men har ett värde; töm cellen"
            )
        return said

    def _reported_on(self, place: int, row_no: int) -> date | None:
        day: date | None = self._cell("reported_on", place) or self._day
        if day is None and not any(p.row_no == row_no and p.column == "reported_on" for p in self._problems):
            self._problem(row_no, "reported_on", "", "rapportdatum saknas; fyll i det i källan")
        return day

    def _margin(self, place: int, row_no: int) -> Decimal | None:
        def parse(text: str) -> Decimal | None:
            value = parse_number(re.sub(r"^[±+]\s*|\s*%$", "", plain(text)))
            if value is not None and value < 0:
                raise ValueError("felmarginalen är negativ; skriv den som ett positivt tal")
            return None if value is None else in_scale(value)

        margin: Decimal | None = self._parsed(place, row_no, "margin_of_error", parse)
        return margin

    def _municipality(self, place: int, row_no: int) -> str | None:
        text = self._cell("municipality_code", place)
        if text is None or folded(text) == folded(self._options.municipality_name):
            return self._options.municipality_code
        if match := _CODE_AND_NAME.fullmatch(plain(text)):
            return match[1]
        self._problem(row_no, "municipality_code", text, "är ingen kommunkod; skriv fyra siffror, till exempel 1489")
        return None
