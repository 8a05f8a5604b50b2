"""The example municipality's goals, indicators and results, read from ``figures/`` and ``invented/``.

Belongs here: goals, definitions, targets, reports and comparison values as typed records. Not here: the layouts they
are sent in (``exports/goals.py``, ``exports/indicators.py``, ``exports/kolada.py``), money (``catalog.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from sources.example.catalog import read_rows

_HERE = Path(__file__).parent
OUR_CODE = "1489"
YEAR = 2023


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal of the board with what it published about it; ``agenda_2030`` has ``;`` between, or is empty."""

    code: str
    priority_code: str
    name: str
    published_assessment: str
    agenda_2030: str


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition of an indicator and one source of its values; ``to_year`` is None while it lasts."""

    indicator_code: str
    indicator_name: str
    goal_code: str
    unit: str
    direction: str
    decimals: int
    scale_min: Decimal
    scale_max: Decimal
    max_jump: Decimal
    source_name: str
    external_code: str
    from_year: int
    to_year: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """One value of ours as an institute reported it; answers and margin of error are None where it tells none."""

    source_name: str
    external_code: str
    indicator_code: str
    indicator_name: str
    year: int
    value: Decimal
    is_preliminary: bool
    reported_on: date
    answers: int | None
    margin_of_error: Decimal | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """One occasion on which the board followed its goals up."""

    year: int
    name: str
    reported_on: date


@dataclass(frozen=True, slots=True)
class GoalCatalog:
    """Everything about goals.

    ``targets`` maps indicator to what the board wants of it in ``YEAR``; ``comparison`` maps a source's code,
    municipality and year to a value that is invented, or of ours from before the first printed year.
    """

    goals: tuple[Goal, ...]
    definitions: tuple[Definition, ...]
    targets: Mapping[str, Decimal]
    reports: tuple[Report, ...]
    occasions: tuple[Occasion, ...]
    comparison: Mapping[tuple[str, str, int], Decimal]
    municipalities: Mapping[str, str]

    def reports_of(self, source_name: str) -> list[Report]:
        """Return what one institute has reported, oldest first."""
        own = (report for report in self.reports if report.source_name == source_name)
        return sorted(own, key=lambda report: (report.reported_on, report.year))


def read_goal_catalog() -> GoalCatalog:
    """Return the goals with printed figures where the report prints them and invented ones elsewhere."""
    printed = {row["indicator"]: row for row in read_rows(_HERE / "figures" / "indicators.csv")}
    definitions = tuple(
        _definition(row, printed[row["indicator"]]) for row in read_rows(_HERE / "invented" / "indicators.csv")
    )
    return GoalCatalog(
        goals=tuple(
            Goal(row["goal"], row["priority"], row["short_name"], row["published_assessment"], row["agenda_2030"])
            for row in read_rows(_HERE / "figures" / "goals.csv")
        ),
        definitions=definitions,
        targets={code: Decimal(row[f"target_{YEAR}"]) for code, row in printed.items()},
        reports=_reports(printed, definitions),
        occasions=tuple(
            Occasion(int(row["year"]), row["occasion_name"], date.fromisoformat(row["reported_on"]))
            for row in read_rows(_HERE / "invented" / "occasions.csv")
        ),
        comparison=_comparison(),
        municipalities={row["code"]: row["name"] for row in read_rows(_HERE / "invented" / "municipalities.csv")},
    )


def _definition(row: Mapping[str, str], printed: Mapping[str, str]) -> Definition:
    return Definition(
        indicator_code=row["indicator"],
        indicator_name=printed["label"],
        goal_code=printed["goal"],
        unit=printed["unit"],
        direction=row["direction"],
        decimals=int(row["decimals"]),
        scale_min=Decimal(row["scale_min"]),
        scale_max=Decimal(row["scale_max"]),
        max_jump=Decimal(row["max_jump"]),
        source_name=row["source_name"],
        external_code=row["external_code"],
        from_year=int(row["from_year"]),
        to_year=int(row["to_year"]) if row["to_year"] else None,
    )


def _reports(printed: Mapping[str, Mapping[str, str]], definitions: tuple[Definition, ...]) -> tuple[Report, ...]:
    """Return the institutes' reports: printed values, of an occasion where it printed another one, on invented days."""
    told = {
        (row["indicator"], row["year"], row["occasion"]): row
        for row in read_rows(_HERE / "figures" / "indicator_vintages.csv")
    }
    # Kolada tells again what the institutes have told: its pages are written for themselves.
    institutes = {each.indicator_code: each for each in definitions if each.source_name != "Kolada"}
    reports = []
    for row in read_rows(_HERE / "invented" / "indicator_reports.csv"):
        code, year, definition = row["indicator"], row["year"], institutes[row["indicator"]]
        vintage = told.get((code, year, row["occasion"]))
        status = vintage["status"] if vintage else printed[code].get(f"status_{year}", "final")
        reports.append(
            Report(
                source_name=definition.source_name,
                external_code=definition.external_code,
                indicator_code=code,
                indicator_name=definition.indicator_name,
                year=int(year),
                value=Decimal(vintage["value"] if vintage else printed[code][f"outcome_{year}"]),
                is_preliminary=status == "preliminary",
                reported_on=date.fromisoformat(row["reported_on"]),
                answers=int(row["answers"]) if row["answers"] else None,
                margin_of_error=Decimal(row["margin_of_error"]) if row["margin_of_error"] else None,
            )
        )
    return tuple(reports)


def _comparison() -> dict[tuple[str, str, int], Decimal]:
    return {
        (row["external_code"], row["municipality"], int(year)): Decimal(value)
        for row in read_rows(_HERE / "invented" / "comparison_values.csv")
        for year, value in row.items()
        if year.isdecimal() and value
    }
