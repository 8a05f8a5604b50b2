"""From what a SIE file says to the ledger's raw tables (``schema.SCHEMAS``).

Belongs here: which dimension is unit, activity, project or counterparty, which fiscal year a row belongs to, what the
delivery covers. Not here: the SIE format (``sie``), and sums (reconciliation, in the warehouse).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import polars as pl
import pyarrow as pa

from sources.ledger.labels import ACCOUNT_TYPES, LAYOUTS, RESERVED_DIMENSIONS
from sources.ledger.objects import ObjectList
from sources.ledger.schema import SCHEMAS
from sources.ledger.sie import SieExport, read_sie
from sources.ledger.typing_rules import MEND, issue_rows
from sources.reading import Problem, Reading, ReadOptions

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
    export = read_sie(data, encoding=options.encoding)
    years = FiscalYears(export)
    names = dimension_names(export)
    meanings, clashes = dimension_meanings(names, options, export.dimensions)
    objects = _object_columns(export.object_lists, meanings)
    frames = {
        "ledger__postings": _postings(export, objects, years),
        "ledger__accounts": _accounts(export, years),
        "ledger__dimension_values": _dimension_values(export, names, meanings, years),
        "ledger__balances": _amounts(export.balances, objects, years),
        "ledger__period_amounts": _amounts(export.period_amounts, objects, years),
        "ledger__issues": pl.concat([export.issues, clashes]),
    }
    vouchers = export.vouchers["voucher_date"].drop_nulls()
    return Reading(
        tables={name: _to_arrow(frame, SCHEMAS[name]) for name, frame in frames.items()},
        rows_in=len(export.postings),
        organisation_number=organisation_number(export),
        fiscal_years=years.covered,
        period_from=_period(vouchers.min() if len(vouchers) else years.start_on),
        period_to=_period(vouchers.max() if len(vouchers) else _as_date(export.said("OMFATTN")) or years.end_on),
        generated_on=_as_date(export.said("GEN")),
        problems=tuple(_problems(export)),
        facts={
            "program": export.program,
            "type": str(export.sie_type),
            "encoding": export.encoding,
            "evidence": export.evidence,
            "ksumma": export.ksumma,
            "issues": str(len(frames["ledger__issues"])),
        },
    )


class FiscalYears:
    """Which year a year number is: #RAR names it by its last day; without #RAR 0 the vouchers' dates do."""

    def __init__(self, export: SieExport) -> None:
        given = {row["year_no"]: row for row in export.fiscal_years.drop_nulls("end_on").to_dicts()}
        this_year = given.get(0, {})
        self.start_on: date | None = this_year.get("start_on")
        self.end_on: date | None = this_year.get("end_on")
        self.is_stated = 0 in given
        self._given: dict[int, int] = {number: row["end_on"].year for number, row in given.items()}
        dates = export.vouchers["voucher_date"].drop_nulls()
        from_vouchers = tuple(dates.dt.year().unique().sort().to_list())
        self.covered: tuple[int, ...] = (self._given[0],) if self.is_stated else from_vouchers
        shifted = [year - number for number, year in self._given.items()]
        self.current: int | None = max(self.covered, default=None) or (shifted[0] if shifted else None)

    def of(self, year_no: int) -> int | None:
        """Return the fiscal year of a year number (0 this year, -1 the year before), None when nothing tells."""
        if year_no in self._given:
            return self._given[year_no]
        return None if self.current is None else self.current + year_no


def dimension_names(export: SieExport) -> dict[int, str]:
    """Return dimension number -> name: what #DIM and #UNDERDIM say, else the reserved names."""
    declared = export.dimensions.drop_nulls("dimension_no").select("dimension_no", pl.col("name").fill_null(""))
    return {**RESERVED_DIMENSIONS, **dict(reversed(declared.rows()))}


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


def _postings(export: SieExport, objects: pl.DataFrame, years: FiscalYears) -> pl.DataFrame:
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


def _dimension_values(
    export: SieExport, names: dict[int, str], meanings: dict[int, str], years: FiscalYears
) -> pl.DataFrame:
    number = pl.col("dimension_no")
    return export.objects.with_columns(
        pl.lit(years.current, pl.Int32).alias("fiscal_year"),
        number.replace_strict(names, default=None, return_dtype=pl.String).alias("dimension_name"),
        number.replace_strict(meanings, default=None, return_dtype=pl.String).alias("meaning"),
        pl.col("object_no").alias("value_code"),
        pl.col("name").alias("value_name"),
    )


def _amounts(table: pl.DataFrame, objects: pl.DataFrame, years: FiscalYears) -> pl.DataFrame:
    known = {number: years.of(number) for number in table["year_no"].drop_nulls().unique()}
    year = pl.col("year_no").replace_strict(known, default=None, return_dtype=pl.Int32)
    return _with_objects(table, objects).with_columns(year.alias("fiscal_year"))


def _problems(export: SieExport) -> Iterator[Problem]:
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
    faults = {text: each.fault for text, each in export.object_lists.items() if each.fault}
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
