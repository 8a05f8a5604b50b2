"""Investments, forecasts and comparable years of the tiny municipality, figure by figure, and what spoils them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import raw_tables
from warehouses import Warehouse


def _sek(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


def _tree(warehouse: Warehouse, year: int) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        "select level, node_code, parent_code, budget_sek, outcome_sek, deviation_sek, prior_outcome_sek, change_sek "
        f"from marts.investment_outcome where board_code = 'KS' and fiscal_year = {year} order by sort_no"
    )


def test_investments_are_a_tree_with_totals_and_zero_rows(green: Warehouse) -> None:
    assert _tree(green, 2023) == [
        ("category", "C1", "total", *_sek("350.00", "350.50", "-0.50", "200.00", "150.50")),
        ("project", "P1", "C1", *_sek("300.00", "310.50", "-10.50", "200.00", "110.50")),
        ("subcategory", "C1S", "C1", *_sek("50.00", "40.00", "10.00", "0.00", "40.00")),
        ("project", "P2", "C1S", *_sek("50.00", "40.00", "10.00", "0.00", "40.00")),
        ("category", "C2", "total", *_sek("0.00", "0.00", "0.00", "0.00", "0.00")),
        ("total", "total", None, *_sek("350.00", "350.50", "-0.50", "200.00", "150.50")),
    ]


def test_a_project_is_not_shown_before_it_begins(green: Warehouse) -> None:
    assert [row[1] for row in _tree(green, 2022)] == ["C1", "P1", "C1S", "C2", "total"]
    assert _tree(green, 2022)[0][6:] == (None, None)


def test_what_is_posted_on_an_expired_project_is_shown_and_named(build: Callable[..., Warehouse]) -> None:
    tables = raw_tables.municipality()
    tables["project__nodes"][1]["valid_to"] = date(2022, 12, 31)
    warehouse = build(tables)
    assert warehouse.named("warn", "fail", "error") == {"investments_have_project"}
    assert _tree(warehouse, 2023)[1][:5] == ("project", "P1", "C1", *_sek("300.00", "310.50"))


@pytest.mark.parametrize(
    ("change", "named", "stops"),
    [
        pytest.param(
            lambda tables: tables["ledger__postings"][-4].update(project_code="P77"),
            "investments_have_project",
            False,
            id="a project outside the register",
        ),
        pytest.param(
            lambda tables: tables["project__nodes"][0].update(parent_code="C1S"),
            "project_tree_has_no_ring",
            True,
            id="a ring in the tree",
        ),
        pytest.param(
            lambda tables: tables["project__nodes"][4].update(parent_code="C9"),
            "project_parents_exist",
            False,
            id="a parent that does not exist",
        ),
        pytest.param(
            lambda tables: tables["investment_budget__lines"][0].update(project_code="P77"),
            "investment_budget_has_project",
            True,
            id="a budget for a project outside the register",
        ),
        pytest.param(
            lambda tables: tables["forecast__lines"][0].update(line_code="lunch"),
            "forecast_codes_are_known",
            True,
            id="a forecast for a line that does not exist",
        ),
        pytest.param(
            lambda tables: tables["forecast__lines"][-1].update(amount_sek=Decimal("528.00")),
            "forecast_totals_are_sums",
            False,
            id="a total that is not the sum of its lines",
        ),
    ],
)
def test_what_data_owners_must_mend_is_named(
    build: Callable[..., Warehouse], change: Callable[[raw_tables.Tables], None], named: str, stops: bool
) -> None:
    tables = raw_tables.municipality()
    change(tables)
    warehouse = build(tables)
    assert warehouse.statuses[named] == ("fail" if stops else "warn")
    assert bool(warehouse.named("fail", "error")) is stops


def _accuracy(warehouse: Warehouse, month: int) -> dict[str, tuple[Any, ...]]:
    rows = warehouse.rows(
        "select line_code, forecast_sek, deviation_sek, accuracy_rank from marts.forecast_accuracy "
        f"where forecast_month = {month} order by line_no"
    )
    return {code: rest for code, *rest in rows}


def test_every_round_is_kept_with_its_totals(green: Warehouse) -> None:
    rounds = green.rows(
        "select forecast_month, reported_on, count(*) from marts.forecast_accuracy group by all order by all"
    )
    assert rounds == [(4, date(2023, 5, 20), 10), (8, date(2023, 9, 20), 10), (10, date(2023, 11, 10), 10)]
    assert _accuracy(green, 4)["result"][:2] == list(_sek("-605.00", "1014.75"))
    assert _accuracy(green, 8)["result"][:2] == list(_sek("527.00", "-117.25"))


def test_the_nearest_forecast_is_first_and_nothing_without_outcome_is_ranked(green: Warehouse) -> None:
    ranks = {code: rank for code, (_, _, rank) in _accuracy(green, 8).items() if rank is not None}
    assert ranks == {"personnel": 1, "revenue": 2, "rent": 3}


def test_a_round_reported_again_is_kept_beside(build: Callable[..., Warehouse]) -> None:
    tables = raw_tables.municipality()
    again = [
        {**row, "load_id": "again", "reported_on": date(2023, 10, 2)}
        for row in tables["forecast__lines"]
        if row["load_id"] == "fc08"
    ]
    tables["forecast__lines"] += again
    for table in ("deliveries__load", "deliveries__current"):
        (before,) = (row for row in tables[table] if row["load_id"] == "fc08")
        tables[table].append({**before, "load_id": "again"})
    warehouse = build(tables)
    assert warehouse.named("success", "pass") == set(warehouse.statuses)
    assert warehouse.rows(
        "select reported_on, is_latest_report, count(*), max(accuracy_rank) from marts.forecast_accuracy "
        "where forecast_month = 8 group by all order by all"
    ) == [(date(2023, 9, 20), False, 10, 3), (date(2023, 10, 2), True, 10, 3)]


def test_the_month_shows_the_newest_forecast_known_by_then(green: Warehouse) -> None:
    rows = green.rows(
        "select period, budget_full_year_sek, forecast_full_year_sek, forecast_deviation_sek, occasion_name "
        "from marts.budget_outcome_board_month where board_code = 'KS' and segment_code = 'ordinary' "
        "and line_code = 'revenue' and period in (202304, 202305, 202308, 202309) order by period"
    )
    assert rows == [
        (202304, Decimal("90.00"), None, None, None),
        (202305, *_sek("90.00", "95.00", "5.00"), "Prognos 4"),
        (202308, *_sek("90.00", "95.00", "5.00"), "Prognos 4"),
        (202309, *_sek("90.00", "82.00", "-8.00"), "Prognos 8"),
    ]


def _change(warehouse: Warehouse, line: str, year: int = 2023) -> tuple[Any, ...]:
    (row,) = warehouse.rows(
        "select outcome_sek, prior_outcome_sek, change_sek, excluded_units from marts.comparable_change "
        f"where board_code = 'KS' and segment_code = 'ordinary' and fiscal_year = {year} and line_code = '{line}'"
    )
    return row


def test_only_units_of_both_years_are_compared_and_the_others_are_named(green: Warehouse) -> None:
    assert _change(green, "revenue") == (*_sek("0.00", "0.00", "0.00"), "Enhet 20; Enhet 40")
    assert _change(green, "personnel") == (*_sek("-650.25", "-600.10", "-50.15"), "Enhet 20; Enhet 40")
    assert _change(green, "municipal_grant")[:3] == _sek("1100.00", "1000.00", "100.00")


def test_a_unit_that_takes_over_is_compared_with_its_predecessor(build: Callable[..., Warehouse]) -> None:
    tables = raw_tables.municipality()
    successor = raw_tables.unit(8, "41", "KS", "1", valid_from=date(2023, 1, 1), predecessor_codes="40")
    tables["organisation__units"].append(successor)
    tables["ledger__postings"] += raw_tables.voucher(
        "led23", 900, date(2023, 2, 1), ("5010", "41", "75.00"), ("1930", None, "-75.00")
    )
    tables["ledger__balances"][0]["amount_sek"] += Decimal("75.00")
    warehouse = build(tables)
    assert warehouse.named("success", "pass") == set(warehouse.statuses)
    assert _change(warehouse, "personnel") == (*_sek("-725.25", "-670.10", "-55.15"), "Enhet 20")


def test_what_a_municipality_does_not_deliver_is_empty_and_stops_nothing(build: Callable[..., Warehouse]) -> None:
    tables = raw_tables.municipality()
    for name in ("project__nodes", "investment_budget__lines", "forecast__lines", "ledger__forecasts"):
        tables[name] = []
    warehouse = build(tables)
    assert warehouse.named("success", "pass") == set(warehouse.statuses)
    for mart in ("investment_outcome", "forecast_accuracy"):
        assert warehouse.rows(f"select count(*) from marts.{mart}") == [(0,)]
    running = "select count(*), count(forecast_full_year_sek) from marts.budget_outcome_board_month"
    assert warehouse.rows(running) == [(480, 0)]
