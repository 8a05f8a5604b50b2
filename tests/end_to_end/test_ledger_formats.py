"""The same ledger from three systems gives the same marts, to the byte."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from orchestration.home import Home
from orchestration.night import run_night
from orchestration.query import query
from sources.example import LedgerFormat, write_example
from sources.reading import ReadOptions

ABOUT_RUNS = {"load", "quality_result", "release"}
# Where an entry stands in its file; Unit4 has one text for what SIE and Raindance say in two.
ABOUT_FILES = {
    "raindance": ["file_name", "row_no", "load_id"],
    "unit4": ["file_name", "row_no", "load_id", "text", "voucher_text"],
}


def marts(home: Home) -> dict[str, Path]:
    folder = home.published / "current" / "parquet"
    return {path.stem: path for path in folder.iterdir() if path.stem not in ABOUT_RUNS}


@pytest.mark.parametrize("ledger_format", ["raindance", "unit4"])
def test_the_marts_do_not_know_which_system_the_ledger_came_from(
    published_home: Home, empty_home: Home, ledger_format: LedgerFormat
) -> None:
    write_example(empty_home.inbox, ledger_format=ledger_format)

    night = run_night(empty_home, lambda _: None)

    assert night.succeeded, night.errors
    fates = query(empty_home.current, "select file_name, status, rows_quarantined from load").rows
    assert {fate[1:] for fate in fates} == {("loaded", 0)}, fates
    from_sie, found = marts(published_home), marts(empty_home)
    assert {"budget_outcome", "budget_outcome_unit", "budget_outcome_month", "investment_outcome"} < from_sie.keys()
    assert found.keys() == from_sie.keys()
    for name in found.keys() - {"ledger_entry"}:
        assert found[name].read_bytes() == from_sie[name].read_bytes(), name
    entries, sie_entries = (
        pl.read_parquet(each["ledger_entry"]).drop(ABOUT_FILES[ledger_format]) for each in (found, from_sie)
    )
    assert entries.equals(sie_entries)


# A unit of each segment and an account of each line, for forecasts that say neither.
UNITS = {"ordinary": "10100", "development": "17000"}
ACCOUNTS = {"revenue": "3111", "personnel": "5011", "rent": "6011", "services": "4621", "other": "6411"}
ACCOUNTS |= {"municipal_grant": "8291", "financial_net": "8411"}


def test_budget_and_forecast_may_lie_in_the_ledger(published_home: Home, empty_home: Home) -> None:
    """Move the budget of 2023 and a forecast from their files into BUDGET_V and PROGN_V: the marts are the same."""
    inbox = empty_home.inbox
    write_example(inbox, ledger_format="raindance")
    budget = [row for row in taken(inbox / "budget_2023.xlsx", "budget") if row["version"] == "revised"]
    forecast = [row for row in taken(inbox / "prognos_2023_08.xlsx", "forecast") if row["line_code"] in ACCOUNTS]
    plans = [
        (f"1489;BU;1;{{}};2023-{(row['period'] or 202301) % 100:02}-28;1799-12-31;;Budget", row["account"],
         row["unit_code"], f"0,00;{kronor(row['amount_sek'])};0,00")
        for row in budget
    ]  # fmt: skip
    plans += [
        (f"1489;PR;1;{{}};2023-08-31;{row['reported_on']};;Prognos", ACCOUNTS[row["line_code"]],
         UNITS[row["segment_code"]], f"0,00;0,00;{kronor(-row['amount_sek'])}")
        for row in forecast
    ]  # fmt: skip
    path = inbox / "raindance_verifikat_2023.csv"
    header, *lines = path.read_text(encoding="utf-8-sig").splitlines()
    lines = [f"{header};BUDGET_V;PROGN_V", *(f"{line};0,00;0,00" for line in lines)]
    lines += [f"{head.format(at)};{account};{unit};;;{end}" for at, (head, account, unit, end) in enumerate(plans, 1)]
    path.write_text("\n".join(lines), encoding="utf-8")
    with (inbox / "raindance_verhuvud_2023.csv").open("a", encoding="utf-8") as heads:
        for series, rows in (("BU", budget), ("PR", forecast)):
            heads.write(f"1489;{series};1;2023-01-28;1799-12-31;Plan;{len(rows)}\r\n")

    night = run_night(empty_home, lambda _: None)

    assert night.succeeded, night.errors
    from_files, from_ledger = marts(published_home), marts(empty_home)
    for name in ("budget_outcome", "budget_outcome_unit", "forecast_accuracy"):
        assert from_ledger[name].read_bytes() == from_files[name].read_bytes(), name


def taken(path: Path, source: str) -> list[dict[str, Any]]:
    """Return what a file of a source says, and take the file away."""
    reading = import_module(f"sources.{source}").read(path.read_bytes(), path.name, ReadOptions())
    path.unlink()
    rows: list[dict[str, Any]] = reading.tables[f"{source}__lines"].to_pylist()
    return rows


def kronor(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")
