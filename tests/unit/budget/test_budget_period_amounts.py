"""The budget in the ledger's own file: totals and rows per object are never added."""

from decimal import Decimal

import pyarrow as pa
import pytest

from sources.budget.period_amounts import budget_from_period_amounts
from sources.budget.schema import BUDGET_LINES


def amounts(*rows):
    """Return ledger__period_amounts; a row is kind, unit, amount."""
    return {
        "ledger__period_amounts": pa.table(
            {
                "row_no": pa.array(range(1, len(rows) + 1), pa.int64()),
                "kind": pa.array([kind for kind, _, _ in rows], pa.string()),
                "year_no": pa.array([0] * len(rows), pa.int32()),
                "fiscal_year": pa.array([2023] * len(rows), pa.int32()),
                "period": pa.array([202301] * len(rows), pa.int32()),
                "account": pa.array(["5010"] * len(rows), pa.string()),
                "unit_code": pa.array([unit for _, unit, _ in rows], pa.string()),
                "activity_code": pa.nulls(len(rows), pa.string()),
                "project_code": pa.nulls(len(rows), pa.string()),
                "has_objects": pa.array([unit is not None for _, unit, _ in rows], pa.bool_()),
                "amount_sek": pa.array([Decimal(amount) for _, _, amount in rows], pa.decimal128(18, 2)),
            }
        )
    }


def lines(*rows):
    table = budget_from_period_amounts(amounts(*rows))
    assert table.schema == BUDGET_LINES
    return [(row["row_no"], row["unit_code"], row["amount_sek"], row["version"]) for row in table.to_pylist()]


def test_rows_per_object_are_taken_instead_of_totals():
    assert lines(("PBUDGET", None, "100"), ("PBUDGET", "01", "60"), ("PBUDGET", "02", "40")) == [
        (2, "01", Decimal("60.00"), "original"),
        (3, "02", Decimal("40.00"), "original"),
    ]


def test_totals_are_taken_where_there_is_nothing_else():
    assert lines(("PBUDGET", None, "100")) == [(1, None, Decimal("100.00"), "original")]


def test_balances_are_no_budget_and_their_objects_do_not_count():
    assert lines(("PSALDO", "01", "7"), ("PBUDGET", None, "100")) == [(2, None, Decimal("100.00"), "original")]


def test_without_budget_there_are_no_lines():
    assert lines(("PSALDO", "01", "7")) == []
    assert lines() == []


def test_without_the_table_it_fails():
    with pytest.raises(KeyError):
        budget_from_period_amounts({})
