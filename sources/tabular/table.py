"""A file to ``TextTable``: the header found, everything around the rows set aside, counted and said.

Belongs here: header row, choice of separator and sheet, totals, notes, blank rows. Not here: types and meaning. What
is left out is always in ``facts``, by row number and never by content: notes may name people.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sources.reading import Rejected
from sources.tabular.csv_rows import (
    SEPARATORS,
    Row,
    csv_rows,
    first_rows,
    hinted_separator,
    reject_other_formats,
    separator_name,
)
from sources.tabular.encoding import decode, mojibake
from sources.tabular.values import folded, is_missing, parse_number
from sources.tabular.workbook import is_workbook, workbook_rows

# A header further down than this is no header.
HEADER_SOUGHT_IN_ROWS = 100
_TOTAL_WORDS = frozenset({"summa", "summor", "totalt", "total", "totalsumma", "delsumma"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """The folded headers that a source knows, and those of them that hold amounts."""

    headers: frozenset[str]
    amounts: frozenset[str] = frozenset()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextTable:
    """One row per data row of the file, every cell as it was written.

    ``columns[i]`` holds the cells under ``headers[i]``, which is column ``places[i]`` of the file, from 1; ``row_nos``
    are the rows' physical lines or sheet rows.
    ``totals`` are the total rows left out. ``overfull`` maps the number of a row with more cells than headers to its
    count of cells: what stands in such a row may be shifted.
    """

    headers: tuple[str, ...]
    places: tuple[int, ...]
    row_nos: tuple[int, ...]
    columns: tuple[tuple[str, ...], ...]
    totals: tuple[Row, ...]
    overfull: Mapping[int, int]
    facts: Mapping[str, str]


def read_table(
    data: bytes,
    file_name: str,
    wanted: Wanted,
    *,
    encoding: str | None = None,
    sheets: Callable[[str], bool] = lambda _: True,
) -> TextTable:
    """Return the table of a CSV or Excel file whose header matches ``wanted`` best.

    The bytes decide what the file is; ``file_name`` only tells a workbook that is none. ``sheets`` tells by its name
    whether a workbook's sheet may hold the table. Raises ``Rejected`` for an empty file, something that is no table, a
    missing header, and a header without rows.
    """
    if is_workbook(data, file_name):
        rows, facts = _from_workbook(data, file_name, wanted, sheets)
    else:
        rows, facts = _from_text(data, wanted, encoding)
    return _table(rows, facts, wanted)


def read_sheets(
    data: bytes, file_name: str, wanted: Mapping[str, Wanted], *, may_be_empty: Collection[str] = ()
) -> dict[str, TextTable]:
    """Return one table for each sheet that ``wanted`` names, from a workbook that holds several.

    Sheets are known by name, however it is spelt; the others are not read. Those that ``may_be_empty`` may also be
    absent, and are then left out. Raises ``Rejected`` where the file is no workbook, lacks a sheet, or as
    ``read_table`` does, naming the sheet.
    """
    if not is_workbook(data, file_name):
        raise Rejected("Filen är ingen Excel-arbetsbok; skicka arbetsboken med alla blad, inte ett blad som CSV.")
    sheets = {folded(name): rows for name, rows in workbook_rows(data, file_name).items()}
    tables: dict[str, TextTable] = {}
    for name, sought in wanted.items():
        rows = list(enumerate(sheets.get(folded(name), []), start=1))
        filled = [row for row in rows if any(map(str.strip, row[1]))]
        if name in may_be_empty and (not filled or _header_index(rows, sought) == filled[-1][0] - 1):
            continue
        if folded(name) not in sheets:
            raise Rejected(f"Bladet {name} saknas; lägg till det. Arbetsboken ska ha bladen {', '.join(wanted)}.")
        try:
            tables[name] = _table(rows, {"sheet": name}, sought)
        except Rejected as reason:
            raise Rejected(f"Bladet {name}: {reason}") from None
    return tables


def _from_text(data: bytes, wanted: Wanted, encoding: str | None) -> tuple[list[Row], dict[str, str]]:
    decoded = decode(data, encoding)
    reject_other_formats(decoded.text)
    separator = hinted_separator(decoded.text) or _separator(decoded.text, wanted)
    facts = {
        "encoding": decoded.encoding,
        "encoding_evidence": decoded.evidence,
        "separator": separator_name(separator),
    }
    if sign := mojibake(decoded.text):
        facts["encoding_warning"] = f"texten innehåller {sign}: den var förvanskad redan när filen skrevs"
    return list(csv_rows(decoded.text, separator)), facts


def _separator(text: str, wanted: Wanted) -> str:
    """Return the separator that brings out most wanted headers, then most cells; ties go to the first listed."""

    def score(separator: str) -> tuple[int, int]:
        rows = first_rows(text, separator, HEADER_SOUGHT_IN_ROWS)
        matches = max((_matches(cells, wanted) for _, cells in rows), default=0)
        return matches, max((len(cells) for _, cells in rows), default=0)

    return max(SEPARATORS, key=score)


def _from_workbook(
    data: bytes, file_name: str, wanted: Wanted, may_hold: Callable[[str], bool]
) -> tuple[list[Row], dict[str, str]]:
    every = workbook_rows(data, file_name)
    sheets = {name: rows for name, rows in every.items() if may_hold(name)}
    scores = {
        name: max((_matches(cells, wanted) for cells in rows[:HEADER_SOUGHT_IN_ROWS]), default=0)
        for name, rows in sheets.items()
    }
    best = max(scores.values(), default=0)
    chosen = [name for name, score in scores.items() if score == best]
    if not any(any(map(str.strip, cells)) for rows in sheets.values() for cells in rows):
        raise Rejected("Arbetsboken är tom; exportera den igen och kontrollera att rader kommer med.")
    if len(chosen) > 1 and best > 1:
        raise Rejected(f"Bladen {' och '.join(chosen)} har samma rubriker; skicka ett blad per arbetsbok.")
    facts = {"sheet": chosen[0]}
    if others := [name for name in every if name != chosen[0]]:
        facts["sheets_not_read"] = ", ".join(others)
    return list(enumerate(sheets[chosen[0]], start=1)), facts


def _matches(cells: Iterable[str], wanted: Wanted) -> int:
    return len({folded(cell) for cell in cells if cell} & wanted.headers)


def _table(rows: Sequence[Row], facts: dict[str, str], wanted: Wanted) -> TextTable:
    at = _header_index(rows, wanted)
    header_row, header_cells = rows[at]
    filled = [(no, cells) for no, cells in rows[at + 1 :] if any(map(str.strip, cells))]
    width = max((place for place, cell in enumerate(header_cells, 1) if cell.strip()), default=0)
    amounts = {place for place, cell in enumerate(header_cells) if folded(cell) in wanted.amounts}
    kept, totals, notes = _set_aside(filled, amounts)
    if not kept:
        raise Rejected(f"Filen har rubriker (rad {header_row}) men inga rader; exportera den igen.")
    facts |= _row_facts(rows[: at + 1], totals, notes, blank=len(rows) - at - 1 - len(filled))
    overfull = _overfull(kept, width, len(header_cells) if facts.get("separator") == "," else None)
    if len(overfull) > len(kept) / 2:
        raise Rejected(
            f"De flesta rader har fler fält än rubrikraden ({width}). Står skiljetecknet också inne i värdena, som "
            "decimalkomma: exportera med semikolon. Annars: ge alla kolumner rubriker."
        )
    headers, places, columns = _columns(header_cells[:width], [cells for _, cells in kept])
    return TextTable(headers, places, tuple(no for no, _ in kept), columns, tuple(totals), overfull, facts)


def _header_index(rows: Sequence[Row], wanted: Wanted) -> int:
    sought = rows[:HEADER_SOUGHT_IN_ROWS]
    at = max(range(len(sought)), key=lambda place: _matches(sought[place][1], wanted), default=0)
    if not sought or _matches(sought[at][1], wanted) < min(2, len(wanted.headers)):
        # Counted, not quoted: a list without headers in the wrong inbox may start with a person.
        first_no, first = next(((no, cells) for no, cells in rows if any(map(str.strip, cells))), (0, []))
        expected = ", ".join(wanted.examples or sorted(wanted.headers))
        raise Rejected(
            f"Ingen rubrikrad hittades; lägg till en. Väntade kolumner: {expected}. "
            f"Första raden med innehåll (rad {first_no}) har {len(first)} fält."
        )
    return at


def _columns(
    headers: Sequence[str], rows: Sequence[list[str]]
) -> tuple[tuple[str, ...], tuple[int, ...], tuple[tuple[str, ...], ...]]:
    """Return headers, places and cells, column by column; a column with neither header nor values is left out."""
    width = len(headers)
    padded = (cells[:width] + [""] * (width - len(cells)) for cells in rows)
    kept = [
        (header.strip() or f"(kolumn {place} utan rubrik)", place, column)
        for place, (header, column) in enumerate(zip(headers, zip(*padded, strict=True), strict=True), start=1)
        if header.strip() or any(map(str.strip, column))
    ]
    return tuple(each[0] for each in kept), tuple(each[1] for each in kept), tuple(each[2] for each in kept)


def _overfull(rows: Sequence[Row], width: int, commas: int | None) -> dict[int, int]:
    """Return the count of cells of each row that has values after the last header.

    Empty cells after it are only how Excel and many systems pad a line. Not between commas (``commas`` cells in the
    header row): there one cell too many is how ``100,50`` looks, and what it pushes out may well be empty.
    """
    return {
        no: len(cells)
        for no, cells in rows
        if any(cell.strip() for cell in cells[width:]) or (commas is not None and len(cells) > commas)
    }


def _set_aside(rows: Sequence[Row], amounts: set[int]) -> tuple[list[Row], list[Row], list[Row]]:
    """Return data rows, total rows and notes.

    A row is a total anywhere if its first words say so, else only at the end and with nothing but amounts; a note
    is a single cell of several words after the last data row. The same in the middle of the table is a row with faults.
    """
    totals = [row for row in rows if amounts and _says_total(row[1])]
    taken = {no for no, _ in totals}
    notes: list[Row] = []
    kept = [row for row in rows if row[0] not in taken]
    while kept:
        cells = {place: cell for place, cell in enumerate(kept[-1][1]) if cell.strip()}
        if cells.keys() <= amounts and all(_is_number(cell) for cell in cells.values()):
            totals.append(kept.pop())
        elif len(cells) == 1 and all(_is_sentence(cell) for cell in cells.values()):
            notes.append(kept.pop())
        else:
            break
    return kept, sorted(totals), sorted(notes)


def _says_total(cells: Sequence[str]) -> bool:
    first = next((cell for cell in cells if cell.strip()), "")
    return folded(first.split()[0]) in _TOTAL_WORDS


def _is_sentence(cell: str) -> bool:
    return len(cell.split()) > 1 and any(char.isalpha() for char in cell)


def _is_number(cell: str) -> bool:
    try:
        return parse_number(cell) is not None
    except ValueError:
        return is_missing(cell)


def _row_facts(above: Sequence[Row], totals: Sequence[Row], notes: Sequence[Row], blank: int) -> dict[str, str]:
    facts = {"header_row": str(above[-1][0])}
    if preamble := [row for row in above[:-1] if any(map(str.strip, row[1]))]:
        facts["rows_before_header"] = str(len(preamble))
    for name, rows in (("total_rows_left_out", totals), ("note_rows_left_out", notes)):
        if rows:
            facts[name] = f"{len(rows)} (rad {', '.join(str(no) for no, _ in rows)})"
    if blank:
        facts["blank_rows_left_out"] = str(blank)
    return facts
