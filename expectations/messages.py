"""Write what a rule found, in Swedish, for the one who is to put it right.

    ledger/KS_2023.se rad 1841: verifikat A 212 summerar till 12,50, ska vara 0. Verifikatet är satt i karantän; rätta …

Belongs here: the sentences around a rule's own ``finding`` and ``message``, how values are shown, and which may be
shown at all. Not here: which rows are concerned (``quarantine``). Values are never free text and never what may name
a person: a field that has slipped a column can hold either.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from expectations.loader import FREE_TEXT_COLUMNS, Check

HIDDEN = "(dolt värde)"
ABSENT = "(saknas)"
#: How many findings a message about a whole file spells out.
SPELLED_OUT = 5

#: What became of a file that a rule rejects, and of a posting whose voucher another row has taken along.
NOT_READ, DRAGGED = "Filen är inte inläst", "Hela verifikatet väntar"
#: What became of the file or the row, between what is wrong and what to do.
_FATE = re.compile(
    rf"\. (?:{NOT_READ}|(?:Filen|Den) är lagd åt sidan|Båda är lagda åt sidan|Detta är en varning"
    rf"|Satt i karantän|(?:Raden|Verifikatet) är satt i karantän|{DRAGGED}); "
)
_PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:\d{2})?\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[6-8]\d|9[01])[-+]?\d{4}(?!\d)")
_CODE = re.compile(r"[^\W_][\w.:/\-]{0,15}")
_FIGURE = re.compile(r"[\d\s.,:;/+\-−–%'()]*[A-Za-zÅÄÖåäö]{0,3}[\d\s.,:;/+\-−–%'()]*")
#: Columns that hold figures or dates: a word there has slipped in from another column.
_FIGURE_COLUMNS = ("_sek", "_ore", "_date", "_from", "_to", "_on", "_year", "period", "quantity", "row_no")
#: Names that institutes give what they measure: words, and of no person.
_PUBLIC_WORDS = frozenset({"external_code", "source_name"})
#: What readers write themselves, from headers and lists: shown as it stands.
_READERS_WORDS = frozenset({"reader_remark"})
#: What the headers of the files are called, for columns whose values a reader may fail to type.
_LABELS = {
    "absent_from": "Frånvarons första dag",
    "absent_to": "Frånvarons sista dag",
    "account": "Konto",
    "action": "Åtgärd",
    "activity_code": "Verksamhet",
    "activity_no": "Aktivitetsnr",
    "activity_text": "Aktivitet",
    "against_ids": "Jämförs med",
    "agenda_2030": "Agenda 2030",
    "amount_sek": "Belopp",
    "answers": "Antal svar",
    "assessment": "Bedömning",
    "assignment_code": "Uppdragskod",
    "assignment_text": "Uppdrag",
    "base_year": "Jämförelseår",
    "board_code": "Nämnd",
    "cause": "Frånvaroorsak",
    "claim_no": "Led",
    "claimed_rank": "Plats",
    "claimed_unit": "Enhet",
    "claimed_value": "Värde",
    "comment": "Kommentar",
    "contract_code": "Avtalskod",
    "contract_name": "Avtal",
    "contracted_rate_pct": "Sysselsättningsgrad",
    "control_description": "Kontroll",
    "decided_on": "Beslutat",
    "decimals": "Decimaler",
    "deficiency": "Brist",
    "direction": "Riktning",
    "effect": "Effekt",
    "employed_from": "Anställd från",
    "employed_to": "Anställd till",
    "employer_number": "Arbetsgivare",
    "employment_form": "Anställningsform",
    "employment_key": "Anställningsnummer",
    "extent_pct": "Omfattning",
    "external_code": "Kod i källan",
    "figure_ids": "Siffror",
    "fiscal_year": "År",
    "forecast_month": "Månad",
    "former_person_key": "Tidigare personnummer",
    "fulfilled": "Svar",
    "goal_code": "Mål",
    "goal_name": "Benämning",
    "group_code": "Kön",
    "group_name": "Grupp",
    "happened_on": "Dag för händelsen",
    "hours": "Timmar",
    "incident_code": "Ärendenummer",
    "indicator_code": "Indikator",
    "indicator_name": "Benämning",
    "kind": "Slag",
    "leaving_reason": "Avgångsorsak",
    "level": "Nivå",
    "line_code": "Rad",
    "margin_of_error": "Felmarginal",
    "max_jump": "Största rimliga ändring",
    "measure_code": "Måttkod",
    "measure_name": "Mått",
    "motivation": "Motivering",
    "municipality_code": "Kommun",
    "node_code": "Projekt",
    "node_name": "Benämning",
    "not_held": "Saknas",
    "occasion_name": "Tillfälle",
    "occupation_code": "AID",
    "parent_code": "Överordnad",
    "period": "Period",
    "person_key": "Personnummer",
    "predecessor_codes": "Föregångare",
    "principle_no": "Principnr",
    "principle_text": "Princip",
    "priority_code": "Prioritet",
    "project_code": "Projekt",
    "published_assessment": "Bedömning",
    "quantity": "Kvantitet",
    "registered_on": "Registreringsdatum",
    "relation": "Relation",
    "reported_on": "Rapporterad",
    "requirement_no": "Kravnr",
    "requirement_text": "Krav",
    "result": "Resultat",
    "risk_code": "Riskkod",
    "risk_description": "Beskrivning",
    "risk_name": "Risk",
    "scale_max": "Skala till",
    "scale_min": "Skala från",
    "scheduled_hours": "Schematid",
    "segment_code": "Segment",
    "share_of_id": "Andel av",
    "sort_no": "Ordning",
    "source_name": "Källa",
    "statement_id": "Påstående",
    "statement_text": "Text",
    "status": "Status",
    "supplier_name": "Leverantör",
    "target_value": "Målvärde",
    "tolerance": "Tolerans",
    "transaction_date": "Transaktionsdatum",
    "unit": "Enhet",
    "unit_code": "Ansvar",
    "valid_from": "Giltig från",
    "valid_from_year": "Från år",
    "valid_to": "Giltig till",
    "valid_to_year": "Till år",
    "value": "Värde",
    "version": "Version",
    "voucher_date": "Verifikationsdatum",
    "year": "År",
}


def show(column: str, value: Any) -> str:
    """Return ``value`` of ``column`` as a person reads it: öre as kronor, decimal comma, dates as dates."""
    if value is None:
        return "(tomt)"
    if column.endswith("_ore"):
        return kronor(int(value))
    if isinstance(value, float):
        return f"{value:.1f}".replace(".", ",")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | list | tuple):
        return ", ".join(show(column, each) for each in sorted(value))
    return str(value) if column in _READERS_WORDS else safe(column, str(value), words=column in _PUBLIC_WORDS)


def kronor(ore: int) -> str:
    """Return öre as kronor in Swedish form, grouped by no-break spaces: ``-1 234,50``."""
    whole, rest = divmod(abs(ore), 100)
    grouped = f"{whole:,}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{'-' if ore < 0 else ''}{grouped},{rest:02d}"


def safe(column: str, value: str, *, words: bool = False) -> str:
    """Return the text if it may be shown: a code or a figure, in a column that is not free text.

    ``words`` says that the file has no free text that could have slipped into this column, so that a remark may be
    shown too.
    """
    text = value.strip()
    if column in FREE_TEXT_COLUMNS or len(text) > 40 or _PERSONAL_NUMBER.search(text):
        return HIDDEN
    if words or _FIGURE.fullmatch(text):
        return text
    parts = text.split() if column == "voucher" else [text]
    is_code = not column.endswith(_FIGURE_COLUMNS) and all(_CODE.fullmatch(part) for part in parts)
    return text if is_code else HIDDEN


def finding(check: Check, row: Mapping[str, Any], parameters: Mapping[str, Any]) -> str:
    """Return the rule's finding filled with the row's values, with a parameter where the row has no such column.

    A column that the file lacks is ``(saknas)``: the rule that needs it says so.
    """
    known = {**parameters, **row}
    shown = {name: show(name, known[name]) if name in known else ABSENT for name in check.placeholders}
    return check.finding.format(**shown)


def unreadable(column: str, value: str, reason: str, *, words: bool = False) -> str:
    """Return a reader's reason for a value it could not type, with the value hidden if it may not be shown."""
    shown = safe(column, value, words=words) if value.strip() else "(tomt)"
    reason = reason.rstrip(". ")
    if shown == HIDDEN:
        reason = reason.replace(value, HIDDEN).replace(value.strip(), HIDDEN)
    if "," in column or shown in reason:
        return reason
    return f"{label(column)} {shown}{' ' if reason[:1].islower() else ': '}{reason}"


