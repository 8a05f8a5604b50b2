"""The pieces the example is made of, each seen to do its work and to refuse what it must."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from example_inbox import Row, Sie, project_sums, read_ledgers, read_rows
from hypothesis import given
from hypothesis import strategies as st

from sources.example import write_example
from sources.example.__main__ import main
from sources.example.catalog import Catalog, PlanRow, line_of, ore, read_catalog
from sources.example.exports.budgets import budget_lines
from sources.example.figures.printed import Cell, investment_cells, printed_cells
from sources.example.ledger.rhythms import RHYTHMS, split
from sources.example.ledger.workdays import workdays
from sources.example.solve import Unsolvable, solve_investments, solve_plan, solved


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog()


def test_the_same_seed_gives_the_same_bytes(inbox: Path, tmp_path: Path) -> None:
    for path in write_example(tmp_path):
        assert path.read_bytes() == (inbox / path.name).read_bytes(), path.name


def test_another_seed_gives_other_vouchers_with_the_same_sums(
    tmp_path: Path, rows: list[Row], ledgers: dict[int, Sie]
) -> None:
    write_example(tmp_path, seed=7)
    others = read_ledgers(tmp_path)
    assert read_rows(tmp_path, others) == rows
    assert project_sums(others) == project_sums(ledgers)
    assert all(others[year].vouchers != ledgers[year].vouchers for year in ledgers)


def test_scale_gives_more_vouchers_with_the_same_sums(tmp_path: Path, rows: list[Row], ledgers: dict[int, Sie]) -> None:
    write_example(tmp_path, scale=2)
    others = read_ledgers(tmp_path)
    assert read_rows(tmp_path, others) == rows
    assert project_sums(others) == project_sums(ledgers)
    for year, many in others.items():
        assert 1.7 < len(many.vouchers) / len(ledgers[year].vouchers) < 2.3
        assert all(sum(posting.amount for posting in voucher.postings) == 0 for voucher in many.vouchers)


def test_the_command_writes_where_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["example", "--out", str(tmp_path / "inbox")])
    main()
    assert sorted(capsys.readouterr().out.split()) == sorted(str(path) for path in (tmp_path / "inbox").iterdir())


def test_a_scale_below_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="scale is 0"):
        write_example(tmp_path, scale=0)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_ledger_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one of sie, raindance, unit4"):
        write_example(tmp_path, ledger_format="sap")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@given(st.integers(-(10**11), 10**11), st.lists(st.floats(0.01, 100), min_size=1, max_size=200).map(np.array))
def test_parts_add_up_to_the_whole(amount: int, weights: np.ndarray) -> None:
    parts = split(amount, weights)
    assert parts.sum() == amount
    assert len(parts) == len(weights)


@pytest.mark.parametrize(
    ("value", "printed"), [(150_000, 2), (149_999, 1), (-150_000, -2), (-149_999, -1), (49_999, 0), (0, 0)]
)
def test_cells_round_half_away_from_zero(value: int, printed: int) -> None:
    plan = (PlanRow("1", "3011", "", "", {"outcome_2023": -value}, ()),)
    cell = Cell("x", ((0, "outcome_2023", 1),), printed * 100_000, 100_000, exact=False)
    assert cell.agrees(plan)
    assert not replace(cell, printed_ore=cell.printed_ore + 100_000).agrees(plan)


def test_the_sketch_alone_does_not_give_the_report(catalog: Catalog) -> None:
    cells, plan = printed_cells(catalog), solve_plan(catalog)
    assert [cell.name for cell in cells if not cell.agrees(catalog.plan)] != []
    assert [cell.name for cell in cells if not cell.agrees(plan)] == []
    cells, investments = investment_cells(catalog), solve_investments(catalog)
    assert [cell.name for cell in cells if not cell.agrees(catalog.investments)] != []
    assert [cell.name for cell in cells if not cell.agrees(investments)] == []


def test_the_solved_plan_stays_near_the_sketch(catalog: Catalog) -> None:
    for sketched, found in zip(catalog.booked_rows, solved(catalog).booked_rows, strict=True):
        for measure, amount in sketched.ore.items():
            assert abs(found.ore[measure] - amount) <= 5_000_00
            assert (found.ore[measure] > 0) == (amount > 0)


def test_a_plan_that_cannot_give_the_report_is_refused(catalog: Catalog) -> None:
    without_rent = tuple(row for row in catalog.plan if line_of(row.account) != "rent")
    with pytest.raises(Unsolvable, match=r"invented/plan\.csv"):
        solve_plan(replace(catalog, plan=without_rent))


def test_investments_that_cannot_give_the_report_are_refused(catalog: Catalog) -> None:
    dearer = tuple(replace(row, ore={**row.ore, "budget_2023": 1_000_00}) for row in catalog.investments)
    with pytest.raises(Unsolvable, match=r"invented/investments\.csv"):
        solve_investments(replace(catalog, investments=dearer))


def test_forecasts_that_are_not_the_printed_ones_are_refused(catalog: Catalog) -> None:
    first, *others = catalog.forecasts
    rosier = replace(first, ore={**first.ore, ("ordinarie", "revenue"): first.ore["ordinarie", "revenue"] + 100_000})
    with pytest.raises(Unsolvable, match=r"invented/forecasts\.csv"):
        solved(replace(catalog, forecasts=(rosier, *others)))


def test_budget_months_add_up_to_the_row(catalog: Catalog) -> None:
    row = PlanRow("1", "3511", "", "", {"budget_2023": -1_000_01}, (3, 6, 9))
    lines = list(budget_lines(replace(catalog, plan=(row,)), 2023, "budget_2023", "Reviderad"))
    assert [(line[5], line[6]) for line in lines] == [("202303", -333_00), ("202306", -333_00), ("202309", -334_01)]


def test_every_code_of_the_plan_is_in_the_registers(catalog: Catalog) -> None:
    for row in catalog.plan:
        account = catalog.accounts[row.account]
        assert account.rhythm in RHYTHMS
        assert account.counter_account in catalog.balance_accounts
        assert row.activity_code in catalog.activities
        assert row.project_code in {"", *catalog.projects}
        assert {catalog.unit_in(row.unit_code, year).code for year in (2022, 2023)} == {row.unit_code}
    keys = [(row.unit_code, row.account, row.activity_code, row.project_code) for row in catalog.plan]
    assert len(keys) == len(set(keys))


def test_every_project_of_the_tree_is_invested_in_once(catalog: Catalog) -> None:
    invested = [row.project_code for row in catalog.investments]
    assert sorted(invested) == sorted(node.code for node in catalog.project_nodes if node.level == "projekt")
    for row in catalog.investments:
        account = catalog.accounts[row.account]
        assert account.rhythm in RHYTHMS
        assert {row.account, account.counter_account} <= catalog.balance_accounts.keys()
    codes = {node.code for node in catalog.project_nodes}
    assert {node.parent_code for node in catalog.project_nodes} - {""} <= codes
    assert len(codes) == len(catalog.project_nodes) == len({node.sort_no for node in catalog.project_nodes})


def test_names_can_be_written_in_sie_as_they_are(catalog: Catalog) -> None:
    accounts = [*catalog.accounts.values(), *catalog.balance_accounts.values()]
    texts = [name for account in accounts for name in (account.name, account.text)]
    for text in [*texts, *catalog.activities.values(), *catalog.projects.values(), *(u.name for u in catalog.units)]:
        assert not set(text) & set('"{}\\')
        assert text.encode("cp437").decode("cp437") == text


def test_lookups_name_what_is_missing(catalog: Catalog) -> None:
    with pytest.raises(LookupError, match="99999"):
        catalog.unit_in("99999", 2023)
    with pytest.raises(LookupError, match="8911"):
        line_of("8911")
    with pytest.raises(ValueError, match=r"0\.001"):
        ore("0.001")


def test_a_day_that_is_no_workday_moves_back_within_its_month() -> None:
    calendar = workdays(2023)
    assert str(calendar.on(3, 25)) == "2023-03-24"
    assert str(calendar.on(1, 1)) == "2023-01-02"
    assert str(calendar.on(2, 31)) == "2023-02-28"
