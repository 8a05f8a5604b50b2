"""Derive the control tables: sums that must hold, one row for each thing that must balance.

Belongs here: accounting sums over one delivery, and the delivery's own figures. Not here: what is right or wrong
(``suites/``), helper columns on the tables themselves (``helpers``). Sums are whole öre, debit +, as in the ledger;
null where a sum does not apply, because Great Expectations leaves nulls alone. Imported where used (polars).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from expectations.arrival import ArrivalContext

_BALANCE_SHEET = r"^[12]"
_RESULT = r"^[3-8]"
#: Tables whose every row names a unit, and a project, of the register.
_OF_UNITS = ("ledger__postings", "budget__lines", "survey__answers", "hr__employments", "hr__incidents")
_OF_PROJECTS = ("investment_budget__lines",)
_VOUCHER = ["fiscal_year", "voucher_series", "voucher_no"]
_STATED = {
    "fiscal_year": pl.Int32,
    "voucher_series": pl.String,
    "voucher_no": pl.String,
    "rows_expected": pl.Int64,
    "stated_debit_ore": pl.Int64,
}
_DELIVERY = {
    "carried_rows": pl.Int64,
    "organisation_number": pl.String,
    "organisation_digits": pl.String,
    "superseded_rows": pl.Int64,
    "repeated_rows": pl.Int64,
    "content_rows": pl.Int64,
    "share_of_superseded_pct": pl.Float64,
    "quarantined_rows": pl.Int64,
    "quarantined_pct": pl.Float64,
    "first_fiscal_year": pl.Int64,
    "last_fiscal_year": pl.Int64,
    "has_unit_register": pl.Boolean,
    "has_project_register": pl.Boolean,
}


class PostingSums:
    """What the controls know of a delivery's postings, added up a batch at a time.

    A sum whose column the file lacks raises ``ColumnNotFoundError`` when it is asked for.
    """

    def __init__(self) -> None:
        self._parts: dict[str, list[pl.DataFrame]] = {name: [] for name in _SUMMED}
        self._missing: dict[str, pl.exceptions.ColumnNotFoundError] = {}

    def add(self, postings: pl.DataFrame) -> None:
        """Take in the next postings, with their helper columns."""
        for name, summed in _SUMMED.items():
            try:
                self._parts[name].append(summed(postings))
            except pl.exceptions.ColumnNotFoundError as error:
                self._missing[name] = error

    def of(self, name: str) -> pl.DataFrame:
        """Return the batches' ``vouchers``, ``periods``, ``accounts`` or ``years``, one after the other."""
        if name in self._missing:
            raise self._missing[name]
        return pl.concat(self._parts[name])


def _vouchers(postings: pl.DataFrame) -> pl.DataFrame:
    """Return one row per voucher and batch."""
    amount = pl.col("amount_ore").filter(pl.col("counts"))
    is_row = pl.col("kind") == "TRANS"
    return (
        postings.filter(pl.col("counts") | is_row)
        .group_by("voucher_at", maintain_order=True)
        .agg(
            pl.col(*_VOUCHER, "voucher").first(),
            is_row.sum().cast(pl.Int64).alias("rows"),
            amount.sum().alias("sum_ore"),
            amount.filter(amount > 0).sum().alias("debit_ore"),
            amount.null_count().cast(pl.Int64).alias("unreadable"),
        )
    )


def _periods(postings: pl.DataFrame) -> pl.DataFrame:
    counting = postings.filter(pl.col("counts") & pl.col("period").is_not_null())
    return counting.group_by("period").agg(pl.len().cast(pl.Int64).alias("rows"), *_readable("amount_ore"))


def _accounts(postings: pl.DataFrame) -> pl.DataFrame:
    counting = postings.filter(pl.col("counts") & pl.col("account").is_not_null())
    return counting.group_by("fiscal_year", "account").agg(*_readable("amount_ore"))


def _readable(name: str) -> tuple[pl.Expr, pl.Expr]:
    """Return the sum of what could be read, and how many amounts could not."""
    return pl.col(name).sum().alias("sum_ore"), pl.col(name).null_count().cast(pl.Int64).alias("unreadable")


