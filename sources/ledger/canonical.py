"""From what a SIE file says to the ledger's raw tables (``schema.SCHEMAS``).

Belongs here: which dimension is unit, activity, project or counterparty, which fiscal year a row belongs to, what the
delivery covers. Not here: the SIE format (``sie``), and sums (reconciliation, in the warehouse).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import BinaryIO

import polars as pl
import pyarrow as pa

from sources.ledger import BUDGET_FACT
from sources.ledger.labels import ACCOUNT_TYPES, LAYOUTS, RESERVED_DIMENSIONS
from sources.ledger.objects import ObjectList
from sources.ledger.schema import SCHEMAS
from sources.ledger.sie import SieExport, SiePart, SieReader
from sources.ledger.slices import SLICE_BYTES
from sources.ledger.typing_rules import MEND, issue_rows
from sources.reading import Problem, Reading, ReadOptions

POSTINGS = "ledger__postings"
MEANINGS = ("unit", "activity", "project", "counterparty")
_RAW_TABLE = {
    "postings": "ledger__postings",
    "accounts": "ledger__accounts",
    "objects": "ledger__dimension_values",
    "balances": "ledger__balances",
    "period_amounts": "ledger__period_amounts",
}
INCIDENTAL = ("transaction_date", "registered_on", "quantity")
_RAW_COLUMN = {"amount": "amount_sek", "object_no": "value_code"}


def read_ledger(data: bytes, options: ReadOptions) -> Reading:
    """Return the ledger's raw tables from one SIE 4 file.

    ``rows_in`` counts #TRANS, #RTRANS and #BTRANS. Raises ``Rejected`` as ``read_sie`` does.
    """
    parts: list[pa.Table] = []
    reading = stream_ledger(io.BytesIO(data), options, parts.append)
    return replace(reading, tables={POSTINGS: pa.concat_tables(parts), **reading.tables})


def stream_ledger(
    file: BinaryIO, options: ReadOptions, take: Callable[[pa.Table], None], *, slice_bytes: int = SLICE_BYTES
) -> Reading:
    """Give ``take`` the postings of one SIE 4 file a slice at a time, and return everything else as ``Reading``.

    Memory goes by the slice, not by the file. Raises ``Rejected`` as ``read_sie`` does: what was taken is then void.
    """
    reader = SieReader(file, encoding=options.encoding, slice_bytes=slice_bytes)
    objects = _Objects(options)
    dates: list[pl.Series] = []
    problems: list[Problem] = []
    rows_in = 0
    for part in reader:
        years = FiscalYears(reader.declared["fiscal_years"])
        table = _postings(part, objects.of(part.lists, reader.declared["dimensions"]), years)
        take(_to_arrow(table, SCHEMAS[POSTINGS]))
        dates.append(part.vouchers["voucher_date"].drop_nulls().unique())
        problems += _problems(part)
        rows_in += len(part.postings)
    export = reader.export()
    return _reading(export, objects, pl.concat(dates), problems, rows_in)


def _reading(export: SieExport, objects: _Objects, dates: pl.Series, problems: list[Problem], rows_in: int) -> Reading:
    """Return all but the postings; ``dates`` are those of the vouchers."""
    years = FiscalYears(export.fiscal_years, dates)
    codes = objects.of(export.object_lists, export.dimensions)
    frames = {
        "ledger__accounts": _accounts(export, years),
        "ledger__dimension_values": _dimension_values(export, objects, years),
        "ledger__balances": _amounts(export.balances, codes, years),
        "ledger__period_amounts": _amounts(export.period_amounts, codes, years),
        "ledger__issues": pl.concat([export.issues, objects.clashes]),
    }
    return Reading(
        tables={name: _to_arrow(frame, SCHEMAS[name]) for name, frame in frames.items()},
        rows_in=rows_in,
        organisation_number=organisation_number(export),
        fiscal_years=years.covered,
        period_from=_period(dates.min() if len(dates) else years.start_on),
        period_to=_period(dates.max() if len(dates) else _as_date(export.said("OMFATTN")) or years.end_on),
        generated_on=_as_date(export.said("GEN")),
        problems=tuple(sorted(problems, key=lambda problem: problem.row_no)),
        facts={
            "program": export.program,
            "type": str(export.sie_type),
            "encoding": export.encoding,
            "evidence": export.evidence,
            "ksumma": export.ksumma,
            "issues": str(len(frames["ledger__issues"])),
            **_budget_fact(frames["ledger__period_amounts"]),
        },
    )


def _budget_fact(period_amounts: pl.DataFrame) -> dict[str, str]:
    """Return how many rows of budget the ledger carries, nothing without any."""
    rows = period_amounts.filter(pl.col("kind") == "PBUDGET").height
    return {BUDGET_FACT: str(rows)} if rows else {}


class FiscalYears:
    """Which year a year number is: #RAR names it by its last day; without #RAR 0 the vouchers' ``dates`` do."""

    def __init__(self, stated: pl.DataFrame, dates: pl.Series | None = None) -> None:
        given = {row["year_no"]: row for row in stated.drop_nulls(["year_no", "end_on"]).to_dicts()}
        this_year = given.get(0, {})
        self.start_on: date | None = this_year.get("start_on")
        self.end_on: date | None = this_year.get("end_on")
        self.is_stated = 0 in given
        self._given: dict[int, int] = {number: row["end_on"].year for number, row in given.items()}
        from_vouchers = () if dates is None else tuple(dates.dt.year().unique().sort().to_list())
        self.covered: tuple[int, ...] = (self._given[0],) if self.is_stated else from_vouchers
        shifted = [year - number for number, year in self._given.items()]
        self.current: int | None = max(self.covered, default=None) or (shifted[0] if shifted else None)

    def of(self, year_no: int) -> int | None:
        """Return the fiscal year of a year number (0 this year, -1 the year before), None when nothing tells."""
        if year_no in self._given:
            return self._given[year_no]
        return None if self.current is None else self.current + year_no


