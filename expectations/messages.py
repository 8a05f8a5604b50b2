"""Write what a rule found, in Swedish, for the one who is to put it right.

    ledger/KS_2023.se rad 1841: verifikat A 212 summerar till 12,50, ska vara 0. Verifikatet är satt i karantän; rätta …

Belongs here: the sentences around a rule's own ``finding`` and ``message``, how values are shown, and which may be
shown at all. Not here: which rows are concerned (``quarantine``). Values are never free text and never what may name
a person: a field that has slipped a column can hold either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from expectations.loader import FREE_TEXT_COLUMNS, Check

HIDDEN = "(dolt värde)"
#: How many findings a message about a whole file spells out.
SPELLED_OUT = 5

_PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:\d{2})?\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[6-8]\d|9[01])[-+]?\d{4}(?!\d)")
_CODE = re.compile(r"[^\W_][\w.:/\-]{0,15}")
_FIGURE = re.compile(r"[\d\s.,:;/+\-−–%'()]*[A-Za-zÅÄÖåäö]{0,3}[\d\s.,:;/+\-−–%'()]*")


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
    return safe(column, str(value))


def kronor(ore: int) -> str:
    """Return öre as kronor in Swedish form, grouped by no-break spaces: ``-1 234,50``."""
    whole, rest = divmod(abs(ore), 100)
    grouped = f"{whole:,}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{'-' if ore < 0 else ''}{grouped},{rest:02d}"


def safe(column: str, value: str) -> str:
    """Return the text if it may be shown: a code or a figure, in a column that is not free text."""
    text = value.strip()
    if column in FREE_TEXT_COLUMNS or len(text) > 40 or _PERSONAL_NUMBER.search(text):
        return HIDDEN
    return text if _CODE.fullmatch(text) or _FIGURE.fullmatch(text) else HIDDEN


def finding(check: Check, row: Mapping[str, Any], parameters: Mapping[str, Any]) -> str:
    """Return the rule's finding filled with the row's values, parameters where the row has no such column."""
    values = {name: row[name] if name in row else parameters[name] for name in check.placeholders}
    return check.finding.format(**{name: show(name, value) for name, value in values.items()})


def unreadable(column: str, value: str, reason: str) -> str:
    """Return a reader's reason for a value it could not type, with the value hidden if it may not be shown."""
    shown = safe(column, value) if value.strip() else "(tomt)"
    reason = reason.rstrip(". ")
    if shown == HIDDEN:
        reason = reason.replace(value, HIDDEN).replace(value.strip(), HIDDEN)
    if "," in column or shown in reason:
        return reason
    return f"{column} {shown}{' ' if reason[:1].islower() else ': '}{reason}"


def whole_file(where: str, found: Iterable[str], action: str, *, rejected: bool) -> str:
    """Return the message of a rule about the file: its findings, the first few spelled out, and what to do."""
    fate = "Filen är inte inläst" if rejected else "Filen är inläst"
    return f"{where}: {_few(list(found))}. {fate}; {action}."


def of_rows(where: str, check: Check, row_nos: Sequence[int], found: Sequence[str]) -> str:
    """Return the message of a rule on rows: the first of them, how many more, what became of them, what to do."""
    named = [f"rad {row_no}: {text}" for row_no, text in zip(row_nos, found, strict=True)]
    fate = "Satt i karantän" if check.severity == "critical" else "Inläst ändå"
    return f"{where} {_few(named)}. {fate}; {check.message}."


def not_tried(where: str, rule: str, reason: str, *, rejected: bool) -> str:
    """Return the message of a rule that could not be tried at all."""
    fate = " Filen är inte inläst; se kolumnerna i källans beskrivning." if rejected else ""
    return f"{where}: regeln {rule} kunde inte prövas: {reason}.{fate}"


def _few(texts: Sequence[str]) -> str:
    spelled = "; ".join(texts[:SPELLED_OUT])
    return spelled if len(texts) <= SPELLED_OUT else f"{spelled}; och {len(texts) - SPELLED_OUT} till"