_SUMMED: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "vouchers": _vouchers,
    "periods": _periods,
    "accounts": _accounts,
    "years": lambda postings: postings.select("fiscal_year").unique(),
}


def voucher_control(sums: PostingSums, headers: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return one row per voucher: its sum over counting postings, null where an amount could not be read.

    ``rows`` and ``debit_ore`` are the voucher's own, ``rows_expected`` and ``stated_debit_ore`` those its header says;
    null without a header. ``has_header`` is null where there are no ``headers`` for the year at all.
    """
    control = sums.of("vouchers")
    if control["voucher_at"].n_unique() < control.height:
        # A voucher whose postings do not stand together has a row in each batch that holds some of them.
        control = control.group_by("voucher_at", maintain_order=True).agg(
            pl.col(*_VOUCHER, "voucher").first(), pl.col("rows", "sum_ore", "debit_ore", "unreadable").sum()
        )
    control = control.with_columns(pl.when(pl.col("unreadable") == 0).then(pl.col("sum_ore", "debit_ore")))
    control = control.drop("unreadable").join(_stated(headers), on=_VOUCHER, how="left", maintain_order="left")
    years = [] if headers is None else headers["fiscal_year"].unique().to_list()
    in_years = pl.when(pl.col("fiscal_year").is_in(years)).then(pl.col("rows_expected").is_not_null())
    return control.with_columns(in_years.alias("has_header"), pl.col("voucher_series", "voucher_no").replace("", None))


def header_control(sums: PostingSums, headers: pl.DataFrame, *, are_later: bool = False) -> pl.DataFrame:
    """Return one row per fiscal year that has voucher headers: how many there are, and how many lack postings.

    ``absent_vouchers`` is null where the headers were sent later than the postings: what has been booked since is not
    missing. ``voucher`` is the first that lacks postings.
    """
    absent = headers.join(sums.of("vouchers"), on=_VOUCHER, how="anti").sort("row_no")
    name = pl.concat_str("voucher_series", "voucher_no", separator=" ").str.strip_chars()
    counts = absent.group_by("fiscal_year").agg(pl.len().cast(pl.Int64).alias("absent"), name.first().alias("voucher"))
    years = headers.group_by("fiscal_year").agg(pl.len().cast(pl.Int64).alias("vouchers"))
    number = pl.lit(None, pl.Int64) if are_later else pl.col("absent").fill_null(0)
    return (
        years.join(counts, on="fiscal_year", how="left")
        .with_columns(number.alias("absent_vouchers"))
        .sort("fiscal_year")
    )


def _stated(headers: pl.DataFrame | None) -> pl.DataFrame:
    """Return what each voucher's header says: its rows and its debit."""
    if headers is None:
        return pl.DataFrame(schema=_STATED)
    first = headers.unique(_VOUCHER, keep="first", maintain_order=True)
    debit = (pl.col("debit_sek") * 100).cast(pl.Int64).alias("stated_debit_ore")
    return first.with_columns(debit).select(pl.col(name).cast(kind) for name, kind in _STATED.items())


def period_control(sums: PostingSums, aside: pl.DataFrame) -> pl.DataFrame:
    """Return one row per period: the sum of the postings that are to be loaded, those set ``aside`` left out."""
    gone = _periods(aside).with_columns(-pl.col("rows", "sum_ore", "unreadable"))
    total = pl.concat([sums.of("periods"), gone]).group_by("period").agg(pl.col("rows").sum(), _summed())
    return total.filter(pl.col("rows") > 0).select("period", "sum_ore").sort("period")


def balance_control(sums: PostingSums, balances: pl.DataFrame) -> pl.DataFrame:
    """Return one row per fiscal year and balance account: opening + movements, less closing, as the file says it.

    No row where the year has no postings, no opening or no closing balances: exports of part of a year do not
    reconcile. Null where an amount could not be read.
    """
    both = _year_balances(balances, ["IB", "UB"], _BALANCE_SHEET)
    parts = [
        _by_account(both.filter(kind="IB"), "opening_ore"),
        _movements(sums, _BALANCE_SHEET),
        _by_account(both.filter(kind="UB"), "closing_ore"),
    ]
    control = _side_by_side(parts, sums.of("years"), both.filter(kind="IB"), both.filter(kind="UB"))
    difference = pl.col("opening_ore") + pl.col("movements_ore") - pl.col("closing_ore")
    return control.with_columns(difference.alias("difference_ore"))


def result_control(sums: PostingSums, balances: pl.DataFrame) -> pl.DataFrame:
    """Return one row per fiscal year and result account: movements less #RES, where the year has any of both."""
    stated = _year_balances(balances, ["RES"], _RESULT)
    control = _side_by_side([_movements(sums, _RESULT), _by_account(stated, "stated_ore")], sums.of("years"), stated)
    return control.with_columns((pl.col("movements_ore") - pl.col("stated_ore")).alias("difference_ore"))


def delivery_control(
    context: ArrivalContext, principal: str, *, content: int, carried: int, quarantined: int
) -> pl.DataFrame:
    """Return one row about the delivery.

    ``content`` counts the rows of the ``principal`` table, ``carried`` balances too: a ledger without postings is not
    empty. Whether there is a register is asked for tables that are looked up in it. Shares are per cent; null where
    there is nothing to compare with.
    """
    before = context.superseded_rows
    row = {
        "carried_rows": carried,
        "organisation_number": context.organisation_number,
        "organisation_digits": context.organisation_number and digits(context.organisation_number),
        "superseded_rows": before,
        "repeated_rows": context.repeated_rows,
        "content_rows": content,
        "share_of_superseded_pct": 100 * content / before if before else None,
        "quarantined_rows": quarantined,
        "quarantined_pct": 100 * quarantined / content if content else None,
        "first_fiscal_year": min(context.fiscal_years, default=None),
        "last_fiscal_year": max(context.fiscal_years, default=None),
        "has_unit_register": context.units is not None if principal in _OF_UNITS else None,
        "has_project_register": context.projects is not None if principal in _OF_PROJECTS else None,
    }
    return pl.DataFrame([row], schema=_DELIVERY)


def digits(organisation_number: str) -> str:
    """Return the ten digits of an organisation number, however it is written."""
    return re.sub(r"\D", "", organisation_number)[-10:]


def _year_balances(balances: pl.DataFrame, kinds: Sequence[str], accounts: str) -> pl.DataFrame:
    current = (pl.col("year_no") == 0) & pl.col("kind").is_in(kinds)
    return balances.filter(current & pl.col("account").str.contains(accounts))


def _movements(sums: PostingSums, accounts: str) -> pl.DataFrame:
    """Return the sum of the postings of each account and year."""
    moved = sums.of("accounts").filter(pl.col("account").str.contains(accounts))
    return (
        moved.group_by("fiscal_year", "account")
        .agg(_summed())
        .select("fiscal_year", "account", pl.col("sum_ore").alias("movements_ore"))
    )


def _by_account(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.group_by("fiscal_year", "account").agg(_sum("amount_ore").alias(name))


def _side_by_side(parts: Sequence[pl.DataFrame], *required: pl.DataFrame) -> pl.DataFrame:
    """Return every account of ``parts`` with their sums, absent = 0, for the years that all ``required`` have."""
    keys = ["fiscal_year", "account"]
    every = pl.concat([part.select(keys) for part in parts]).unique()
    for rows in required:
        every = every.join(rows.select("fiscal_year").unique(), on="fiscal_year", how="semi")
    for part in parts:
        name = part.columns[-1]
        found = part.with_columns(pl.lit(value=True).alias("_found"))
        every = every.join(found, on=keys, how="left").with_columns(
            pl.when(pl.col("_found")).then(pl.col(name)).otherwise(0).alias(name)
        )
        every = every.drop("_found")
    return every.sort(keys)


def _sum(name: str) -> pl.Expr:
    """Sum that is null, not less, where a term is null."""
    return pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum())


def _summed() -> pl.Expr:
    """Sum of the batches' sums that is null where a term of any could not be read."""
    return pl.when(pl.col("unreadable").sum() == 0).then(pl.col("sum_ore").sum()).alias("sum_ore")
