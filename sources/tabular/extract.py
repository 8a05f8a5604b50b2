"""A file to text columns: CSV, Parquet or Excel, vectorised, every row with its number.

Belongs here: what the bytes are, where the header is, rows of the wrong width, the number of each row. Not here: what
a column is called by us and what its cells mean (each source). Python sees no row that is in order: ten million rows
are split by Arrow, and columns that are not asked for are not read. Import where used (polars, pyarrow).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from sources.reading import Rejected
from sources.tabular.csv_rows import SEPARATORS, Row, first_rows, hinted_separator, reject_other_formats, separator_name
from sources.tabular.encoding import decode, mojibake
from sources.tabular.table import HEADER_SOUGHT_IN_ROWS, Wanted, read_table
from sources.tabular.values import folded
from sources.tabular.workbook import is_workbook

PARQUET = b"PAR1"
ROW_NO = "row_no"
# A Parquet file says how much it holds before anything is unpacked: a small one may claim anything.
MAX_PARQUET_CELLS = 3_000_000_000
_TOTAL = r"(?i)^(summa|summor|totalt?|totalsumma|delsumma)$"
_BLANKS = " \t\u00a0\u202f\r\n"
_BLOCK_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class Texts:
    """Columns of an extract as text: ``frame`` has ``row_no`` and the columns asked for, null where a cell is empty.

    ``odd`` maps the number of a row whose count of cells is not that of the header to its count: what stands in such
    a row may be shifted or cut off. ``facts`` are findings for people.
    """

    frame: pl.DataFrame
    odd: Mapping[int, int]
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ExtractFile:
    """A file that has been opened: its headers in order, and a way to its columns.

    ``texts(places)`` reads the columns at these places under the names ``c<place>``.
    """

    headers: tuple[str, ...]
    texts: Callable[[Sequence[int]], Texts]


def open_extract(data: bytes, file_name: str, wanted: Wanted, *, encoding: str | None = None) -> ExtractFile:
    """Open an extract; the bytes decide what it is.

    Raises ``Rejected`` for an empty file, something that is no table, a table without a header that is ``wanted``, and
    a header without rows.
    """
    if data.startswith(PARQUET):
        return _open_parquet(data)
    if is_workbook(data, file_name):
        return _open_workbook(data, file_name, wanted)
    return _open_csv(data, wanted, encoding)


def _open_parquet(data: bytes) -> ExtractFile:
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError):
        raise Rejected("Parquetfilen är skadad eller avbruten; exportera den igen.") from None
    rows, schema = file.metadata.num_rows, file.schema_arrow
    if not rows:
        raise Rejected("Filen har kolumner men inga rader; exportera den igen.")
    if rows * max(len(schema), 1) > MAX_PARQUET_CELLS:
        raise Rejected(f"Parquetfilen säger sig ha {rows} rader; dela upp den per år.")

    def texts(places: Sequence[int]) -> Texts:
        names = [schema.names[place] for place in places]
        try:
            table = file.read(columns=names)
        except MemoryError:
            # Arrow's own is both: it is not the file that is broken.
            raise
        except (pa.ArrowException, OSError, ValueError):
            raise Rejected("Parquetfilen är skadad eller avbruten; exportera den igen.") from None
        columns = {f"c{place}": _as_text(table[name], name) for place, name in zip(places, names, strict=True)}
        return Texts(_numbered(pl.DataFrame(columns), pl.int_range(1, rows + 1, eager=True)), {}, {})

    return ExtractFile(tuple(schema.names), texts)


def _as_text(column: pa.ChunkedArray, name: str) -> pl.Series:
    """Return a typed column as it would be written: ISO dates, exact decimals, empty text as null."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise Rejected(f"Kolumnen {name} har typen {kind}; exportera den som text, tal eller datum.")
    series = pl.Series(column.cast(kind))
    if series.dtype.is_float():
        # Six decimals are exact up to a thousand million kronor; what float arithmetic leaves after them is noise.
        series = series.fill_nan(None).round(6).cast(pl.Decimal(38, 6), strict=False)
    text = series.dt.strftime("%Y-%m-%d") if series.dtype == pl.Datetime else series.cast(pl.String)
    return text.str.strip_chars().replace("", None)


