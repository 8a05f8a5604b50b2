"""The investments in the files are the printed table, added up along the tree without any of the project's code."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from example_inbox import Sie, project_sums, read_budget, read_table, shown

import sources.example

FIGURES = Path(sources.example.__file__).parent / "figures"
MEASURES = ("budget_2023", "outcome_2023", "deviation", "outcome_2022", "change")
LEVELS = {"Kategori": "category", "Underkategori": "subcategory", "Projekt": "project"}
TOTAL = "Totala utgifter"

Amounts = dict[str, dict[str, Decimal]]


def printed() -> list[dict[str, str]]:
    with (FIGURES / "investments.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def nodes(inbox: Path) -> dict[str, dict[str, str]]:
    return {row["Kod"]: row for row in read_table(inbox / "projektregister.csv")}


def is_investment(account: str) -> bool:
    return account[:2] in {"11", "12"} and not account.endswith("9")


def budget_used(inbox: Path, year: int, project: str) -> Decimal:
    """The revised budget if there is one, else the original, and what is carried over."""
    rows = read_budget(inbox, year, "investeringsbudget")
    decided = "Reviderad" if any(row["Version"] == "Reviderad" for row in rows) else "Ursprunglig"
    used = [row for row in rows if row["Projekt"] == project and row["Version"] in {decided, "Ombudgeterad"}]
    return sum((Decimal(row["Belopp"]) for row in used), Decimal(0))


@pytest.fixture(scope="session")
def amounts(inbox: Path, ledgers: dict[int, Sie], nodes: dict[str, dict[str, str]]) -> Amounts:
    """Unrounded kronor by project and measure."""
    sums = project_sums(ledgers)
    projects = [code for code, node in nodes.items() if node["Nivå"] == "Projekt"]
    assert {code for _, code in sums} == set(projects)
    found = {code: {f"outcome_{year}": sums[year, code] for year in ledgers} for code in projects}
    for code, measures in found.items():
        measures["budget_2023"] = budget_used(inbox, 2023, code)
        measures["deviation"] = measures["budget_2023"] - measures["outcome_2023"]
        measures["change"] = measures["outcome_2023"] - measures["outcome_2022"]
    return found


def is_below(code: str, label: str, nodes: dict[str, dict[str, str]]) -> bool:
    if label == TOTAL or nodes[code]["Benämning"] == label:
        return True
    parent = nodes[code]["Överordnad"]
    return bool(parent) and is_below(parent, label, nodes)


def test_our_copy_of_the_table_is_whole() -> None:
    cells = printed()
    assert len(cells) * len(MEASURES) == 80
    # Added up by hand from the report's project rows.
    assert sum(int(row["budget_2023"]) for row in cells if row["level"] == "project") == 60_305


@pytest.mark.parametrize("cell", printed(), ids=lambda cell: cell["label"])
@pytest.mark.parametrize("measure", MEASURES)
def test_every_printed_cell_comes_out(
    amounts: Amounts, nodes: dict[str, dict[str, str]], cell: dict[str, str], measure: str
) -> None:
    projects = [code for code in amounts if is_below(code, cell["label"], nodes)]
    total = sum((amounts[code][measure] for code in projects), Decimal(0))
    assert shown(total, "tkr") == Decimal(cell[measure])
    assert (projects == []) == (cell["label"] == "Imageinvestering")


def test_the_register_is_the_printed_tree_in_its_order(nodes: dict[str, dict[str, str]]) -> None:
    tree = [
        (
            LEVELS[node["Nivå"]],
            nodes[node["Överordnad"]]["Benämning"] if node["Överordnad"] else node["Benämning"],
            node["Benämning"],
        )
        for node in sorted(nodes.values(), key=lambda node: int(node["Sortering"]))
    ]
    assert tree == [(row["level"], row["category"], row["label"]) for row in printed() if row["level"] != "total"]


def test_projects_are_valid_when_they_are_used(
    ledgers: dict[int, Sie], inbox: Path, nodes: dict[str, dict[str, str]]
) -> None:
    for year, sie in ledgers.items():
        for voucher in sie.vouchers:
            for posting in voucher.postings:
                if is_investment(posting.account):
                    assert nodes[posting.objects["6"]]["Giltig från"].replace("-", "") <= voucher.day
        for row in read_budget(inbox, year, "investeringsbudget"):
            assert nodes[row["Projekt"]]["Giltig från"] <= f"{year}-01-01"
    assert {node["Giltig till"] for node in nodes.values()} == {""}


def test_a_project_may_have_both_investments_and_running_costs(
    ledgers: dict[int, Sie], nodes: dict[str, dict[str, str]]
) -> None:
    running = {posting.objects.get("6", "") for posting in ledgers[2023].postings() if posting.account >= "3"}
    assert {"20101", "20102", "20103"} == running & set(nodes)
    assert running - set(nodes) - {""}, "and some projects only have running costs"


def test_the_budget_has_its_versions(inbox: Path) -> None:
    versions = {
        year: {row["Version"] for row in read_budget(inbox, year, "investeringsbudget")} for year in (2022, 2023)
    }
    assert versions == {2022: {"Ursprunglig", "Ombudgeterad"}, 2023: {"Ursprunglig", "Reviderad", "Ombudgeterad"}}


def test_what_is_carried_over_was_left(inbox: Path, amounts: Amounts) -> None:
    for row in read_budget(inbox, 2023, "investeringsbudget"):
        if row["Version"] == "Ombudgeterad":
            left = budget_used(inbox, 2022, row["Projekt"]) - amounts[row["Projekt"]]["outcome_2022"]
            assert Decimal(row["Belopp"]) <= left


def test_investments_are_paid_by_bank_or_owed_to_suppliers(ledgers: dict[int, Sie]) -> None:
    against = {
        posting.account
        for sie in ledgers.values()
        for voucher in sie.vouchers
        if any(is_investment(posting.account) for posting in voucher.postings)
        for posting in voucher.postings
        if not is_investment(posting.account)
    }
    assert against == {"1641", "1941", "2441"}
