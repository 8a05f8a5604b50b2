"""An extract's columns under our names, typed, with everything that could not be.

Belongs here: the type between reading a file and writing raw tables. Not here: what the rows mean.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from sources.ledger.extracts.maps import MEANINGS, CodeColumn, Field
from sources.ledger.extracts.values import DTYPES, Typing, type_texts
from sources.reading import Problem
from sources.tabular.extract import ROW_NO, Texts

FAULTS = {ROW_NO: pl.Int64, "column": pl.String, "value": pl.String, "reason": pl.String}
MEND = "Rätta i ekonomisystemet och exportera igen."


@dataclass(slots=True)
class Table:
    """Rows of an extract: ``frame`` has ``row_no`` and our columns; ``faults`` (columns of ``FAULTS``) grow as rows are
    looked at; ``texts`` keeps the cells of some columns as they were written.
    """

    frame: pl.DataFrame
    texts: Mapping[str, pl.Series]
    faults: list[pl.DataFrame] = field(default_factory=list)

    def fault(self, where: pl.Series, column: str, reason: str, shown: str = "") -> None:
        """Note a fault of ``column`` on each row ``where`` holds for; the cell of ``shown``, as it was written, is its
        value.
        """
        written = self.texts.get(shown or column)
        rows = pl.DataFrame({ROW_NO: self.frame[ROW_NO].filter(where)})
        values = pl.lit("") if written is None else written.filter(where).fill_null("")
        said = (values.alias("value"), pl.lit(reason).alias("reason"))
        self.faults.append(rows.with_columns(pl.lit(column).alias("column"), *said))

    def faulted(self, column: str) -> pl.Series:
        """Return, row by row, whether a fault of the column has been noted."""
        bad = [rows.filter(pl.col("column") == column)[ROW_NO] for rows in self.faults]
        every = pl.concat(bad) if bad else pl.Series(ROW_NO, [], pl.Int64)
        return self.frame[ROW_NO].is_in(every.implode())

    def problems(
        self, table: str, rename: Mapping[str, str], rows: pl.Series, without: Collection[str] = ()
    ) -> Iterator[Problem]:
        """Yield the faults of ``rows`` as problems of a raw table, our columns under its names; ``without`` are no
        faults there.
        """
        noted = pl.concat([pl.DataFrame(schema=FAULTS), *self.faults]).filter(~pl.col("column").is_in(list(without)))
        there = noted.join(rows.to_frame(ROW_NO), on=ROW_NO, how="semi").sort(ROW_NO, maintain_order=True)
        for row_no, column, value, reason in there.rows():
            yield Problem(table, row_no, rename.get(column, column), value, reason)


def typed_table(
    texts: Texts, places: Mapping[str, int], fields: Mapping[str, Field], codes: Sequence[CodeColumn], typing: Typing
) -> Table:
    """Return every column of ``fields``, null where it is not in ``places``, and the code string as ``<meaning>_code``.

    The account is ``account``; parts with no meaning are in ``other_dimensions`` (``header=code;header=code``).
    """
    columns = [(name, texts.frame[f"c{place}"], fields[name]) for name, place in places.items()]
    columns += [
        (_code_name(code), texts.frame[f"c{code.place}"], Field(headers=(code.header,), type="code")) for code in codes
    ]
    table = Table(texts.frame.select(ROW_NO), {})
    typed: dict[str, pl.Series] = {}
    for name, cells, column in columns:
        typed[name], reasons = type_texts(cells, column.type, typing)
        _note(table, name, cells, reasons)
        if column.filled:
            _note_missing(table, name, cells, column)
    _note_odd(table, texts.odd)
    frame = table.frame.with_columns(pl.Series(name, values) for name, values in typed.items())
    absent = {name: DTYPES[field.type] for name, field in fields.items() if name not in typed}
    absent |= {f"{meaning}_code": pl.String for meaning in MEANINGS[1:] if f"{meaning}_code" not in typed}
    frame = frame.with_columns(pl.lit(None, kind).alias(name) for name, kind in absent.items())
    table.frame = frame.with_columns(_other_dimensions(codes).alias("other_dimensions"))
    table.texts = {name: cells for name, cells, column in columns if column.type in {"amount", "date"}}
    return table


def _other_dimensions(codes: Sequence[CodeColumn]) -> pl.Expr:
    others = [pl.format(f"{code.header}={{}}", _code_name(code)) for code in codes if code.meaning == "other"]
    if not others:
        return pl.lit(None, pl.String)
    return pl.concat_str(others, separator=";", ignore_nulls=True).replace("", None)


def _code_name(code: CodeColumn) -> str:
    if code.meaning == "account":
        return "account"
    return f"{code.meaning}_code" if code.meaning in MEANINGS else f"other:{code.header}"


def _note(table: Table, column: str, cells: pl.Series, reasons: Mapping[str, str]) -> None:
    if not reasons:
        return
    bad = pl.DataFrame({ROW_NO: table.frame[ROW_NO], "value": cells}).filter(pl.col("value").is_in(list(reasons)))
    said = pl.col("value").replace_strict(reasons, return_dtype=pl.String)
    table.faults.append(bad.select(ROW_NO, pl.lit(column).alias("column"), "value", said.alias("reason")))


def _note_missing(table: Table, column: str, cells: pl.Series, kind: Field) -> None:
    empty = table.frame.filter(cells.is_null())
    reason = f"{kind.headers[0]} är tomt. {MEND}"
    said = (pl.lit(text).alias(name) for name, text in (("column", column), ("value", ""), ("reason", reason)))
    table.faults.append(empty.select(ROW_NO, *said))


def _note_odd(table: Table, odd: Mapping[int, int]) -> None:
    reason = "raden har ett annat antal fält än rubrikraden och kan vara förskjuten eller avklippt; rätta i exporten"
    rows = [(row_no, ROW_NO, f"{count} fält", reason) for row_no, count in sorted(odd.items())]
    table.faults.append(pl.DataFrame(rows, FAULTS, orient="row"))
