"""Figures and statements of the example night: ids that stay, values that are the marts', and each verdict by name."""

from __future__ import annotations

import csv
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

import orchestration
from orchestration.claims import disagreeing
from orchestration.home import Home
from orchestration.printed import Row
from orchestration.publishing.figure_guide import declared, example_of, markdown
from tests.figure_ids import FILE, folded, unfolded

ROOT = Path(orchestration.__file__).parents[1]
EXPECTED = Path(__file__).with_name("expected_statements.csv")
#: What each mark of the claims file becomes, unless the expected table gives a reason.
VERDICT_OF = {
    "ok": "agrees",
    "unit": "unit_slip",
    "figure": "wrong_figure",
    "year": "wrong_year",
    "contradiction": "contradiction",
    "error": "disagrees",
    "logic": "disagrees",
    **dict.fromkeys(("external", "not_computable", "requirement", "unclear"), "not_computable"),
}


def rows(home: Home, sql: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(home.current), read_only=True) as connection:
        found = connection.execute(sql)
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def expected() -> list[dict[str, str]]:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def figures(published_home: Home) -> dict[str, dict[str, Any]]:
    return {row["figure_id"]: row for row in rows(published_home, "from marts.figure")}


@pytest.fixture(scope="module")
def verdicts(published_home: Home) -> dict[str, dict[str, Any]]:
    return {row["statement_id"]: row for row in rows(published_home, "from marts.statement_check")}


def test_no_id_goes_unless_the_changelog_says_so(figures: dict[str, dict[str, Any]]) -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    told = re.findall(r"`([^`\s]+/[^`\s]+)`", changelog.partition("### Definition changes")[2].partition("###")[0])
    kept = set(unfolded(FILE.read_text(encoding="utf-8").splitlines()))
    gone = {each for each in kept - figures.keys() if not any(re.match(text.replace("*", ".*"), each) for text in told)}
    assert not gone, (
        f"{len(gone)} ids are gone, such as {min(gone)}: name them (`mart/*/column`) under Definition changes in the "
        "CHANGELOG, then python -m tests.figure_ids"
    )


def test_ids_are_folded_without_loss(figures: dict[str, dict[str, Any]]) -> None:
    ids = [(row["table_id"], row["row_id"], row["column_id"]) for row in figures.values()]
    assert set(unfolded(folded(ids))) == figures.keys()


def test_the_contracts_own_example_is_the_printed_deviation(figures: dict[str, dict[str, Any]]) -> None:
    figure = figures["budget_outcome/KS/ordinary/2023/revenue/deviation"]
    assert (figure["unit"], figure["label"]) == (
        "kr",
        "Verksamhetens intäkter (ordinarie verksamhet) 2023: avvikelse mot budget",
    )
    assert (figure["value"] / 1000).quantize(Decimal(1), ROUND_HALF_UP) == -139


def test_every_entry_of_the_declaration_has_its_example(figures: dict[str, dict[str, Any]]) -> None:
    assert {example_of(entry) for entry in declared()} <= figures.keys()


def test_the_guide_says_what_the_declaration_says() -> None:
    assert (ROOT / "docs" / "figures.md").read_text(encoding="utf-8") == markdown()


def _part(key: Any) -> str:
    return "-" if key is None else str(key).replace(" ", "_").replace("/", "-")


def test_every_mart_of_figures_is_told_whole(published_home: Home, figures: dict[str, dict[str, Any]]) -> None:
    """Each column of each row is a figure with the mart's own value; what a mart withholds a figure withholds."""
    for entry in declared():
        if "count" in entry:
            continue
        where = f"where {entry['where']}" if "where" in entry else ""
        marts = rows(published_home, f"select * from marts.{entry['mart']} {where}")
        for row in marts:
            path = "/".join([entry["mart"], *(_part(row[key]) for key in (*entry["table"], *entry["row"]))])
            for column, (code, *_) in entry["columns"].items():
                figure = figures[f"{path}/{code}"]
                assert figure["value"] == row[column]
                assert figure["is_suppressed"] == row.get("is_suppressed", False)


