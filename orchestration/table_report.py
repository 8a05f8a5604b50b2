"""How a checked table is told: for a terminal and as JSON.

Belongs here: the words, the colours. Not here: checking (``table_check``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from orchestration.table_check import Compared, TableCheck
    from sources.printed_table import Cell, Conflict
    from sources.printed_table.conflicts import Suspect
    from sources.printed_table.relations import Relation

_STYLES = {"agrees": "green", "disagrees": "bold red", "absent": "bold red", "withheld": "bold red"}
_WORDS = {
    "absent": "finns inte i {mart}",
    "withheld": "visas inte i {mart}: gruppen är för liten eller skulle röja en sådan",
}


def show(console: Console, found: TableCheck) -> None:
    """Print the table in colour, what is wrong in words, and the verdict in one line."""
    console.print(_table(found), Text())
    lines = [*(Text(f"  • {line}") for line in findings(found)), *(Text(note, style="dim") for note in _notes(found))]
    for line in (*lines, _headline(found)):
        # Soft, since a number must not be broken at the space between its thousands.
        console.print(line, soft_wrap=True, highlight=False)


def as_json(found: TableCheck) -> str:
    """Return everything that was found: each cell, and what the table says of itself. Amounts are kronor, as text."""
    verdict = found.verdict
    content: dict[str, Any] = {
        "mart": found.mart,
        "board_code": found.board,
        "year": found.year,
        "is_well": found.is_well,
        "cells": [_cell_json(each) for each in found.compared],
        "findings": findings(found),
        "is_possible": verdict.is_possible if verdict else True,
        "relations": verdict.relations if verdict else None,
        "off_by_rounding": verdict.off_by_rounding if verdict else None,
        "conflicts": [_conflict_json(each) for each in verdict.conflicts] if verdict else [],
        "notes": _notes(found),
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def findings(found: TableCheck) -> list[str]:
    """Return one Swedish sentence per cell that does not agree, and per conflict within the table."""
    told = [_disagreement(each, found.mart) for each in found.compared if each.agreement != "agrees"]
    for conflict in found.verdict.conflicts if found.verdict else ():
        told += _conflict(conflict, found.printed.cells)
    return told


def _place(cell: Cell) -> str:
    return f"rad {cell.row_no}, {cell.label}, {cell.heading}"


def _disagreement(each: Compared, mart: str) -> str:
    shown = each.cell.shown(each.cell.steps)
    if each.agreement == "disagrees":
        return f"{_place(each.cell)}: {shown} ska vara {each.expected} enligt {mart}."
    return f"{_place(each.cell)}: {shown} {_WORDS[each.agreement].format(mart=mart)}."


def _conflict(conflict: Conflict, cells: Sequence[Cell]) -> list[str]:
    several = len(conflict.suspects) > conflict.fewest
    fewest = "ett tal" if conflict.fewest == 1 else f"{conflict.fewest} tal"
    head = [f"Minst {fewest} är fel bland dessa {len(conflict.suspects)}:"] if several else []
    return [*head, *(_suspicion(suspect, cells) for suspect in conflict.suspects)]


def _suspicion(suspect: Suspect, cells: Sequence[Cell]) -> str:
    cell = suspect.cell
    against = " och ".join(dict.fromkeys(_in_words(relation, cell, cells) for relation in suspect.broken))
    return f"{_place(cell)}: {cell.shown(cell.steps)} går inte ihop med {against or 'resten'}; {_possible(suspect)}."


def _possible(suspect: Suspect) -> str:
    cell, low, high = suspect.cell, suspect.low, suspect.high
    if low is None or high is None:
        return "vad som skulle stå säger tabellen inte"
    if low == high:
        return f"det som går är {cell.shown(low)}"
    return f"det som går är {cell.shown(low)} till {cell.shown(high)}"


def _in_words(relation: Relation, cell: Cell, cells: Sequence[Cell]) -> str:
    """Return a relation as people say it: a difference by its headings, a total by its row."""
    headings = {each.column: each.heading for each in cells}
    labels = {each.row: each.label for each in cells}
    section, row, column = relation.result
    if {key[:2] for key, _ in relation.terms} == {(section, row)}:
        (plus, _), (minus, _) = relation.terms
        return f"{headings[column]} = {headings[plus[2]]} − {headings[minus[2]]}"
    return "summan av sina rader" if row == cell.row else f"summan {labels.get(row, row)}"


def _headline(found: TableCheck) -> Text:
    verdict, count = found.verdict, len(found.printed.cells)
    if found.is_well and found.compared:
        return Text(f"✔ Alla {count} tal stämmer med {found.mart}, {found.board} {found.year}.", style="bold green")
    if found.compared:
        wrong = sum(each.agreement != "agrees" for each in found.compared)
        itself = "går ihop" if verdict and verdict.is_possible else "går inte heller ihop"
        said = f"✘ {wrong} av {count} tal stämmer inte med {found.mart}, {found.board} {found.year}"
        return Text(f"{said}. Tabellen {itself} i sig själv.", style="bold red")
    assert verdict is not None
    if verdict.is_possible:
        rounding = f"{verdict.off_by_rounding} av {verdict.relations} samband skiljer, av avrundning"
        return Text(f"✔ Tabellen går ihop: {count} tal; {rounding}.", style="bold green")
    fewest = sum(conflict.fewest for conflict in verdict.conflicts)
    return Text(f"✘ Tabellen går inte ihop: minst {fewest} av {count} tal är fel.", style="bold red")


def _notes(found: TableCheck) -> list[str]:
    left = found.printed.not_read
    return [*found.printed.notes, *([f"Kolumner som inte prövas: {', '.join(left)}."] if left else [])]


def _table(found: TableCheck) -> Table:
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    cells = found.printed.cells
    headings = dict.fromkeys((cell.column, cell.heading) for cell in cells)
    table.add_column("", overflow="fold")
    for _, heading in headings:
        table.add_column(Text(heading), justify="right", no_wrap=True)
    told = _styled(found)
    section = cells[0].section
    for row_no, label, part in dict.fromkeys((cell.row_no, cell.label, cell.section) for cell in cells):
        if part != section:
            table.add_section()
            section = part
        at = {cell.column: told[cell.key] for cell in cells if cell.row_no == row_no}
        table.add_row(Text(label), *(at.get(column, Text("–")) for column, _ in headings))
    return table


def _styled(found: TableCheck) -> dict[tuple[str, str, str], Text]:
    """Return each cell as it is printed, coloured; beside one that the marts say otherwise, what they say."""
    suspects = {s.cell.key for c in (found.verdict.conflicts if found.verdict else ()) for s in c.suspects}
    plain = {
        cell.key: Text(cell.shown(cell.steps), style="bold red" if cell.key in suspects else "")
        for cell in found.printed.cells
    }
    for each in found.compared:
        other = f" ({each.expected or '–'})" if each.agreement != "agrees" else ""
        plain[each.cell.key] = Text(each.cell.shown(each.cell.steps) + other, style=_STYLES[each.agreement])
    return plain


def _cell_json(each: Compared) -> dict[str, Any]:
    cell = each.cell
    return {
        **_where(cell),
        "printed": str(cell.printed),
        "agreement": each.agreement,
        "published": None if each.published is None else str(each.published),
        "expected": each.expected,
    }


def _where(cell: Cell) -> dict[str, Any]:
    return {"row_no": cell.row_no, "section": cell.section, "row": cell.label, "column": cell.column}


def _conflict_json(conflict: Conflict) -> dict[str, Any]:
    return {
        "fewest": conflict.fewest,
        "suspects": [
            {**_where(each.cell), "printed": str(each.cell.printed), **_ends(each.cell, (each.low, each.high))}
            for each in conflict.suspects
        ],
    }


def _ends(cell: Cell, ends: Iterable[int | None]) -> dict[str, str | None]:
    """Return what could stand there, in printed units."""
    numbers = [None if end is None else str(end * cell.step / cell.factor) for end in ends]
    return dict(zip(("possible_from", "possible_to"), numbers, strict=True))
