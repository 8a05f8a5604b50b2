"""Read the example's files with nothing but the standard library and a spreadsheet reader.

Belongs here: a second, plain way to read what the example writes, so that its tests do not trust the project's own
readers. Not here: any check.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from python_calamine import CalamineWorkbook

_FIELD = re.compile(r'"((?:\\"|[^"])*)"|([^\s"{}]+)|([{}])')
TOTALS = {
    "costs": ("personnel", "rent", "services", "other"),
    "net_cost": ("revenue", "personnel", "rent", "services", "other"),
    "result": ("revenue", "personnel", "rent", "services", "other", "municipal_grant", "financial_net"),
}
SEGMENTS = {"ordinary": "ordinarie", "development": "exploatering"}


@dataclass
class Posting:
    account: str
    amount: Decimal
    objects: dict[str, str]
    day: str = ""
    text: str = ""


@dataclass
class Voucher:
    series: str
    number: int
    day: str
    text: str
    registered: str = ""
    postings: list[Posting] = field(default_factory=list)


@dataclass
class Sie:
    vouchers: list[Voucher]
    items: dict[str, list[list[str]]]

    def balances(self, label: str, year_no: str) -> dict[str, Decimal]:
        return {account: Decimal(amount) for number, account, amount in self.items[label] if number == year_no}

    def postings(self) -> Iterator[Posting]:
        for voucher in self.vouchers:
            yield from voucher.postings


def fields(line: str) -> list[str]:
    """Return the fields of a SIE line; braces stay as fields of their own."""
    return [
        bare or brace or quoted.replace('\\"', '"')
        for quoted, bare, brace in (match.groups(default="") for match in _FIELD.finditer(line))
    ]


def read_sie(path: Path) -> Sie:
    sie = Sie([], defaultdict(list))
    for line in path.read_bytes().decode("cp437").splitlines():
        label, *rest = fields(line)
        if label == "#VER":
            series, number, day, text, *registered = rest
            sie.vouchers.append(Voucher(series, int(number), day, text, *registered))
        elif label == "#TRANS":
            opens, closes = rest.index("{"), rest.index("}")
            pairs = rest[opens + 1 : closes]
            objects = dict(zip(pairs[::2], pairs[1::2], strict=True))
            amount, *said = rest[closes + 1 :]
            sie.vouchers[-1].postings.append(Posting(rest[0], Decimal(amount), objects, *said))
        elif label.startswith("#"):
            sie.items[label].append(rest)
    return sie


def read_ledgers(inbox: Path) -> dict[int, Sie]:
    return {year: read_sie(inbox / f"KS_{year}.se") for year in (2022, 2023)}


def project_sums(ledgers: dict[int, Sie]) -> dict[tuple[int, str], Decimal]:
    """Return what is posted on investment accounts, by year and project; 1219 is accumulated depreciation."""
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for year, sie in ledgers.items():
        for posting in sie.postings():
            if posting.account[:2] in {"11", "12"} and posting.account != "1219":
                sums[year, posting.objects["6"]] += posting.amount
    return sums


def read_table(path: Path, separator: str = ";") -> list[dict[str, str]]:
    """Return a CSV file's rows as text."""
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=separator))


def read_workbook(path: Path) -> list[dict[str, str]]:
    """Return the rows below a workbook's header as text: numbers with two decimals, dates as ISO."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    start = next(place for place, row in enumerate(rows) if row[0] == "År")
    return [
        {
            name: f"{value:.2f}" if isinstance(value, float) else str(value)
            for name, value in zip(rows[start], row, strict=True)
        }
        for row in rows[start + 1 :]
    ]


def read_units(inbox: Path) -> list[dict[str, str]]:
    return read_table(inbox / "organisation.csv")


def read_budget(inbox: Path, year: int, name: str = "budget") -> list[dict[str, str]]:
    """Return the rows of ``budget`` or ``investeringsbudget`` as text; amounts with a decimal point."""
    if year == 2022:
        rows = read_table(inbox / f"{name}_2022.csv")
        return [row | {"Belopp": row["Belopp"].replace(",", ".")} for row in rows]
    return read_workbook(inbox / f"{name}_2023.xlsx")


def line_code(account: str) -> str:
    groups = {
        "60": "rent",
        "46": "services",
        "74": "services",
        "75": "services",
        "84": "financial_net",
        "85": "financial_net",
    }
    classes = {"3": "revenue", "4": "other", "5": "personnel", "6": "other", "7": "other"}
    return "municipal_grant" if account == "8291" else groups.get(account[:2]) or classes[account[0]]


@dataclass
class Row:
    """One amount with all that decides where it counts; income is plus, as in the statement."""

    measure: str
    board: str
    segment: str
    line: str
    unit: str
    account: str
    activity: str
    amount: Decimal


def read_rows(inbox: Path, ledgers: dict[int, Sie]) -> list[Row]:
    """Return every result account's sums and every budget row of both years."""
    units = read_units(inbox)
    rows = []

    def add(measure: str, unit: str, account: str, activity: str, amount: Decimal) -> None:
        day = f"{measure[-4:]}-12-31"
        (valid,) = [
            row
            for row in units
            if row["Ansvar"] == unit
            and row["Giltig från"] <= day
            and (not row["Giltig till"] or day <= row["Giltig till"])
        ]
        rows.append(
            Row(measure, valid["Nämnd"], valid["Segment"], line_code(account), unit, account, activity, -amount)
        )

    for year in (2022, 2023):
        sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        for posting in ledgers[year].postings():
            if posting.account[0] > "2":
                sums[posting.objects["1"], posting.account, posting.objects.get("2", "")] += posting.amount
        for (unit, account, activity), amount in sorted(sums.items()):
            add(f"outcome_{year}", unit, account, activity, amount)
        for row in read_budget(inbox, year):
            version = "budget" if row["Version"] == "Reviderad" else "original"
            add(f"{version}_{year}", row["Ansvar"], row["Konto"], row["Verksamhet"], Decimal(row["Belopp"]))
    return rows


def total(rows: list[Row], measure: str, wanted: Callable[[Row], bool]) -> Decimal:
    """Return an unrounded sum; ``deviation`` and ``change`` are differences between unrounded sums."""
    if measure == "deviation":
        return total(rows, "outcome_2023", wanted) - total(rows, "budget_2023", wanted)
    if measure == "change":
        return total(rows, "outcome_2023", wanted) - total(rows, "outcome_2022", wanted)
    return sum((row.amount for row in rows if row.measure == measure and row.board == "KS" and wanted(row)), Decimal(0))


def shown(kronor: Decimal, unit: str) -> Decimal:
    """Round half away from zero to thousands (``tkr``) or tenths of millions (``mkr``)."""
    if unit == "tkr":
        return (kronor / 1000).quantize(Decimal(1), ROUND_HALF_UP)
    return (kronor / 1_000_000).quantize(Decimal("0.1"), ROUND_HALF_UP)