def _open_workbook(data: bytes, file_name: str, wanted: Wanted) -> ExtractFile:
    table = read_table(data, file_name, wanted)

    def texts(places: Sequence[int]) -> Texts:
        columns = {f"c{place}": pl.Series(table.columns[place], dtype=pl.String) for place in places}
        return Texts(_numbered(_blank_is_null(pl.DataFrame(columns)), list(table.row_nos)), table.overfull, table.facts)

    return ExtractFile(table.headers, texts)


def _open_csv(data: bytes, wanted: Wanted, encoding: str | None) -> ExtractFile:
    decoded = decode(data, encoding)
    reject_other_formats(decoded.text)
    separator = hinted_separator(decoded.text) or max(SEPARATORS, key=lambda each: _score(decoded.text, each, wanted))
    header_line, header, first = _header(first_rows(decoded.text, separator, HEADER_SOUGHT_IN_ROWS + 1), wanted)
    facts = {
        "encoding": decoded.encoding,
        "encoding_evidence": decoded.evidence,
        "separator": separator_name(separator),
    }
    if sign := mojibake(decoded.text):
        facts["encoding_warning"] = f"texten innehåller {sign}: den var förvanskad redan när filen skrevs"
    # Bytes that are UTF-8 already are split as they are: a copy of a large file is a gigabyte.
    utf8 = data if decoded.encoding in {"ascii", "utf-8", "utf-8-sig"} else decoded.text.encode()
    padded = len(first) > len(header) and not any(cell.strip() for cell in first[len(header) :])
    width = len(first) if padded else len(header)
    headers = tuple(cell.strip() for cell in header)

    def texts(places: Sequence[int]) -> Texts:
        return _split(utf8, separator, header_line, width, places, facts)

    return ExtractFile(headers, texts)


def _score(text: str, separator: str, wanted: Wanted) -> tuple[int, int]:
    rows = first_rows(text, separator, HEADER_SOUGHT_IN_ROWS)
    return (
        max((_matches(cells, wanted) for _, cells in rows), default=0),
        max((len(cells) for _, cells in rows), default=0),
    )


def _matches(cells: Sequence[str], wanted: Wanted) -> int:
    return len({folded(cell) for cell in cells if cell} & wanted.headers)


def _header(rows: Sequence[Row], wanted: Wanted) -> tuple[int, list[str], list[str]]:
    """Return the line of the header, its cells and those of the row after it; raises ``Rejected`` without either."""
    sought = rows[:HEADER_SOUGHT_IN_ROWS]
    at = max(range(len(sought)), key=lambda place: _matches(sought[place][1], wanted), default=0)
    if not sought or _matches(sought[at][1], wanted) < 2:
        known = " eller ".join(wanted.examples)
        raise Rejected(f"Ingen rubrikrad hittades; exportera med kolumnernas namn i första raden ({known}).")
    after = [cells for _, cells in rows[at + 1 :] if any(cell.strip() for cell in cells)]
    if not after:
        raise Rejected(f"Filen har rubriker (rad {sought[at][0]}) men inga rader; exportera den igen.")
    return sought[at][0], sought[at][1], after[0]


def _split(
    data: bytes, separator: str, header_line: int, width: int, places: Sequence[int], facts: Mapping[str, str]
) -> Texts:
    used = [f"c{place}" for place in places]
    frame, odd = _by_arrow(data, separator, header_line, width, used)
    _refuse_open_quotes(odd)
    lines = _lines(data, separator, header_line, frame.height + len(odd))
    strange = [row.number - header_line - 1 for row in odd]
    frame = _numbered(frame, lines.gather(_all_but(strange, len(lines))))
    cut = [_cells(row.text, separator, width) for row in odd]
    counts = {lines[place]: count for place, (_, count) in zip(strange, cut, strict=True) if count}
    if cut:
        columns = {f"c{place}": [cells[place] for cells, _ in cut] for place in places}
        torn = _numbered(pl.DataFrame(columns, dict.fromkeys(used, pl.String)), lines.gather(strange))
        frame = pl.concat([frame, torn]).sort(ROW_NO)
    return _tidied(frame, counts, width, facts)


