"""Write the goals workbook of the example municipality, as a quality strategist would keep it.

Belongs here: sheets, headers, lists to choose from, and what each column is for. Not here: goals and targets
(``goal_catalog``), the format (``forms``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sources.example.catalog import BOARD
from sources.example.exports.forms import YEARS, Cell, Column, FormSheet, from_sheet, one_of, write_form
from sources.example.goal_catalog import YEAR, Definition, GoalCatalog

_MADE_ON = datetime(2024, 2, 26, 8)
_UNITS = {"percent": "procent", "nki": "NKI", "index_1_100": "index 1–100", "scale_1_6": "skala 1–6"}
_DIRECTIONS = {"higher": "högre är bättre", "lower": "lägre är bättre", "target": "nära målvärdet"}
_ASSESSMENTS = ("Helt uppfyllt", "I hög grad uppfyllt", "Delvis uppfyllt", "Ej uppfyllt", "Ej utvärderad")
_MOTIVATIONS = {"3": "Utfallet för året är inte publicerat; året före nådde båda målvärdena."}
_VALIDITY = (
    Column("Från år", "Första året raden gäller.", rule=YEARS),
    Column("Till år", "Sista året raden gäller; tomt så länge den gäller.", rule=YEARS),
)
_GOALS = (
    Column("Mål", "Målets kod, unik för alla nämnder.", is_text=True),
    Column("Benämning", "Vad målet kallas.", 40),
    Column("Nämnd", "Nämndens kod i inställningarna."),
    Column("Prioritet", "Kod för fullmäktiges prioritering."),
    Column("Prioritetens namn", "Vad prioriteringen kallas.", 34),
    Column("Agenda 2030", "De globala målens nummer, med semikolon emellan.", 14),
    *_VALIDITY,
)
_INDICATORS = (
    Column("Indikator", "Indikatorns kod. Ny definition: ny rad med samma kod och nya år.", is_text=True),
    Column("Benämning", "Vad indikatorn kallas.", 60),
    Column("Mål", "Målet den hör till, från bladet Mål.", rule=from_sheet("Mål", "A"), is_text=True),
    Column("Enhet", "Vad värdet räknas i. Procent är 0–100.", 14, one_of([*_UNITS.values(), "poäng"])),
    Column("Riktning", "Åt vilket håll det blir bättre.", 18, one_of(_DIRECTIONS.values())),
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
    Column("Indikator", "Från bladet Indikatorer.", rule=from_sheet("Indikatorer", "A"), is_text=True),
    Column("År", "Året målvärdet gäller; ett målvärde per år.", rule=YEARS),
    Column("Målvärde", "I indikatorns enhet: 94, inte 0,94 eller 94 %."),
)
_OCCASIONS = (
    Column("År", "Året som följs upp.", rule=YEARS),
    Column("Tillfälle", "Vad tillfället kallas.", 18),
    Column("Rapporterad", "Dagen: det som var känt då är vad tillfället visar.", 14),
)
_PUBLISHED = (
    Column("Mål", "Från bladet Mål.", rule=from_sheet("Mål", "A"), is_text=True),
    Column("År", "Året som bedöms.", rule=YEARS),
    Column("Tillfälle", "Från bladet Tillfällen.", 18, from_sheet("Tillfällen", "B")),
    Column("Bedömning", "Nämndens bedömning; den gäller framför regelns.", 20, one_of(_ASSESSMENTS)),
    Column("Motivering", "Varför, med nämndens ord.", 70),
)


def write_goals(out: Path, catalog: GoalCatalog) -> Path:
    """Write ``malregister.xlsx``: goals, indicators, targets, occasions and assessments, each column explained."""
    sheets = (
        FormSheet("Mål", _GOALS, _goal_rows(catalog)),
        FormSheet("Indikatorer", _INDICATORS, map(_indicator_row, catalog.definitions)),
        FormSheet("Målvärden", _TARGETS, ((code, YEAR, value) for code, value in catalog.targets.items())),
        FormSheet("Tillfällen", _OCCASIONS, ((each.year, each.name, each.reported_on) for each in catalog.occasions)),
        FormSheet("Bedömningar", _PUBLISHED, _assessment_rows(catalog)),
    )
    return write_form(out / "malregister.xlsx", "Mål och indikatorer", _MADE_ON, sheets)


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