class _Objects:
    """What dimensions mean, and the codes of every object list seen so far: each is looked at once."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._seen: set[str] = set()
        self._codes: list[pl.DataFrame] = []
        self.names: dict[int, str] = {}
        self.meanings: dict[int, str] = {}
        self.clashes = pl.DataFrame()

    def of(self, lists: dict[str, ObjectList], declared: pl.DataFrame) -> pl.DataFrame:
        """Return one row per list (``_object_columns``); ``declared`` are the dimensions of the whole file."""
        self.names = dimension_names(declared)
        self.meanings, self.clashes = dimension_meanings(self.names, self._options, declared)
        new = {text: each for text, each in lists.items() if text not in self._seen}
        self._seen |= new.keys()
        self._codes.append(_object_columns(new, self.meanings))
        return pl.concat(self._codes)


def dimension_names(declared: pl.DataFrame) -> dict[int, str]:
    """Return dimension number -> name: what #DIM and #UNDERDIM say, else the reserved names."""
    named = declared.drop_nulls("dimension_no").select("dimension_no", pl.col("name").fill_null(""))
    return {**RESERVED_DIMENSIONS, **dict(reversed(named.rows()))}


def dimension_meanings(
    names: dict[int, str], options: ReadOptions, declared: pl.DataFrame
) -> tuple[dict[int, str], pl.DataFrame]:
    """Return dimension number -> meaning by the dimension's name, and an issue where two names mean the same.

    The lowest number has the meaning, the other one stays in ``other_dimensions``.
    """
    meanings: dict[int, str] = {}
    clashes = []
    lines = dict(declared.select("dimension_no", "row_no").iter_rows())
    for number in sorted(names):
        meaning = options.dimensions.get(names[number].strip().casefold())
        if meaning is None:
            continue
        if meaning in meanings.values():
            reason = f"Dimension {number} betyder också {meaning}: den läses som övrig dimension."
            clashes.append((lines.get(number, 1), "DIM", reason))
        else:
            meanings[number] = meaning
    rows = pl.DataFrame(clashes, {"row_no": pl.Int64, "label": pl.String, "reason": pl.String}, orient="row")
    return meanings, issue_rows(rows, "warning", pl.col("reason"))


def organisation_number(export: SieExport) -> str | None:
    """Return #ORGNR as NNNNNN-NNNN, as it stands when it is not ten digits (or twelve, with the century 16)."""
    stated = (export.said("ORGNR") or [""])[0].strip()
    digits = stated.replace("-", "").replace(" ", "")
    if len(digits) == 12 and digits.startswith("16"):
        digits = digits[2:]
    if len(digits) == 10 and digits.isdecimal():
        return f"{digits[:6]}-{digits[6:]}"
    return stated or None


def _object_columns(lists: dict[str, ObjectList], meanings: dict[int, str]) -> pl.DataFrame:
    """Return one row per different object list: its codes by meaning, the others as ``dim=obj;dim=obj``."""
    rows = []
    for text, (pairs, _) in lists.items():
        codes: dict[str, str] = {}
        others = []
        for number, value in pairs:
            meaning = meanings.get(number)
            if meaning is None or meaning in codes:
                others.append(f"{number}={value}")
            else:
                codes[meaning] = value
        named = (codes.get(meaning) or None for meaning in MEANINGS)
        rows.append((text, *named, ";".join(others) or None, bool(pairs)))
    columns = ["object_list", *(f"{meaning}_code" for meaning in MEANINGS), "other_dimensions"]
    return pl.DataFrame(rows, {**dict.fromkeys(columns, pl.String), "has_objects": pl.Boolean}, orient="row")


def _with_objects(table: pl.DataFrame, objects: pl.DataFrame) -> pl.DataFrame:
    joined = table.join(objects, on="object_list", how="left", maintain_order="left")
    return joined.with_columns(pl.col("has_objects").fill_null(False)).rename({"label": "kind", "amount": "amount_sek"})