def _by_arrow(
    data: bytes, separator: str, header_line: int, width: int, used: Sequence[str]
) -> tuple[pl.DataFrame, list[pacsv.InvalidRow]]:
    """Return the columns ``used`` of the rows after the header, and the rows that are not ``width`` cells wide."""
    odd: list[pacsv.InvalidRow] = []

    def keep(row: pacsv.InvalidRow) -> str:
        odd.append(row)
        return "skip"

    # Threads would leave the odd rows without numbers.
    read = pacsv.ReadOptions(
        use_threads=False,
        skip_rows=header_line,
        column_names=[f"c{place}" for place in range(width)],
        block_size=_BLOCK_BYTES,
    )
    parse = pacsv.ParseOptions(
        delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep
    )
    convert = pacsv.ConvertOptions(
        column_types=dict.fromkeys(used, pa.string()), include_columns=used, strings_can_be_null=False, check_utf8=False
    )
    table = pacsv.read_csv(pa.BufferReader(data), read_options=read, parse_options=parse, convert_options=convert)
    return pl.DataFrame(pl.from_arrow(table)), odd


def _refuse_open_quotes(odd: Sequence[pacsv.InvalidRow]) -> None:
    """Raise ``Rejected`` where a row of the wrong width spans lines: an open quote has swallowed the rows after it."""
    for row in odd:
        if "\n" in row.text.strip("\r\n"):
            reason = f'Rad {row.number}: citattecknen (") går inte ihop; ta bort dem eller dubbla dem i källan.'
            raise Rejected(reason)


def _lines(data: bytes, separator: str, header_line: int, records: int) -> pl.Series:
    """Return the physical line each record after the header starts on."""
    if data.count(b"\n") - header_line - records in {-1, 0} or b"\n" not in data:
        return pl.int_range(header_line + 1, header_line + records + 1, dtype=pl.Int64, eager=True)
    # Quoted texts that span lines: only a pass over the rows tells.
    reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator)
    starts = [1]
    starts.extend(reader.line_num + 1 for _ in reader)
    return pl.Series([line for line in starts[:-1] if line > header_line][:records], dtype=pl.Int64)


def _all_but(places: Sequence[int], count: int) -> pl.Series:
    every = pl.int_range(count, eager=True)
    return every.filter(~every.is_in(list(places))) if places else every


def _cells(text: str, separator: str, width: int) -> tuple[list[str | None], int]:
    """Return a row's cells padded or cut to ``width``, and its count where that is wrong: empty cells at the end are
    only how many systems pad a line.
    """
    cells = next(csv.reader([text], delimiter=separator), [])
    count = 0 if len(cells) > width and not any(cell.strip() for cell in cells[width:]) else len(cells)
    return [*cells, *[None] * width][:width], count


def _tidied(frame: pl.DataFrame, counts: Mapping[int, int], width: int, facts: Mapping[str, str]) -> Texts:
    """Leave out blank rows and totals at the end, and refuse a table most of whose rows have another width."""
    cells = pl.exclude(ROW_NO)
    frame = _blank_is_null(frame)
    frame = frame.filter(pl.any_horizontal(cells.is_not_null()))
    if frame.is_empty():
        raise Rejected("Filen har rubriker men inga rader; exportera den igen.")
    if len(counts) > frame.height / 2:
        raise Rejected(
            f"De flesta rader har ett annat antal fält än rubrikraden ({width}). Står skiljetecknet också inne i "
            "värdena: exportera texter inom citattecken."
        )
    end = frame.tail(3).filter(pl.any_horizontal(cells.str.contains(_TOTAL)) & (pl.sum_horizontal(cells.is_null()) > 0))
    totals = end[ROW_NO].to_list()
    if totals:
        facts = {**facts, "total_rows_left_out": ", ".join(f"rad {line}" for line in totals)}
        frame = frame.filter(~pl.col(ROW_NO).is_in(totals))
    return Texts(frame, counts, facts)


def _blank_is_null(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col(pl.String).str.strip_chars(_BLANKS).replace("", None))


def _numbered(frame: pl.DataFrame, numbers: pl.Series | Sequence[int]) -> pl.DataFrame:
    return frame.insert_column(0, pl.Series(ROW_NO, numbers, pl.Int64))
