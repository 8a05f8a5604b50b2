"""Write the goals workbook of the example municipality, as a quality strategist would keep it.

Belongs here: sheets, headers, lists to choose from, and what each column is for. Not here: goals and targets
(``goal_catalog``). An installation may start from this workbook: empty its rows and keep the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from sources.example.catalog import BOARD
from sources.example.goal_catalog import YEAR, Definition, GoalCatalog

Cell = str | int | Decimal | date | None

_MADE_ON = datetime(2024, 2, 26, 8)
# Lists to choose from go this far down, so that new rows have them too.
_LAST_ROW = 500
_UNITS = {"percent": "procent", "nki": "NKI", "index_1_100": "index 1–100", "scale_1_6": "skala 1–6"}
_DIRECTIONS = {"higher": "högre är bättre", "lower": "lägre är bättre", "target": "nära målvärdet"}
_ASSESSMENTS = ("Helt uppfyllt", "I hög grad uppfyllt", "Delvis uppfyllt", "Ej uppfyllt", "Ej utvärderad")
_MOTIVATIONS = {"3": "Utfallet för året är inte publicerat; året före nådde båda målvärdena."}
_YEARS = {"validate": "integer", "criteria": "between", "minimum": 1970, "maximum": 2100}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, what it is for, its width, and what Excel lets into it."""

    header: str
    note: str
    width: int = 12
    rule: Mapping[str, Any] = field(default_factory=dict)


def _one_of(words: Iterable[str]) -> dict[str, Any]:
    return {"validate": "list", "source": list(words)}


def _from_sheet(sheet: str, column: str) -> dict[str, Any]:
    return {"validate": "list", "source": f"='{sheet}'!${column}$2:${column}${_LAST_ROW}"}


_VALIDITY = (
    Column("Från år", "Första året raden gäller.", rule=_YEARS),
    Column("Till år", "Sista året raden gäller; tomt så länge den gäller.", rule=_YEARS),
)
_GOALS = (
    Column("Mål", "Målets kod, unik för alla nämnder."),
    Column("Benämning", "Vad målet kallas.", 40),
    Column("Nämnd", "Nämndens kod i inställningarna."),
    Column("Prioritet", "Kod för fullmäktiges prioritering."),
    Column("Prioritetens namn", "Vad prioriteringen kallas.", 34),
    Column("Agenda 2030", "De globala målens nummer, med semikolon emellan.", 14),
    *_VALIDITY,
)
_INDICATORS = (
    Column("Indikator", "Indikatorns kod. Ny definition: ny rad med samma kod och nya år."),
    Column("Benämning", "Vad indikatorn kallas.", 60),
    Column("Mål", "Målet den hör till, från bladet Mål.", rule=_from_sheet("Mål", "A")),
    Column("Enhet", "Vad värdet räknas i. Procent är 0–100.", 14, _one_of([*_UNITS.values(), "poäng"])),
    Column("Riktning", "Åt vilket håll det blir bättre.", 18, _one_of(_DIRECTIONS.values())),
    Column("Tolerans", "Hur långt från målvärdet som räcker; bara för nära målvärdet."),
    Column(
        "Decimaler",
        "Antal decimaler när värdet visas, 0–4.",
        rule={"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 4},
    ),
    Column("Skala från", "Lägsta värde som kan förekomma."),
    Column("Skala till", "Högsta värde som kan förekomma."),
    Column("Källa", "Varifrån värdet kommer: Kolada, SCB, Insikt, …", 24),
    Column("Kod i källan", "Vad källan kallar indikatorn, till exempel U07453.", 36),
    *_VALIDITY,
    Column("Största rimliga ändring", "Större ändring än så från året före ger en varning; tomt för ingen.", 22),
)
_TARGETS = (
    Column("Indikator", "Från bladet Indikatorer.", rule=_from_sheet("Indikatorer", "A")),
    Column("År", "Året målvärdet gäller; ett målvärde per år.", rule=_YEARS),
    Column("Målvärde", "I indikatorns enhet: 94, inte 0,94 eller 94 %."),
)
_OCCASIONS = (
    Column("År", "Året som följs upp.", rule=_YEARS),
    Column("Tillfälle", "Vad tillfället kallas.", 18),
    Column("Rapporterad", "Dagen: det som var känt då är vad tillfället visar.", 14),
)
_PUBLISHED = (
    Column("Mål", "Från bladet Mål.", rule=_from_sheet("Mål", "A")),
    Column("År", "Året som bedöms.", rule=_YEARS),
    Column("Tillfälle", "Från bladet Tillfällen.", 18, _from_sheet("Tillfällen", "B")),
    Column("Bedömning", "Nämndens bedömning; den gäller framför regelns.", 20, _one_of(_ASSESSMENTS)),
    Column("Motivering", "Varför, med nämndens ord.", 70),
)


def write_goals(out: Path, catalog: GoalCatalog) -> Path:
    """Write ``malregister.xlsx``: goals, indicators, targets, occasions and assessments, each column explained."""
    import xlsxwriter

    path = out / "malregister.xlsx"
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    sheets: tuple[tuple[str, Sequence[Column], Iterable[Sequence[Cell]]], ...] = (
        ("Mål", _GOALS, _goal_rows(catalog)),
        ("Indikatorer", _INDICATORS, map(_indicator_row, catalog.definitions)),
        ("Målvärden", _TARGETS, ((code, YEAR, value) for code, value in catalog.targets.items())),
        ("Tillfällen", _OCCASIONS, ((each.year, each.name, each.reported_on) for each in catalog.occasions)),
        ("Bedömningar", _PUBLISHED, _assessment_rows(catalog)),
    )
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "Mål och indikatorer", "created": _MADE_ON})
        _write_guide(book, sheets)
        for name, columns, rows in sheets:
            _write_sheet(book, name, columns, rows)
    return path


