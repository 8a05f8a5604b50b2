"""Write the results of the example municipality as the survey institutes send them, one layout each.

Belongs here: the layouts, and which reports a file holds. Not here: the values (``goal_catalog``), Kolada's pages
(``exports/kolada.py``).
"""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

from sources.example.exports.spreadsheets import Cell, Heading, write_csv, write_workbook
from sources.example.goal_catalog import OUR_CODE, GoalCatalog, Report

_MUNICIPALITY = "Exempelkommunen"


def write_results(out: Path, catalog: GoalCatalog) -> list[Path]:
    """Write what each institute has reported and return the files; a file's name holds the day it came."""
    return [
        *_write_insikt(out, catalog),
        _write_inhabitants(out, catalog.reports_of("Medborgarundersökningen")),
        _write_service(out, catalog.reports_of("Servicemätning")),
        _write_business(out, catalog.reports_of("Svenskt Näringsliv")),
        _write_broadband(out, catalog),
    ]


def _path(out: Path, name: str, reports: list[Report], suffix: str = "csv") -> Path:
    return out / f"{name}_{reports[-1].reported_on}.{suffix}"


def _write_insikt(out: Path, catalog: GoalCatalog) -> list[Path]:
    """Write the final indices in one file, and each day's preliminary ones in one: ``target (outcome)``, as noted."""
    reports = catalog.reports_of("Insikt")
    final = [report for report in reports if not report.is_preliminary]
    header = ("År", "Myndighetsområde", "NKI", "NUI", "Antal svar", "Rapporterad")
    rows = [
        (each.year, _area(each), *_by_index(each, each.value), each.answers or "", each.reported_on) for each in final
    ]
    files = [write_csv(_path(out, "insikt", final), header, rows)]
    for day in sorted({report.reported_on for report in reports if report.is_preliminary}):
        own = [report for report in reports if report.reported_on == day]
        heading = Heading(
            "Resultat", "Insikt, preliminärt resultat", "Målvärde (preliminärt utfall).", datetime.combine(day, time(9))
        )
        told = [
            (
                *(each.year, _area(each)),
                *_by_index(each, f"{catalog.targets[each.indicator_code]} ({each.value})"),
                *(each.answers or "", day),
            )
            for each in own
        ]
        files.append(write_workbook(_path(out, "insikt", own, "xlsx"), heading, header, told))
    return files


def _area(report: Report) -> str:
    return report.external_code.partition(" ")[2]


def _by_index(report: Report, cell: Cell) -> tuple[Cell, Cell]:
    return (cell, "") if report.external_code.startswith("NKI") else ("", cell)


def _write_inhabitants(out: Path, reports: list[Report]) -> Path:
    header = ("Kommun", "År", "Frågenr", "Fråga", "Andel", "Felmarginal", "Antal svar", "Rapporterad")
    rows = (
        (
            *(_MUNICIPALITY, each.year, each.external_code, each.indicator_name, f"{each.value} %"),
            *(each.margin_of_error or "", each.answers or "", each.reported_on),
        )
        for each in reports
    )
    return write_csv(_path(out, "medborgarundersokningen", reports), header, rows)


def _write_service(out: Path, reports: list[Report]) -> Path:
    day = reports[-1].reported_on
    heading = Heading("Servicemätning", "Servicemätning, index 0-100", "", datetime.combine(day, time(10)))
    header = ("Kommunkod", "År", "Frågenr", "Fråga", "Index", "Antal svar")
    rows = [
        (OUR_CODE, each.year, each.external_code, each.indicator_name, each.value, each.answers or "")
        for each in reports
    ]
    return write_workbook(_path(out, "servicematning", reports, "xlsx"), heading, header, rows)


def _write_business(out: Path, reports: list[Report]) -> Path:
    header = ("Kommun", "År", "Frågenr", "Fråga", "Betyg", "Antal svar", "Publicerad")
    rows = (
        (
            *(_MUNICIPALITY, each.year, each.external_code, each.indicator_name, each.value),
            *(each.answers or "", each.reported_on),
        )
        for each in reports
    )
    return write_csv(_path(out, "svenskt_naringsliv", reports), header, rows)


def _write_broadband(out: Path, catalog: GoalCatalog) -> Path:
    """Write the shares of every municipality we have them for, a column per measure."""
    reports = catalog.reports_of("PTS")
    measures = ("Arbetsställen 100 Mbit/s", "Hushåll 100 Mbit/s")
    published = {report.year: report.reported_on for report in reports}
    values = dict(catalog.comparison) | {(each.external_code, OUR_CODE, each.year): each.value for each in reports}
    rows: list[tuple[Cell, ...]] = []
    for code, name in catalog.municipalities.items():
        for year, day in published.items():
            cells = [values.get((measure, code, year)) for measure in measures]
            if all(cells):
                rows.append((code, name, year, *(cell or Decimal() for cell in cells), day))
    return write_csv(_path(out, "bredband", reports), ("Kommunkod", "Kommunnamn", "År", *measures, "Publicerad"), rows)
