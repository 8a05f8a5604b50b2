"""Write the registers of follow-up of the example municipality: one workbook each, kept over the years.

Belongs here: headers, lists to choose from, and what each column is for. Not here: the texts (``invented/``), the
facts that are printed (``figures/``), the format (``forms``). What is printed stands in no invented file: it fills the
cells that are empty there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sources.example.catalog import BOARD, read_invented, read_rows
from sources.example.exports.forms import YEARS, Cell, Column, FormSheet, one_of, write_form

_MADE_ON = datetime(2024, 2, 26, 8)
_FIGURES = Path(__file__).parents[1] / "figures"
_PRINTED_YEAR = "2023"
_ASSESSMENTS = ("Utan anmärkning", "Arbete pågår", "Brist", "Ej genomförd")
_STATUSES = ("Genomfört", "Pågår", "Ej genomfört", "Ej påbörjat")
_ANSWERS = ("Ja", "Nej", "Delvis", "Ja med anmärkning", "Ja med avvikelse", "Ej aktuellt")
_REMARKS = (
    "Arbetsboken är ett påhittat exempel. Texterna är våra egna.",
    "Från kommunstyrelsens årsbokslut 2023 är riskernas namn, avtal, leverantörer, svar och mått.",
)
_INVENTED = "Raderna för 2022 är påhittade."

Row = dict[str, str]

_YEAR = Column("År", "Året som följs upp.", rule=YEARS)
_BOARD = Column("Nämnd", "Nämndens kod i inställningarna.")
_REMARK = Column("Anmärkning", "För den som för registret; läses inte.", 16)
_RISKS = (
    *(_YEAR, _BOARD),
    Column("Riskkod", "Riskens kod: densamma från år till år, så att en risk som återkommer syns.", is_text=True),
    Column("Risk", "Vad risken kallas.", 36),
    Column("Beskrivning", "Vad som kan hända.", 50),
    Column("Kontroll", "Hur risken kontrolleras.", 50),
    Column("Bedömning", "Hur kontrollen har utfallit.", 18, one_of(_ASSESSMENTS)),
    Column("Resultat", "Vad kontrollen visade.", 50),
    Column("Åtgärd", "Vad som ska göras, eller att ingen ytterligare åtgärd behövs.", 50),
    _REMARK,
)
_ASSIGNMENTS = (
    *(_YEAR, _BOARD),
    Column("Uppdragskod", "Uppdragets kod: densamma från år till år.", 14, is_text=True),
    Column("Uppdrag", "Vad som ska göras.", 60),
    Column("Status", "Hur långt det har kommit.", 16, one_of(_STATUSES)),
    Column("Kommentar", "Vad som är gjort, eller varför inte.", 60),
    Column("Beslutat", "Dagen uppdraget gavs.", 12),
    Column("Återrapporterat", "Dagen det rapporterades som klart; tomt till dess.", 16),
    _REMARK,
)
_REVIEWS = (
    *(_YEAR, _BOARD),
    Column("Avtalskod", "Avtalets kod: densamma från år till år.", 16, is_text=True, merged=True),
    Column("Avtal", "Vad avtalet kallas; en hög cell gäller alla sina rader.", 28, merged=True),
    Column("Leverantör", "En eller flera, med komma emellan.", 24, merged=True),
    Column("Kravnr", "Kravets nummer i avtalet: detsamma från år till år."),
    Column("Krav", "Vad som har följts upp.", 50),
    Column("Svar", "Om leverantören uppfyller kravet.", 20, one_of(_ANSWERS)),
    Column("Brist", "Vad som brister.", 44),
    Column("Effekt", "Hur bristen påverkar verksamheten.", 34),
    Column("Åtgärd", "Vad som har gjorts.", 44),
    _REMARK,
)
_MEASURES = (
    *(_YEAR, _BOARD),
    Column("Avtalskod", "Från avtalsuppföljningen.", 16, is_text=True),
    Column("Måttkod", "Måttets kod: densamma från år till år.", 24, is_text=True),
    Column("Mått", "Vad som har mätts.", 46),
    Column("Grupp", "Leverantör, bränsle, förvaltning; Alla för helheten, som är summan av de andra.", 20),
    Column("Värde", "Det som mättes."),
    Column("Enhet", "Vad värdet räknas i.", 12),
    _REMARK,
)
_ACTIVITIES = (
    *(_YEAR, _BOARD),
    Column("Aktivitetsnr", "Nummer i året.", 14),
    Column("Principnr", "Principen som aktiviteten tjänar."),
    Column("Princip", "Principens innebörd.", 60),
    Column("Aktivitet", "Vad som har gjorts.", 60),
    _REMARK,
)


def write_registers(out: Path) -> list[Path]:
    """Write the five registers: internal control, assignments, contract reviews, their measures, sustainability."""
    assessed = "Bedömning av 2023 är vår läsning av resultat och åtgärd: rapportens tecken gick förlorade i trycket."
    status = "Status av 2023 är vår läsning av kommentaren; dagarna är påhittade: rapporten trycker ingetdera."
    emission = "Att utsläppen 1,12 och 1,09 är av 2022 och 2023 är vår läsning."
    serves = "Vilken princip en aktivitet tjänar är vår läsning."
    return [
        _write(out / "internkontroll.xlsx", "Internkontroll", _RISKS, _risks(), (assessed, _INVENTED)),
        _write(out / "uppdrag.xlsx", "Uppdrag", _ASSIGNMENTS, _assignments(), (status, _INVENTED)),
        _write(out / "avtalsuppfoljning.xlsx", "Avtalsuppföljning", _REVIEWS, _reviews(), (_INVENTED,)),
        _write(out / "avtalsmatt.xlsx", "Avtalsmått", _MEASURES, _measures(), (emission,)),
        _write(out / "hallbarhet.xlsx", "Hållbarhet", _ACTIVITIES, _activities(), (serves,)),
    ]


def _write(
    path: Path, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], remarks: Sequence[str]
) -> Path:
    return write_form(path, title, _MADE_ON, [FormSheet(title, columns, rows)], (*_REMARKS, *remarks))


def _completed(name: str, *keys: str) -> Iterable[Row]:
    """Yield the rows of an invented register; those of the printed year with what the report prints of them."""
    printed = {tuple(row[key] for key in keys): row for row in read_rows(_FIGURES / name)}
    for row in read_invented(name):
        facts = printed.get(tuple(row[key] for key in keys), {}) if row["year"] == _PRINTED_YEAR else {}
        yield row | {column: value for column, value in facts.items() if not row.get(column)}


def _note(row: Row, reading: str = "") -> str | None:
    return reading or None if row["year"] == _PRINTED_YEAR else "Påhittad"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _risks() -> Iterable[Sequence[Cell]]:
    texts = ("risk_name", "risk_description", "control_description", "assessment", "result", "action")
    for row in _completed("internal_control.csv", "risk_code"):
        cells = (row[name] for name in texts)
        yield int(row["year"]), BOARD, row["risk_code"], *cells, _note(row, "Vår bedömning")


def _assignments() -> Iterable[Sequence[Cell]]:
    for row in read_invented("assignments.csv"):
        cells = (row[name] for name in ("assignment_code", "assignment_text", "status", "comment"))
        days = (_day(row[name]) for name in ("decided_on", "reported_on"))
        yield int(row["year"]), BOARD, *cells, *days, _note(row, "Vår läsning")


def _reviews() -> Iterable[Sequence[Cell]]:
    contracts = {row["contract_code"]: row for row in read_rows(_FIGURES / "contracts.csv")}
    for row in _completed("contract_reviews.csv", "contract_code", "requirement_no"):
        contract = contracts[row["contract_code"]]
        names = (contract[name] for name in ("contract_code", "contract_name", "supplier_name"))
        cells = (row[name] or None for name in ("requirement_text", "fulfilled", "deficiency", "effect", "action"))
        yield int(row["year"]), BOARD, *names, int(row["requirement_no"]), *cells, _note(row)


def _measures() -> Iterable[Sequence[Cell]]:
    names = {row["measure_code"]: row["measure_name"] for row in read_invented("contract_measure_names.csv")}
    for row in read_rows(_FIGURES / "contract_measures.csv"):
        code = row["measure_code"]
        told = (row["contract_code"], code, names[code], row["group_name"])
        yield int(row["year"]), BOARD, *told, Decimal(row["value"]), row["unit"], None


def _activities() -> Iterable[Sequence[Cell]]:
    principles = {row["principle_no"]: row["principle_text"] for row in read_invented("principles.csv")}
    for row in read_invented("sustainability.csv"):
        number = row["principle_no"]
        served = (int(row["activity_no"]), int(number), principles[number], row["activity_text"])
        yield int(row["year"]), BOARD, *served, "Vår läsning"