def _goal_rows(catalog: GoalCatalog) -> Iterable[Sequence[Cell]]:
    for goal in catalog.goals:
        priority = f"Fullmäktiges prioriterade mål {goal.priority_code}"
        yield goal.code, goal.name, BOARD, goal.priority_code, priority, goal.agenda_2030, 2018, None


def _indicator_row(each: Definition) -> Sequence[Cell]:
    return (
        *(each.indicator_code, each.indicator_name, each.goal_code, _UNITS[each.unit], _DIRECTIONS[each.direction]),
        *(None, each.decimals, each.scale_min, each.scale_max, each.source_name, each.external_code),
        *(each.from_year, each.to_year, each.max_jump),
    )


def _assessment_rows(catalog: GoalCatalog) -> Iterable[Sequence[Cell]]:
    occasion = catalog.occasions[-1]
    for goal in catalog.goals:
        motivation = _MOTIVATIONS.get(goal.code, "Enligt indikatorernas utfall.")
        yield goal.code, occasion.year, occasion.name, goal.published_assessment, motivation


def _write_guide(book: Any, sheets: Sequence[tuple[str, Sequence[Column], object]]) -> None:
    """Write the first sheet: what every column of the others is for."""
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Läs mig")
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 2, 80)
    sheet.write_row(0, 0, ("Blad", "Rubrik", "Vad som ska stå där"), bold)
    lines = [(name, column.header, column.note) for name, columns, _ in sheets for column in columns]
    for place, line in enumerate(lines, start=1):
        sheet.write_row(place, 0, line)


def _write_sheet(book: Any, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    sheet = book.add_worksheet(name)
    # Codes stay text: the number 1.10 would be 1.1.
    head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, text if column.header in ("Mål", "Indikator") else None)
        sheet.write_string(0, place, column.header, head)
        if column.rule:
            told = {"input_title": column.header[:32], "input_message": column.note, "error_message": column.note}
            sheet.data_validation(1, place, _LAST_ROW - 1, place, {**column.rule, **told})
    written = 0
    for written, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(written, place, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(written, place, datetime.combine(cell, time()), day)
            elif cell is not None:
                sheet.write_number(written, place, cell)
    sheet.autofilter(0, 0, written, len(columns) - 1)