def _postings(export: SiePart, objects: pl.DataFrame, years: FiscalYears) -> pl.DataFrame:
    vouchers = export.vouchers.select(
        pl.col("row_no").alias("voucher_row_no"),
        pl.col("series").alias("voucher_series"),
        pl.col("number").alias("voucher_no"),
        pl.col("text").alias("voucher_text"),
        "voucher_date",
        "registered_on",
    )
    unreadable = export.issues.filter(pl.col("column") == "transaction_date")["row_no"]
    is_stated = pl.col("row_no").is_in(unreadable.implode())
    year = pl.lit(years.current) if years.is_stated else pl.col("voucher_date").dt.year()
    joined = export.postings.join(vouchers, on="voucher_row_no", how="left", maintain_order="left")
    return _with_objects(joined, objects).with_columns(
        year.cast(pl.Int32).alias("fiscal_year"),
        (pl.col("voucher_date").dt.year() * 100 + pl.col("voucher_date").dt.month()).alias("period"),
        # A missing date is the voucher's; one that cannot be read stays null.
        pl.when(is_stated).then("transaction_date").otherwise(pl.coalesce("transaction_date", "voucher_date")),
    )


def _accounts(export: SieExport, years: FiscalYears) -> pl.DataFrame:
    stated = export.header.filter(pl.col("label") == "KTYP")["fields"]
    known = {fields[0]: fields[1] for fields in stated if len(fields) > 1 and fields[1] in ACCOUNT_TYPES}
    return export.accounts.with_columns(
        pl.lit(years.current, pl.Int32).alias("fiscal_year"),
        pl.col("name").alias("account_name"),
        pl.col("account").replace_strict(known, default=None, return_dtype=pl.String).alias("account_type"),
    )


def _dimension_values(export: SieExport, objects: _Objects, years: FiscalYears) -> pl.DataFrame:
    number = pl.col("dimension_no")
    return export.objects.with_columns(
        pl.lit(years.current, pl.Int32).alias("fiscal_year"),
        number.replace_strict(objects.names, default=None, return_dtype=pl.String).alias("dimension_name"),
        number.replace_strict(objects.meanings, default=None, return_dtype=pl.String).alias("meaning"),
        pl.col("object_no").alias("value_code"),
        pl.col("name").alias("value_name"),
    )


def _amounts(table: pl.DataFrame, objects: pl.DataFrame, years: FiscalYears) -> pl.DataFrame:
    known = {number: years.of(number) for number in table["year_no"].drop_nulls().unique()}
    year = pl.col("year_no").replace_strict(known, default=None, return_dtype=pl.Int32)
    return _with_objects(table, objects).with_columns(year.alias("fiscal_year"))


def _problems(export: SiePart) -> Iterator[Problem]:
    """Yield the values that could not be typed, on the rows that carry them: a voucher's on each of its postings.

    An incidental one is an issue and nothing more: no sum depends on it, so it should not cost a voucher.
    """
    table_of = {label: name for name, layout in LAYOUTS.items() for label in layout.labels}
    on_vouchers = export.issues.filter((pl.col("label") == "VER") & pl.col("column").is_not_null())
    touched = export.postings.filter(pl.col("voucher_row_no").is_in(on_vouchers["row_no"].implode()))
    rows_of = dict(touched.group_by("voucher_row_no", maintain_order=True).agg("row_no").iter_rows())
    grave = export.issues.drop_nulls("column").filter(~pl.col("column").is_in(INCIDENTAL))
    for row_no, label, _, reason, column, value in grave.iter_rows():
        name = table_of[label]
        if name == "vouchers":
            for posting in rows_of.get(row_no, []):
                yield Problem("ledger__postings", posting, column, value, f"Verifikatets #VER, rad {row_no}: {reason}")
        elif name in _RAW_TABLE:
            yield Problem(_RAW_TABLE[name], row_no, _RAW_COLUMN.get(column, column), value, reason)
    for row_no in export.postings.filter(pl.col("voucher_row_no").is_null())["row_no"]:
        yield Problem("ledger__postings", row_no, "voucher_row_no", "", f"Posten står utanför verifikat. {MEND}")
    faults = {text: each.fault for text, each in export.lists.items() if each.fault}
    for name in ("postings", "balances", "period_amounts"):
        bad = getattr(export, name).filter(pl.col("object_list").is_in(list(faults)))
        for row_no, text in bad.select("row_no", "object_list").iter_rows():
            yield Problem(_RAW_TABLE[name], row_no, "other_dimensions", text, f"{faults[text]} {MEND}")


def _to_arrow(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    return frame.select(schema.names).to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema)


def _as_date(fields: list[str]) -> date | None:
    try:
        return datetime.strptime((fields or [""])[0], "%Y%m%d").date()
    except ValueError:
        return None


def _period(day: object) -> int | None:
    return day.year * 100 + day.month if isinstance(day, date) else None
