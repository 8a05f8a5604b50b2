"""A staff table on its way from texts to raw rows, with everything that could not be read.

Belongs here: columns, faults without values, wide tables made long. Not here: what the columns mean (``persons``,
``read_export``). No fault repeats a cell: in a row that has slipped, any cell may be a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import pyarrow as pa

from sources.column_map import ColumnMap, cell_parser
from sources.hr.schema import HOURS, RATE, ROWS_PER_LINE
from sources.reading import Problem
from sources.tabular.extract import ROW_NO, Texts

HIDDEN = "(dolt värde)"
_MONTHS = tuple(f"month_{month:02d}" for month in range(1, 13))
_FAULTS = {ROW_NO: pl.Int64, "column": pl.String, "value": pl.String, "reason": pl.String}
_RATE, _HOURS = pl.Decimal(RATE.precision, RATE.scale), pl.Decimal(HOURS.precision, HOURS.scale)
_KINDS: Mapping[str, Any] = {
    "date": pl.Date,
    "fraction": _RATE,
    "hours": _HOURS,
    "percent": _RATE,
    "period": pl.Int32,
    "text": pl.String,
    "word": pl.String,
    "year": pl.Int32,
}


class Sheet:
    """The rows of one table: ``frame`` has ``row_no`` and the map's columns, typed; faults grow as it is looked at."""

    def __init__(self, table: str, texts: Texts, column_map: ColumnMap, places: Mapping[str, int]) -> None:
        self.table = table
        self.frame = texts.frame.rename({f"c{place}": name for name, place in places.items()})
        self._faults = [pl.DataFrame(schema=_FAULTS), _torn(texts.odd)]
        for name, column in column_map.columns.items():
            if name not in places:
                self.frame = self.frame.with_columns(pl.lit(column.default, _KINDS[column.type]).alias(name))
                continue
            beside = ("fiscal_year",) if column.type == "period" else ()
            self._convert(_of_cell(cell_parser(column)), (name, *beside), {name: _KINDS[column.type]})

    def convert(self, parse: Callable[..., Any], *sources: str, **targets: Any) -> None:
        """Make columns ``targets`` (name=type) of ``sources``; what ``parse`` refuses (``ValueError``) is null, and a
        fault of the first target. Rows without a value in the first source have none. Each different row of the sources
        is parsed once; of several targets ``parse`` returns a tuple.
        """
        self._convert(lambda *cells: None if cells[0] is None else parse(*cells), sources, targets)

    def _convert(self, parse: Callable[..., Any], sources: tuple[str, ...], targets: Mapping[str, Any]) -> None:
        known = self.frame.select(sources).unique(maintain_order=True)
        values: list[Any] = []
        reasons: list[str | None] = []
        for cells in known.iter_rows():
            value, reason = _parsed(parse, cells)
            values.append((value,) if len(targets) == 1 else value or (None,) * len(targets))
            reasons.append(reason)
        found = [pl.Series(f"={name}", column, kind) for (name, kind), column in _columns(targets, values)]
        known = known.with_columns(*found, pl.Series("=reason", reasons, pl.String))
        joined = self.frame.join(known, on=sources, how="left", nulls_equal=True, maintain_order="left")
        self._note(joined, next(iter(targets)), sources[0])
        joined = joined.drop("=reason", *(name for name in targets if name in joined.columns))
        self.frame = joined.rename({f"={name}": name for name in targets})

    def _note(self, joined: pl.DataFrame, column: str, source: str) -> None:
        value = pl.when(pl.col(source).is_null()).then(pl.lit("")).otherwise(pl.lit(HIDDEN))
        faults = joined.filter(pl.col("=reason").is_not_null()).select(
            ROW_NO, pl.lit(column).alias("column"), value.alias("value"), pl.col("=reason").alias("reason")
        )
        self._faults.append(faults)

    def fault(self, where: pl.Expr, column: str, reason: pl.Expr) -> None:
        """Note that ``column`` cannot be used in the rows ``where`` holds; the reason is Swedish, without a value."""
        said = (pl.lit(column).alias("column"), pl.lit(HIDDEN).alias("value"), reason.alias("reason"))
        self._faults.append(self.frame.filter(where).select(ROW_NO, *said))

    @property
    def faults(self) -> pl.DataFrame:
        """What is wrong so far: ``row_no``, ``column``, ``value`` and ``reason``."""
        return pl.concat(self._faults)

    def rename_faults(self, names: Mapping[str, str]) -> None:
        """Let faults of the columns ``names`` maps be faults of those it maps them to."""
        self._faults = [self.faults.with_columns(pl.col("column").replace(dict(names)))]

    @property
    def is_wide(self) -> bool:
        """Whether the table has a column for each month."""
        return set(_MONTHS) <= set(self.frame.columns)

    def number_by_month(self) -> None:
        """Number the rows of a long table of hours as ``melt`` numbers those of a wide one."""
        number = pl.col(ROW_NO) * ROWS_PER_LINE + pl.col("period").fill_null(0) % 100
        numbers = self.frame.select(ROW_NO, number.cast(pl.Int64).alias("_new"))
        self._faults = [self.faults.join(numbers, on=ROW_NO).with_columns(pl.col("_new").alias(ROW_NO)).drop("_new")]
        self.frame = self.frame.with_columns(numbers["_new"].alias(ROW_NO))

    def melt(self, column: str) -> None:
        """Make a wide table long: ``period`` and ``column`` in place of a column for each month.

        A row is left for each month with a value, or one that could not be read. What is wrong with a line of the file
        is wrong with each of them. Row numbers become the line's times ``ROWS_PER_LINE``, and the month.
        """
        others = [name for name in self.frame.columns if name not in _MONTHS]
        long = self.frame.unpivot(list(_MONTHS), index=others, variable_name="_cell", value_name=column)
        of_cell = pl.col("column").is_in(_MONTHS)
        unread = self.faults.filter(of_cell).select(ROW_NO, pl.col("column").alias("_cell"), pl.lit(1).alias("_unread"))
        long = long.join(unread, on=[ROW_NO, "_cell"], how="left")
        long = long.filter(pl.col(column).is_not_null() | pl.col("_unread").is_not_null())
        month = pl.col("_cell").str.slice(-2).cast(pl.Int32)
        long = long.with_columns(
            (pl.col(ROW_NO) * ROWS_PER_LINE + month).alias("_new"),
            (pl.col("fiscal_year") * 100 + month).alias("period"),
        )
        rows = long.select(ROW_NO, "_cell", "_new")
        of_months = self.faults.filter(of_cell).rename({"column": "_cell"}).join(rows, on=[ROW_NO, "_cell"])
        of_months = of_months.with_columns(pl.lit(column).alias("column"))
        of_lines = self.faults.filter(~of_cell).join(rows, on=ROW_NO)
        numbered = (pl.col("_new").alias(ROW_NO), "column", "value", "reason")
        self._faults = [of_months.select(numbered), of_lines.select(numbered)]
        self.frame = long.drop(ROW_NO, "_cell", "_unread").rename({"_new": ROW_NO}).sort(ROW_NO)

    def rows(self, schema: pa.Schema) -> pa.Table:
        """Return the raw table; a column that the file does not have is null."""
        absent = [pl.lit(None).alias(name) for name in schema.names if name not in self.frame.columns]
        frame = self.frame.with_columns(absent).select(schema.names)
        return frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema)

    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong, by row and column."""
        found = self.faults.sort(ROW_NO, "column", maintain_order=True)
        return tuple(Problem(self.table, *row) for row in found.iter_rows())


def _of_cell(parse: Callable[[str, Any], Any]) -> Callable[..., Any]:
    """Return a parser of a cell that may be null, with its row's year, if that has been read."""
    return lambda cell, year=None: parse(cell or "", year)


def _parsed(parse: Callable[..., Any], cells: tuple[Any, ...]) -> tuple[Any, str | None]:
    try:
        return parse(*cells), None
    except ValueError as error:
        return None, str(error)


def _columns(targets: Mapping[str, Any], values: list[Any]) -> list[tuple[tuple[str, Any], list[Any]]]:
    columns = zip(*values, strict=True) if values else ((),) * len(targets)
    return [(target, list(column)) for target, column in zip(targets.items(), columns, strict=True)]


def _torn(odd: Mapping[int, int]) -> pl.DataFrame:
    """Return the faults of rows with another count of cells than the header; the count is no cell."""
    reason = "raden har ett annat antal fält än rubrikraden och kan vara förskjuten; rätta skiljetecknen i källan"
    rows = [(row_no, ROW_NO, f"{cells} fält", reason) for row_no, cells in sorted(odd.items())]
    return pl.DataFrame(rows, _FAULTS, orient="row")