def label(column: str) -> str:
    """Return what people call a column."""
    return _LABELS.get(column, column)


def whole_file(where: str, found: Sequence[str], action: str, *, rejected: bool) -> str:
    """Return the message of a rule about the file: its findings, the first few spelled out, and what to do."""
    more = f"; och {len(found) - SPELLED_OUT} till" if len(found) > SPELLED_OUT else ""
    fate = "Filen är inte inläst" if rejected else "Detta är en varning"
    return f"{where}: {'; '.join(found[:SPELLED_OUT])}{more}. {fate}; {action}."


def of_rows(where: str, check: Check, row_nos: Sequence[int], found: Sequence[str], *, unseen: int = 0) -> str:
    """Return the message of a rule on rows: each thing found with its first row, what became of them, what to do.

    ``unseen`` counts further rows that fail the rule.
    """
    first: dict[str, int] = {}
    for row_no, text in zip(row_nos, found, strict=True):
        first.setdefault(text, row_no)
    named = [f"rad {row_no}: {text}" for text, row_no in islice(first.items(), SPELLED_OUT)]
    others = len(row_nos) + unseen - len(named)
    more = f"; och {others} rader till" if others else ""
    fate = "Satt i karantän" if check.severity == "critical" else "Detta är en varning"
    return f"{where} {'; '.join(named)}{more}. {fate}; {check.message}."


def not_tried(where: str, rule: str, reason: str, *, rejected: bool) -> str:
    """Return the message of a rule that could not be tried at all."""
    fate = " Filen är inte inläst; se kolumnerna i källans beskrivning." if rejected else ""
    return f"{where}: regeln {rule} kunde inte prövas: {reason}.{fate}"


def apart(message: str) -> tuple[str, str]:
    """Return what a message says is wrong and what it says to do, without what became of the file or row.

    Messages end with what to do, after a semicolon or as a sentence of its own; one of a single sentence says only
    what is wrong, and the second part is empty.
    """
    *_, fate = [None, *_FATE.finditer(message)]
    if fate:
        wrong, action = message[: fate.start()], message[fate.end() :]
    elif "; " in message:
        wrong, _, action = message.partition("; ")
    else:
        *before, last = re.split(r"(?<=\.) (?=[A-ZÅÄÖ])", message)
        wrong, action = (" ".join(before), last) if before else (last, "")
    action = action.strip()
    return wrong.strip().removesuffix("."), action[:1].upper() + action[1:]
