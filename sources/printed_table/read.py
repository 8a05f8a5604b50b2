"""Read a table as it is printed in a report.

    CSV or Excel  ->  ``Printed``: every number with its row, its column and what its last digit counts

Belongs here: rows, numbers and units of such a table, and which kind of table it is. Not here: the headings
(``headings``), the order of a tree (``levels``). A number that cannot be read is never left out: the file is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sources.printed_table.cells import MONEY_UNITS, Cell, Known, Printed
from sources.printed_table.headings import LEVEL, PARENT, SECTION, Header, find_header, meaning
from sources.printed_table.levels import Node, totals
from sources.reading import Rejected
from sources.tabular.csv_rows import SEPARATORS, Row, csv_rows, first_rows, hinted_separator, reject_other_formats
from sources.tabular.encoding import decode
from sources.tabular.marks import read_marks, reference
from sources.tabular.values import folded, parse_number
from sources.tabular.workbook import is_workbook, workbook_rows

_ROWS_JUDGED = 100


@dataclass(frozen=True, slots=True)
class _Line:
    """One row with numbers: where it stands, what places and names it, and its numbers by column."""

    row_no: int
    section: str
    names: tuple[str, ...]
    level: str
    parent: str
    numbers: dict[str, Decimal]


def read_printed_table(data: bytes, file_name: str, kinds: Sequence[Known], *, unit: str | None = None) -> Printed:
    """Return the table of a file as the one of ``kinds`` that knows most of its rows.

    ``unit`` (kr, tkr, mnkr) is what amounts are counted in where the file does not say; an amount's own heading goes
    before. A cell that is empty or holds a dash prints nothing. Raises ``Rejected`` for a file without such a table:
    no headings, no numbers, text where a number belongs, a row that is unknown, unnamed or stands twice, merged cells,
    amounts without a unit.
    """
    rows, sheet = _rows(data, file_name)
    header = find_header(rows)
    if sheet is not None:
        _reject_merged(data, sheet, rows[header.at][0])
    body = rows[header.at + 1 :]
    _reject_unnamed_columns(body, header)
    lines = list(_lines(body, header, kinds))
    if not any(line.numbers for line in lines):
        raise Rejected("Tabellen har rubriker men inga tal; kontrollera att den är sparad med värden.")
    known = _kind(lines, kinds, header)
    coded = [(line, *_code(line, known)) for line in lines]
    _reject_twice([(line, code) for line, code, _ in coded])
    told = dict(known.totals) if known.rows is not None else totals([_node(line, code) for line, code, _ in coded])
    notes = () if told or known.rows is not None else ("Tabellen visar inga nivåer, så summorna prövas inte.",)
    not_read = tuple(name for place, name in header.unknown.items() if name and any(_number_at(body, place)))
    return Printed(known, tuple(_cells(coded, header, known, unit)), told, header.year, not_read, notes)


def _rows(data: bytes, file_name: str) -> tuple[list[Row], str | None]:
    """Return the rows of the file, and the sheet they stand in: the one with most headings that are known."""
    if is_workbook(data, file_name):
        sheets = workbook_rows(data, file_name)
        scores = {name: max(map(_known_headings, rows), default=0) for name, rows in sheets.items()}
        best = [name for name, score in scores.items() if score == max(scores.values()) and score]
        if len(best) > 1:
            raise Rejected(f"Bladen {' och '.join(best)} har samma rubriker; skicka ett blad per arbetsbok.")
        return (list(enumerate(sheets[best[0]], start=1)), best[0]) if best else ([], None)
    text = decode(data).text
    reject_other_formats(text)

    def score(separator: str) -> int:
        return max((_known_headings(cells) for _, cells in first_rows(text, separator, _ROWS_JUDGED)), default=0)

    return list(csv_rows(text, hinted_separator(text) or max(SEPARATORS, key=score))), None


def _known_headings(cells: Sequence[str]) -> int:
    return len({name for cell in cells if (name := meaning(cell))})


def _reject_merged(data: bytes, sheet: str, header_row: int) -> None:
    """Raise ``Rejected`` for merged cells in the table, whose places look empty; a title above may well be merged."""
    for first, last in read_marks(data, sheet).merged:
        if last[0] >= header_row:
            where = f"{reference(first)}:{reference(last)}"
            raise Rejected(f"Cellerna {where} är sammanfogade; dela upp dem så att varje tal står i sin cell.")


def _reject_unnamed_columns(body: Sequence[Row], header: Header) -> None:
    for place, name in header.unknown.items():
        if not name and (row_no := next(_number_at(body, place), None)):
            raise Rejected(f"Rad {row_no}: kolumn {place + 1} har tal men ingen rubrik; skriv en rubrik över den.")


def _number_at(body: Sequence[Row], place: int) -> Iterator[int]:
    """Yield the numbers of the rows that have a number at a place."""
    for row_no, cells in body:
        try:
            if place < len(cells) and parse_number(cells[place]) is not None:
                yield row_no
        except ValueError:
            continue


def _lines(body: Sequence[Row], header: Header, kinds: Sequence[Known]) -> Iterator[_Line]:
    """Yield the rows with numbers; a row that only names a part of a stacked table begins it, other rows are notes."""
    sections = {name: code for known in kinds for name, code in known.sections.items()}
    current = ""
    for row_no, cells in body:
        padded = [*cells, *[""] * (1 + max(column.place for column in header.columns) - len(cells))]
        names = tuple(padded[place] for place in header.names)
        if all(meaning(padded[column.place]) for column in header.columns):
            continue  # the headings again, over the next part
        numbers = _numbers(row_no, padded, header)
        named = [name for name in names if name.strip()]
        if not numbers:
            current = next((sections[folded(name)] for name in named if folded(name) in sections), current)
            continue
        if not named:
            raise Rejected(f"Rad {row_no}: raden har tal men inget namn; skriv vilken rad det är.")
        written = _at(padded, header, SECTION)
        if written and folded(written) not in sections:
            raise Rejected(f"Rad {row_no}: verksamhetsdelen {written} är okänd; kända är {_listed(sections)}.")
        section = sections[folded(written)] if written else current
        yield _Line(row_no, section, names, _at(padded, header, LEVEL), _at(padded, header, PARENT), numbers)


def _at(cells: Sequence[str], header: Header, name: str) -> str:
    return cells[header.places[name]].strip() if name in header.places else ""


def _numbers(row_no: int, cells: Sequence[str], header: Header) -> dict[str, Decimal]:
    numbers: dict[str, Decimal] = {}
    for column in header.columns:
        try:
            number = parse_number(cells[column.place])
        except ValueError as reason:
            text = cells[column.place].strip()
            raise Rejected(f"Rad {row_no}, kolumnen {column.heading}: {text!r} {reason}.") from None
        if number is not None:
            numbers[column.name] = number
    return numbers


def _kind(lines: Sequence[_Line], kinds: Sequence[Known], header: Header) -> Known:
    """Return the kind that knows most rows; one of any rows where the table tells levels or nobody knows half of it."""
    if len(kinds) == 1:
        return kinds[0]
    any_rows = next((known for known in kinds if known.rows is None), None)
    if any_rows is not None and LEVEL in header.places:
        return any_rows
    counts = [sum(_match(line, known) is not None for line in lines) for known in kinds]
    best = max(range(len(kinds)), key=lambda place: counts[place])
    return any_rows if any_rows is not None and 2 * counts[best] < len(lines) else kinds[best]


def _match(line: _Line, known: Known) -> tuple[str, str] | None:
    """Return the code and the name of a row that is known, by one of its names or two beside each other."""
    rows = known.rows or {}
    pairs = [f"{one.strip()} {two.strip()}" for one, two in zip(line.names, line.names[1:], strict=False)]
    # The last is taken: a code is written before the name that people read.
    found = [(rows[folded(name)], name.strip()) for name in (*pairs, *line.names) if folded(name) in rows]
    return found[-1] if found else None


def _code(line: _Line, known: Known) -> tuple[str, str]:
    """Return the code of a row, and the name it is printed under with its indentation."""
    if known.rows is None:
        label = next(name for name in line.names if name.strip())
        return folded(label), label
    if found := _match(line, known):
        return found
    label = next(name.strip() for name in line.names if name.strip())
    raise Rejected(f"Rad {line.row_no}: raden {label} är okänd i tabellen; kända är {_listed(known.rows)}.")


def _listed(names: Mapping[str, str]) -> str:
    return ", ".join(dict.fromkeys(names.values()))


def _reject_twice(coded: Sequence[tuple[_Line, str]]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for line, code in coded:
        key = (line.section, code)
        if key in seen:
            name = next(name.strip() for name in line.names if name.strip())
            raise Rejected(f"Raden {name} står två gånger (rad {seen[key]} och {line.row_no}); skilj dem åt.")
        seen[key] = line.row_no


def _node(line: _Line, code: str) -> Node:
    label = next(name for name in line.names if name.strip())
    return Node(code, label, line.level, line.parent)


def _cells(coded: Sequence[tuple[_Line, str, str]], header: Header, known: Known, unit: str | None) -> Iterator[Cell]:
    """Yield the cells; amounts in one unit are all printed with as many decimals as the finest of them."""
    factors = {column.name: _factor(column.unit or unit or header.unit, known) for column in header.columns}
    finest: dict[Decimal, int] = {}
    for line, _, _ in coded:
        for name, number in line.numbers.items():
            finest[factors[name]] = max(finest.get(factors[name], 0), _decimals(number))
    for line, code, label in coded:
        for column in header.columns:
            printed = line.numbers.get(column.name)
            if printed is None:
                continue
            factor = factors[column.name]
            step = factor.scaleb(-(finest[factor] if known.is_money else _decimals(printed)))
            named = label.strip(), column.heading
            yield Cell(line.row_no, line.section, code, column.name, *named, printed, step, factor)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _factor(unit: str | None, known: Known) -> Decimal:
    if not known.is_money:
        return Decimal(1)
    if unit is None or unit.casefold() not in MONEY_UNITS:
        raise Rejected("Tabellen säger inte vilken enhet beloppen har; skriv (tkr) över den, eller ange --unit tkr.")
    return Decimal(MONEY_UNITS[unit.casefold()])
