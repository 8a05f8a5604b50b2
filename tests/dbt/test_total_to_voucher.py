"""From any figure to its postings: random cells of the statement are the sum of what `ledger_entry` says of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
import raw_tables
from warehouses import Warehouse

ACCOUNTS = ["3010", "4610", "5010", "5610", "6010", "7010", "7410", "8291", "8410"]
UNITS = ["1", "10", "20", "30", None]
CELLS = 40

# The query that docs/from_total_to_voucher.md teaches, for one cell.
POSTINGS = """
    select coalesce(-sum(entry.amount_sek), 0)
    from marts.line_component as part
    inner join marts.ledger_entry as entry on part.component_code = entry.line_code
    where part.line_code = '{line_code}' and entry.board_code = '{board_code}'
    and entry.segment_code = '{segment_code}' and entry.fiscal_year = {fiscal_year}
"""


@pytest.fixture(scope="module")
def busy(build: Callable[..., Warehouse]) -> Warehouse:
    """The tiny municipality with three hundred random vouchers more."""
    drawn = random.Random(1489)
    tables = raw_tables.municipality()
    tables["ledger__balances"] = []
    for number in range(300):
        year = drawn.choice((2022, 2023))
        on = date(year, 1, 1) + timedelta(days=drawn.randrange(365))
        amount = Decimal(drawn.randrange(-10_000_000, 10_000_000)) / 100
        postings = (drawn.choice(ACCOUNTS), drawn.choice(UNITS), f"{amount:.2f}"), ("1930", None, f"{-amount:.2f}")
        load_id, row_no, project = f"led{year - 2000}", 10_000 + number * 5, drawn.choice((None, "P1", "P2"))
        tables["ledger__postings"] += raw_tables.voucher(load_id, row_no, on, *postings, project_code=project)
    warehouse = build(tables)
    assert warehouse.named("success", "pass") == set(warehouse.statuses)
    return warehouse


def _cells(warehouse: Warehouse, mart: str, *columns: str) -> list[dict[str, object]]:
    """Return random rows of a mart: the named columns and `outcome_sek`."""
    names = [*columns, "outcome_sek"]
    rows = warehouse.rows(f"select {', '.join(names)} from marts.{mart} order by all")
    return [dict(zip(names, row, strict=True)) for row in random.Random(mart).sample(rows, CELLS)]


def test_a_cell_of_the_statement_is_the_sum_of_its_postings(busy: Warehouse) -> None:
    cells = _cells(busy, "budget_outcome", "board_code", "segment_code", "fiscal_year", "line_code")
    assert {cell["line_code"] for cell in cells} >= {"costs", "net_cost", "result", "personnel"}
    assert sum(cell["outcome_sek"] != 0 for cell in cells) > CELLS / 2
    for cell in cells:
        assert busy.rows(POSTINGS.format(**cell)) == [(cell["outcome_sek"],)], cell


def test_a_cell_of_a_unit_and_month_is_the_sum_of_its_postings(busy: Warehouse) -> None:
    keys = ("board_code", "segment_code", "unit_code", "fiscal_year", "period", "line_code")
    for cell in _cells(busy, "budget_outcome_month", *keys):
        unit = "is null" if cell["unit_code"] is None else f"= '{cell['unit_code']}'"
        query = POSTINGS.format(**cell) + f"and entry.unit_code {unit} and entry.period = {cell['period']}"
        assert busy.rows(query) == [(cell["outcome_sek"],)], cell


def test_a_project_is_the_sum_of_its_postings_on_investment_accounts(busy: Warehouse) -> None:
    projects = busy.rows(
        "select node_code, fiscal_year, outcome_sek from marts.investment_outcome where level = 'project'"
    )
    assert len(projects) == 3
    for project, year, outcome in projects:
        postings = busy.rows(
            "select coalesce(sum(amount_sek), 0) from marts.ledger_entry "
            f"where is_investment and project_code = '{project}' and fiscal_year = {year}"
        )
        assert postings == [(outcome,)], (project, year)


def test_every_posting_of_the_statement_is_in_one_base_line_of_one_file_and_row(busy: Warehouse) -> None:
    lost = busy.rows(
        "select count(*) from marts.ledger_entry where line_code is null and account not like '1%' "
        "or file_name is null or row_no is null"
    )
    assert lost == [(0,)]
    rows = busy.rows("select count(*), count(distinct (file_name, row_no)) from marts.ledger_entry")
    assert rows[0][0] == rows[0][1] > 600