def test_counts_are_the_rows_of_the_mart(figures: dict[str, dict[str, Any]]) -> None:
    assert figures["goal_assessment/KS/2023/Årsbokslut/Helt_uppfyllt/goals"]["value"] == 4
    assert figures["contract_review/KS/2023/lokalvard/Delvis/requirements"]["value"] == 2


def test_the_report_makes_a_hundred_and_eighteen_statements(verdicts: dict[str, dict[str, Any]]) -> None:
    assert (
        sorted(verdicts) == [f"C{number:03}" for number in range(1, 119)] == [row["statement_id"] for row in expected()]
    )


@pytest.mark.parametrize("row", expected(), ids=lambda row: row["statement_id"])
def test_a_statement_gets_the_verdict_that_is_expected(
    verdicts: dict[str, dict[str, Any]], row: dict[str, str]
) -> None:
    found = verdicts[row["statement_id"]]
    assert found["verdict"] == row["verdict"], found["explanation"]
    assert found["explanation"]
    # Where the claims file says otherwise, the expected table says why.
    assert row["reason"] or row["verdict"] == VERDICT_OF[row["claims_file"]]


def test_no_correct_statement_is_called_wrong(verdicts: dict[str, dict[str, Any]]) -> None:
    correct = [row["statement_id"] for row in expected() if row["claims_file"] == "ok"]
    assert {verdicts[code]["verdict"] for code in correct} == {"agrees"}


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("C030", "Talet stämmer i mnkr, inte i tkr"),
        ("C049", "Jämförelsen är med 2022, inte 2024; mot 2022 stämmer den."),
        ("C054", "Påståendet och C055 utesluter varandra. Siffrorna stöder det här"),
        ("C055", "Påståendet och C054 utesluter varandra. Siffrorna stöder inte det här"),
        ("C082", "(budget_outcome/KS/development/2023/other/deviation)"),
        ("C083", "(budget_outcome/KS/development/2023/services/deviation)"),
        ("C104", "6 av 12 jämförda siffror visas inte"),
    ],
)
def test_an_explanation_names_what_is_wrong(verdicts: dict[str, dict[str, Any]], code: str, says: str) -> None:
    assert says in verdicts[code]["explanation"]


@pytest.mark.parametrize(
    ("code", "where", "mnkr"),
    [
        ("C032", "unit_code = '12200' and account = '3512'", "0.4"),
        ("C037", "unit_code = '14000' and account = '3513'", "0.6"),
    ],
)
def test_what_stands_on_an_account_is_what_the_ledger_says(
    published_home: Home, verdicts: dict[str, dict[str, Any]], code: str, where: str, mnkr: str
) -> None:
    """Accounts are no figures; the explanation says where to look, and what is there is what the report says."""
    assert "ledger_entry" in verdicts[code]["explanation"]
    (found,) = rows(
        published_home, f"select -sum(amount_sek) as sek from marts.ledger_entry where {where} and fiscal_year = 2023"
    )
    assert (found["sek"] / 1_000_000).quantize(Decimal("0.1"), ROUND_HALF_UP) == Decimal(mnkr)


def test_the_run_tells_how_many_agree_and_lists_those_that_do_not(published_home: Home) -> None:
    with duckdb.connect(str(published_home.current), read_only=True) as connection:
        (table,) = disagreeing(connection)
    wrong = [row["statement_id"] for row in expected() if row["verdict"] not in ("agrees", "not_computable")]
    assert table.title == ("Kommunstyrelsen, påståenden 2023: 88 stämmer, 11 stämmer inte, 19 går inte att pröva")
    assert [row.name.split()[0] for row in table.rows] == wrong
    slip = Row("C030 Intäkterna är 0,1 tkr lägre än budget.", False, ("-0,1 tkr", "-139,2", "fel enhet"))
    assert slip in table.rows
