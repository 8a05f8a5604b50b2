"""What the marts say of the tiny municipality, figure by figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import raw_tables
from warehouses import Warehouse

BASE_LINES = ["revenue", "personnel", "rent", "services", "other"]
LINES = [*BASE_LINES, "costs", "net_cost", "municipal_grant", "financial_net", "result"]


def _statement(warehouse: Warehouse, board: str, segment: str, year: int, column: str) -> dict[str, Decimal | None]:
    return dict(
        warehouse.rows(
            f"select line_code, {column} from marts.budget_outcome where board_code = '{board}' "
            f"and segment_code = '{segment}' and fiscal_year = {year} order by line_no"
        )
    )


def _sek(*amounts: str) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


def test_every_test_passes(green: Warehouse) -> None:
    assert green.named("success", "pass") == set(green.statuses)


def test_statement_has_all_lines_in_order_with_the_statements_sign(green: Warehouse) -> None:
    outcome = _statement(green, "KS", "ordinary", 2023, "outcome_sek")
    assert list(outcome) == LINES
    assert list(outcome.values()) == _sek(
        "80.00", "-650.25", "-120.00", "0.00", "0.00", "-770.25", "-690.25", "1100.00", "0.00", "409.75"
    )


def test_deviation_is_outcome_minus_budget(green: Warehouse) -> None:
    deviation = _statement(green, "KS", "ordinary", 2023, "deviation_sek")
    assert deviation["revenue"] == Decimal("-10.00")
    assert deviation["personnel"] == Decimal("49.75")


def test_year_before_is_unknown_in_the_first_year(green: Warehouse) -> None:
    assert set(_statement(green, "KS", "ordinary", 2022, "prior_outcome_sek").values()) == {None}
    assert set(_statement(green, "KS", "ordinary", 2022, "change_sek").values()) == {None}


def test_year_before_is_zero_where_the_segment_had_nothing(green: Warehouse) -> None:
    assert set(_statement(green, "KS", "development", 2023, "prior_outcome_sek").values()) == {Decimal("0.00")}


def test_unit_that_moved_leaves_its_history_with_the_old_board(green: Warehouse) -> None:
    assert _statement(green, "SBN", "ordinary", 2022, "outcome_sek")["revenue"] == Decimal("50.00")
    assert _statement(green, "KS", "ordinary", 2023, "prior_outcome_sek")["revenue"] == Decimal("0.00")
    moved = green.rows(
        "select board_code, fiscal_year, outcome_sek, prior_outcome_sek from marts.budget_outcome_unit "
        "where unit_code = '20' and line_code = 'revenue' order by fiscal_year"
    )
    assert moved == [("SBN", 2022, Decimal("50.00"), None), ("KS", 2023, Decimal("80.00"), Decimal("0.00"))]


def test_closed_unit_stays_for_its_year_before(green: Warehouse) -> None:
    rows = green.rows(
        "select unit_name, outcome_sek, prior_outcome_sek, change_sek from marts.budget_outcome_unit "
        "where unit_code = '40' and fiscal_year = 2023 and line_code = 'personnel'"
    )
    assert rows == [("Enhet 40", *_sek("0.00", "-70.00", "70.00"))]


def test_what_is_on_no_unit_belongs_to_the_default_board(green: Warehouse) -> None:
    rows = green.rows(
        "select board_code, segment_code, unit_name, outcome_sek from marts.budget_outcome_unit "
        "where unit_code is null and fiscal_year = 2023 and line_code = 'municipal_grant'"
    )
    assert rows == [("KS", "ordinary", "Utan ansvar", Decimal("1100.00"))]


def test_month_has_all_periods_and_sums_to_date(green: Warehouse) -> None:
    rows = green.rows(
        "select period, budget_sek, outcome_sek, budget_ytd_sek, outcome_ytd_sek, deviation_ytd_sek, "
        "prior_outcome_ytd_sek from marts.budget_outcome_month "
        "where unit_code = '10' and fiscal_year = 2023 and line_code = 'personnel' order by period"
    )
    assert [row[0] for row in rows] == [202300 + month for month in range(1, 13)]
    assert list(rows[0][1:]) == _sek("-58.33", "0.00", "-58.33", "0.00", "58.33", "0.00")
    assert list(rows[2][1:]) == _sek("-58.33", "-650.25", "-174.99", "-650.25", "-475.26", "-600.10")
    assert list(rows[11][1:]) == _sek("-58.37", "0.00", "-700.00", "-650.25", "49.75", "-600.10")


def test_ledger_entry_tells_where_a_posting_came_from(green: Warehouse) -> None:
    rows = green.rows(
        "select board_code, segment_code, account_name, line_code, amount_sek, file_name, row_no "
        "from marts.ledger_entry where account = '3010' order by fiscal_year"
    )
    assert rows == [
        ("SBN", "ordinary", "Avgifter", "revenue", Decimal("-50.00"), "KS_2022.se", 301),
        ("KS", "ordinary", "Avgifter", "revenue", Decimal("-80.00"), "KS_2023.se", 301),
    ]


def test_removed_postings_are_seen_in_staging_only(green: Warehouse) -> None:
    removed = "where posting_kind = 'BTRANS'"
    assert green.rows(f"select row_no, is_counted from staging.stg_ledger__postings {removed}") == [(601, False)]
    assert green.rows("select count(*) from marts.ledger_entry where row_no = 601") == [(0,)]


def test_superseded_and_quarantined_rows_are_left_out(build: Callable[..., Warehouse]) -> None:
    tables = raw_tables.municipality()
    old = [{**row, "load_id": "old"} for row in tables["ledger__postings"] if row["load_id"] == "led23"]
    bad = raw_tables.voucher("led23", 900, date(2023, 2, 1), ("5010", "10", "77.00"), ("1930", None, "-77.00"))
    tables["ledger__postings"] += [*old, *bad]
    tables["quarantine__rows"] = [
        {"load_id": "led23", "table_name": "ledger__postings", "row_no": row["row_no"]} for row in bad
    ]
    warehouse = build(tables)
    assert warehouse.named("success", "pass") == set(warehouse.statuses)
    assert _statement(warehouse, "KS", "ordinary", 2023, "outcome_sek")["personnel"] == Decimal("-650.25")


def test_budget_in_the_ledger_serves_where_no_budget_was_delivered(build: Callable[..., Warehouse]) -> None:
    tables = raw_tables.municipality()
    tables["budget__lines"] = [row for row in tables["budget__lines"] if row["load_id"] == "bud22"]
    tables["ledger__period_amounts"] = [
        _period_budget(10, "5010", None, "500.00"),
        _period_budget(11, "5010", "10", "450.00"),
    ]
    warehouse = build(tables)
    assert warehouse.named("error", "fail") == set()
    budget = warehouse.rows(
        "select unit_code, budget_sek from marts.budget_outcome_unit "
        "where fiscal_year = 2023 and line_code = 'personnel' and budget_sek <> 0 order by unit_code nulls last"
    )
    assert budget == [("10", Decimal("-450.00")), (None, Decimal("-50.00"))]


def _period_budget(row_no: int, account: str, unit: str | None, amount: str) -> dict[str, Any]:
    row: dict[str, Any] = {"load_id": "led23", "row_no": row_no, "kind": "PBUDGET", "year_no": 0, "fiscal_year": 2023}
    row |= {"period": 202301, "account": account, "unit_code": unit, "has_objects": unit is not None}
    return {**row, "amount_sek": Decimal(amount)}


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        pytest.param(
            lambda tables: tables.update(
                budget__lines=[row for row in tables["budget__lines"] if row["unit_code"] != "20"]
            ),
            "board_has_budget",
            id="board without budget",
        ),
        pytest.param(
            lambda tables: tables["settings__account_lines"].clear(),
            "fct_ledger_maps_to_line",
            id="posting on an account without line",
        ),
        pytest.param(
            lambda tables: tables["organisation__units"].pop(3),
            "fct_ledger_has_owner",
            id="posting on a unit that is not valid that day",
        ),
    ],
)
def test_what_data_owners_must_mend_stops_the_marts(
    build: Callable[..., Warehouse], change: Callable[[raw_tables.Tables], None], failing: str
) -> None:
    tables = raw_tables.municipality()
    change(tables)
    warehouse = build(tables)
    assert warehouse.statuses[failing] == "fail"
    assert warehouse.statuses["budget_outcome"] == "skipped"
