"""What makes the goals workbook whole: keys that occur once, and sheets that agree with each other.

Belongs here: findings that only the workbook itself is needed for; each is a ``Problem`` on the row to put right. Not
here: how it is read (``read_workbook``), or whether results fit it (``expectations``, the warehouse). A row whose value
could not be read has its problem already and is let alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

from sources.reading import Problem
from sources.table_checks import repeated_keys

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]

_LAST_YEAR = 9999
_KEYS = {
    "goal__indicators": ("indicator_code", "valid_from_year", "source_name"),
    "goal__targets": ("indicator_code", "year"),
    "goal__assessments": ("goal_code", "year", "occasion_name"),
    "goal__occasions": ("year", "occasion_name"),
}
_ADVICE = {"goal__targets": "ett år har ett målvärde, så ta bort det som är fel"}
# What the rows of one definition say together: they differ only in where values are found.
_OF_DEFINITION = (
    *("indicator_name", "goal_code", "unit", "direction", "tolerance", "decimals"),
    *("scale_min", "scale_max", "valid_to_year", "max_jump"),
)
_WORDS = {
    "indicator_name": "Benämning",
    "goal_code": "Mål",
    "unit": "Enhet",
    "direction": "Riktning",
    "tolerance": "Tolerans",
    "decimals": "Decimaler",
    "scale_min": "Skala från",
    "scale_max": "Skala till",
    "valid_to_year": "Till år",
    "max_jump": "Största rimliga ändring",
}


def repeated(rows: Rows, unread: Sequence[Problem]) -> Iterator[Problem]:
    """Yield a problem for every row whose key another row of its sheet has too."""
    for table, key in _KEYS.items():
        of_table = rows.get(table, ())
        columns = {name: [row[name] for row in of_table] for name in ("row_no", *key)}
        own = [problem for problem in unread if problem.table == table]
        advice = {"advice": _ADVICE[table]} if table in _ADVICE else {}
        yield from repeated_keys(table, key, columns, own, **advice)


def problems_between(rows: Rows) -> Iterator[Problem]:
    """Yield a problem for each row that contradicts another one, of its own sheet or of another."""
    indicators, goals = rows["goal__indicators"], rows["goal__goals"]
    yield from _reversed("goal__indicators", indicators)
    yield from _reversed("goal__goals", goals)
    yield from _overlapping_goals(goals)
    yield from _definitions(indicators)
    yield from _goalless(indicators, goals)
    yield from _targets(rows["goal__targets"], indicators)
    yield from _assessments(rows.get("goal__assessments", ()), goals, rows["goal__occasions"])


def _years(row: Row) -> tuple[int, int]:
    return row["valid_from_year"] or 0, row["valid_to_year"] or _LAST_YEAR


def _holds(row: Row, year: int) -> bool:
    first, last = _years(row)
    return first <= year <= last


def _meet(one: Row, other: Row) -> bool:
    (first, last), (from_year, to_year) = _years(one), _years(other)
    return first <= to_year and from_year <= last


def _reversed(table: str, rows: Sequence[Row]) -> Iterator[Problem]:
    for row in rows:
        first, last = _years(row)
        if first > last:
            reason = f"giltigheten slutar innan den börjar ({first}); rätta åren"
            yield Problem(table, row["row_no"], "valid_to_year", str(last), reason)


def _by(rows: Sequence[Row], column: str) -> Mapping[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row[column] is not None:
            groups[row[column]].append(row)
    return groups


def _overlapping_goals(goals: Sequence[Row]) -> Iterator[Problem]:
    for code, own in _by(goals, "goal_code").items():
        for one, other in combinations(own, 2):
            if _meet(one, other):
                reason = f"mål {code} gäller samtidigt på rad {one['row_no']}; avsluta det ena året innan"
                yield Problem("goal__goals", other["row_no"], "valid_from_year", code, reason)


def _definitions(indicators: Sequence[Row]) -> Iterator[Problem]:
    """Yield where rows of one indicator neither hold in different years nor say the same with another source."""
    for code, own in _by(indicators, "indicator_code").items():
        for one, other in combinations(own, 2):
            if one["valid_from_year"] != other["valid_from_year"]:
                if _meet(one, other):
                    reason = (
                        f"indikator {code} har en annan definition samma år på rad {one['row_no']}; avsluta den ena "
                        "året innan den andra börjar, eller ge dem samma år om bara källan skiljer"
                    )
                    yield Problem("goal__indicators", other["row_no"], "valid_from_year", code, reason)
            elif unlike := [name for name in _OF_DEFINITION if one[name] != other[name]]:
                names = ", ".join(_WORDS[name] for name in unlike)
                reason = (
                    f"raden är samma definition av {code} som rad {one['row_no']} men säger annat om {names}; "
                    "gör dem lika, eller ge den nya definitionen egna år"
                )
                yield Problem("goal__indicators", other["row_no"], unlike[0], str(other[unlike[0]]), reason)


def _goalless(indicators: Sequence[Row], goals: Sequence[Row]) -> Iterator[Problem]:
    of_code = _by(goals, "goal_code")
    for row in indicators:
        code, (first, last) = row["goal_code"], _years(row)
        if code is not None and first <= last and not any(_meet(row, goal) for goal in of_code.get(code, ())):
            reason = f"mål {code} finns inte på bladet Mål de år indikatorn gäller; lägg till det eller rätta koden"
            yield Problem("goal__indicators", row["row_no"], "goal_code", code, reason)


def _targets(targets: Sequence[Row], indicators: Sequence[Row]) -> Iterator[Problem]:
    definitions, of_indicator = _by(indicators, "indicator_code"), _by(targets, "indicator_code")
    for row in targets:
        code, year, value = row["indicator_code"], row["year"], row["target_value"]
        if code is None or year is None:
            continue
        definition = next((each for each in definitions.get(code, ()) if _holds(each, year)), None)
        if definition is None:
            reason = f"indikator {code} finns inte på bladet Indikatorer {year}; lägg till den eller ta bort målvärdet"
            yield Problem("goal__targets", row["row_no"], "indicator_code", code, reason)
        elif value is not None and (fault := _off_scale(value, definition, of_indicator[code])):
            yield Problem("goal__targets", row["row_no"], "target_value", _shown(value), fault)


def _off_scale(value: Decimal, definition: Row, targets: Sequence[Row]) -> str | None:
    """Return what is wrong with a target as a number of its unit, if anything is."""
    low, high = definition["scale_min"], definition["scale_max"]
    if (low is not None and value < low) or (high is not None and value > high):
        return f"målvärdet ligger utanför skalan {_shown(low)} till {_shown(high)}; rätta målvärdet eller skalan"
    others = [each["target_value"] for each in targets if each["target_value"] is not None]
    if definition["unit"] == "percent" and 0 < value <= 1 and any(other > 1 for other in others):
        return f"målvärdet är en andel bland procent; skriv {_shown(value * 100)}"
    return None


def _assessments(assessments: Sequence[Row], goals: Sequence[Row], occasions: Sequence[Row]) -> Iterator[Problem]:
    of_code = _by(goals, "goal_code")
    known = {(row["year"], row["occasion_name"]) for row in occasions}
    for row in assessments:
        code, year, occasion = row["goal_code"], row["year"], row["occasion_name"]
        if year is None:
            continue
        if code is not None and not any(_holds(goal, year) for goal in of_code.get(code, ())):
            reason = f"mål {code} finns inte på bladet Mål {year}; rätta koden eller året"
            yield Problem("goal__assessments", row["row_no"], "goal_code", code, reason)
        if occasion is not None and (year, occasion) not in known:
            reason = f"tillfället finns inte på bladet Tillfällen {year}; lägg till det eller rätta namnet"
            yield Problem("goal__assessments", row["row_no"], "occasion_name", occasion, reason)


def _shown(value: Decimal | None) -> str:
    return "-" if value is None else f"{value.normalize():f}".replace(".", ",")
