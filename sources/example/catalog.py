"""The example municipality's registers, read from the files in ``invented/``.

Belongs here: chart of accounts, units, activities, projects, the plan, investments and forecasts as typed records, and
which statement line an account belongs to. Not here: what the report prints (``figures/printed.py``) or anything that
changes an amount.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

YEARS = (2022, 2023)
BOARD = "KS"
MEASURES = ("budget_2022", "outcome_2022", "budget_2023_original", "budget_2023", "outcome_2023")
INVESTMENT_VERSIONS = ("original", "revised", "carried_over")
EQUITY, PRIOR_RESULT, BANK = "2011", "2012", "1941"
_DATA = Path(__file__).parent / "invented"
_SERVICES = ("46", "74", "75")


@dataclass(frozen=True, slots=True)
class Account:
    """One account that is booked from the plan (result) or from the investments (asset), and how.

    ``rhythm`` names an entry of ``ledger.rhythms.RHYTHMS``. A posting also puts ``side_pct`` percent of itself on
    ``side_account`` (VAT, tax withheld) and the rest, with opposite sign, on ``counter_account``.
    """

    code: str
    name: str
    kind: str
    rhythm: str
    side_account: str
    side_pct: int
    counter_account: str
    text: str


@dataclass(frozen=True, slots=True)
class BalanceAccount:
    """One balance account; ``opening_ore`` on 1 January 2022, ``settled`` is ``monthly``, ``document`` or empty."""

    code: str
    name: str
    kind: str
    opening_ore: int
    settled: str
    text: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One validity of one unit (Ansvar); ``valid_to`` is empty while it lasts. Dates are ISO text."""

    code: str
    name: str
    parent_code: str
    board_code: str
    segment: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What one unit has on one account, activity and project: ``ore[measure]``, ledger sign (debit +, income -).

    ``budget_months`` are the months the budget is laid on; empty is a budget for the whole year. An investment has a
    project only: unit and activity are empty, and ``ore`` also holds each version of its budget (``revised_2023``).
    """

    unit_code: str
    account: str
    activity_code: str
    project_code: str
    ore: Mapping[str, int]
    budget_months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProjectNode:
    """One node of the investment tree; ``level`` is ``kategori``, ``underkategori`` or ``projekt``."""

    code: str
    name: str
    parent_code: str
    level: str
    board_code: str
    sort_no: int
    valid_from: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class ForecastRound:
    """One occasion on which the year's result was foreseen.

    ``ore`` maps segment and base line (with municipal_grant and financial_net) to öre in the statement's sign, in the
    statement's order. A segment without a forecast at this occasion is not in it.
    """

    year: int
    month: int
    occasion_name: str
    reported_on: str
    ore: Mapping[tuple[str, str], int]

    def result(self, segment: str) -> int:
        """Return the foreseen result of a segment, in öre."""
        return sum(ore for (of_segment, _), ore in self.ore.items() if of_segment == segment)


@dataclass(frozen=True, slots=True)
class Catalog:
    """All registers of the example municipality.

    ``activities`` and ``projects`` map code to name; the projects of ``project_nodes`` are among the latter.
    ``investments`` has one row per project of the tree.
    """

    accounts: Mapping[str, Account]
    balance_accounts: Mapping[str, BalanceAccount]
    units: tuple[Unit, ...]
    activities: Mapping[str, str]
    projects: Mapping[str, str]
    project_nodes: tuple[ProjectNode, ...]
    plan: tuple[PlanRow, ...]
    investments: tuple[PlanRow, ...]
    forecasts: tuple[ForecastRound, ...]

    @property
    def booked_rows(self) -> tuple[PlanRow, ...]:
        """Return every row whose outcome becomes vouchers: the plan and then the investments."""
        return self.plan + self.investments

    def names(self) -> dict[str, dict[str, str]]:
        """Return code to name of every account, unit, activity and project, in the order of the codes."""
        tables: dict[str, Mapping[str, str]] = {
            "account": {
                **{code: account.name for code, account in self.balance_accounts.items()},
                **{code: account.name for code, account in self.accounts.items()},
            },
            "unit": {unit.code: unit.name for unit in self.units},
            "activity": self.activities,
            "project": self.projects,
        }
        return {kind: dict(sorted(names.items())) for kind, names in tables.items()}

    def unit_in(self, code: str, year: int) -> Unit:
        """Return the validity of a unit that holds at the end of a year; raises ``LookupError`` if there is none."""
        day = f"{year}-12-31"
        for unit in self.units:
            if unit.code == code and unit.valid_from <= day and (not unit.valid_to or day <= unit.valid_to):
                return unit
        raise LookupError(f"unit {code} has no validity on {day} in invented/units.csv")


def line_of(account: str) -> str:
    """Return the statement line (``line_code``) of a result account; raises ``LookupError`` for one without a line."""
    if account == "8291":
        return "municipal_grant"
    if account.startswith("60"):
        return "rent"
    if account.startswith(_SERVICES):
        return "services"
    if account.startswith(("84", "85")):
        return "financial_net"
    by_class = {"3": "revenue", "4": "other", "5": "personnel", "6": "other", "7": "other"}
    if account[0] not in by_class:
        raise LookupError(f"account {account} belongs to no statement line")
    return by_class[account[0]]


def ore(text: str) -> int:
    """Turn kronor as text (``-12.50``) into whole öre; empty is 0. Raises ``ValueError`` for parts of an öre."""
    scaled = Decimal(text or "0") * 100
    if scaled != int(scaled):
        raise ValueError(f"{text!r} is not a whole number of öre")
    return int(scaled)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of one of our own CSV files (UTF-8, comma, header)."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_invented(name: str) -> list[dict[str, str]]:
    """Return the rows of a file in ``invented/``."""
    return read_rows(_DATA / name)


def read_catalog() -> Catalog:
    """Return every register; the outcomes and the revised budget are a sketch until ``solve.solved`` has run."""
    nodes = tuple(_project_node(row) for row in read_rows(_DATA / "project_register.csv"))
    projects = {row["project_code"]: row["project_name"] for row in read_rows(_DATA / "projects.csv")}
    assets = read_rows(_DATA / "investment_accounts.csv")
    return Catalog(
        accounts={row["account"]: _account(row) for row in [*read_rows(_DATA / "chart.csv"), *assets]},
        balance_accounts=_balance_accounts([*read_rows(_DATA / "balance_accounts.csv"), *assets]),
        units=tuple(_unit(row) for row in read_rows(_DATA / "units.csv")),
        activities={row["activity_code"]: row["activity_name"] for row in read_rows(_DATA / "activities.csv")},
        projects=projects | {node.code: node.name for node in nodes if node.level == "projekt"},
        project_nodes=nodes,
        plan=tuple(_plan_row(row) for row in read_rows(_DATA / "plan.csv")),
        investments=tuple(_investment(row) for row in read_rows(_DATA / "investments.csv")),
        forecasts=_forecasts(),
    )


def _unit(row: dict[str, str]) -> Unit:
    return Unit(
        row["unit_code"],
        row["unit_name"],
        row["parent_code"],
        row["board_code"],
        row["segment"],
        row["valid_from"],
        row["valid_to"],
    )


def _project_node(row: dict[str, str]) -> ProjectNode:
    return ProjectNode(
        row["code"],
        row["name"],
        row["parent_code"],
        row["level"],
        row["board_code"],
        int(row["sort_no"]),
        row["valid_from"],
        row["valid_to"],
    )


def _account(row: dict[str, str]) -> Account:
    return Account(
        row["account"],
        row["account_name"],
        row["account_type"],
        row["rhythm"],
        row["side_account"],
        int(row["side_pct"] or 0),
        row["counter_account"],
        row["text"],
    )


def _balance_accounts(rows: list[dict[str, str]]) -> dict[str, BalanceAccount]:
    # Equity is what the other accounts leave, so that the opening balance sheet always balances.
    rest = -sum(ore(row["opening_2022"]) for row in rows)
    return {
        row["account"]: BalanceAccount(
            row["account"],
            row["account_name"],
            row["account_type"],
            rest if row["account"] == EQUITY else ore(row["opening_2022"]),
            row.get("settled", ""),
            row["text"],
        )
        for row in rows
    }


def _plan_row(row: dict[str, str]) -> PlanRow:
    return PlanRow(
        row["unit_code"],
        row["account"],
        row["activity_code"],
        row["project_code"],
        {measure: ore(row[measure]) for measure in MEASURES},
        tuple(int(month) for month in row["budget_months"].split()),
    )


def _investment(row: dict[str, str]) -> PlanRow:
    amounts = {name: ore(text) for name, text in row.items() if name not in {"project_code", "account"}}
    for year in YEARS:
        # The same rule as the warehouse's: a revised budget replaces the original, what is carried over comes on top.
        decided = "revised" if row[f"revised_{year}"] else "original"
        amounts[f"budget_{year}"] = amounts[f"{decided}_{year}"] + amounts[f"carried_over_{year}"]
    return PlanRow("", row["account"], "", row["project_code"], amounts, ())


def _forecasts() -> tuple[ForecastRound, ...]:
    amounts = read_rows(_DATA / "forecasts.csv")
    return tuple(
        ForecastRound(
            int(row["year"]),
            int(row["month"]),
            row["occasion_name"],
            row["reported_on"],
            {
                (amount["segment"], amount["line_code"]): ore(amount["forecast_sek"])
                for amount in amounts
                if (amount["year"], amount["month"]) == (row["year"], row["month"])
            },
        )
        for row in read_rows(_DATA / "forecast_rounds.csv")
    )
