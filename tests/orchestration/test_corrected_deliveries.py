"""Corrections on their way from the home's file to raw tables, quarantine and the register."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from orchestration.home import Home
from orchestration.loading.arrival import judge_deliveries
from orchestration.loading.intake import take_inbox
from orchestration.loading.raw_files import QUARANTINE, raw_path
from orchestration.loading.reading import read_deliveries
from orchestration.settings import Inbox, Settings
from sources.corrections import CorrectionsError
from sources.register import Delivery, Register
from sources.registry import source_by_code

SETTINGS = Settings(inbox=Inbox(settle_seconds=0))
BUDGET = "År;Ansvar;Konto;Belopp\n2023;0110;5010;12,50\n2023;0120;5010;10\n2023;0130;5010;10\n"
SET = """
- id: budget-2023-1
  match: {table: budget__lines, fiscal_year: 2023, unit_code: "0110"}
  action: set
  set: {amount_sek: "1250.00"}
  expect: {rows: 1, amount_sek: "12.50"}
  reason: Beloppet står i hundratal kronor
  reported_to: controller
  reported_on: 2023-02-01
  status: reported
"""
DROP = SET.replace('action: set\n  set: {amount_sek: "1250.00"}', "action: drop")


def night(home: Home, run_id: str, budget: str | None = None, name: str = "budget_2023.csv") -> dict[str, Delivery]:
    """Deliver a budget, take, read and judge, a day later each time; return the register by file name."""
    if budget is not None:
        (home.inbox / name).write_text(budget, encoding="utf-8")
    source = source_by_code("budget")
    with Register(home.register) as register:
        for earlier in register.deliveries():
            register.update(earlier.load_id, received_at=earlier.received_at - timedelta(days=1))
        take_inbox(home, SETTINGS, register, run_id)
        read_deliveries(home, SETTINGS, register, source)
        judge_deliveries(home, SETTINGS, register, source, run_id)
        return {delivery.file_name: delivery for delivery in register.deliveries()}


def correct(home: Home, text: str) -> None:
    home.corrections.mkdir(exist_ok=True)
    (home.corrections / "budget.yml").write_text(text, encoding="utf-8")


def amounts(home: Home, delivery: Delivery) -> list[str]:
    return [str(value) for value in pq.read_table(raw_path(home, "budget__lines", delivery.load_id))["amount_sek"]]


def quarantine(home: Home, delivery: Delivery) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(raw_path(home, QUARANTINE, delivery.load_id)).to_pylist()
    return rows


def test_a_value_is_set_before_raw_is_written_and_the_register_says_so(empty_home: Home) -> None:
    correct(empty_home, SET)
    found = night(empty_home, "1", BUDGET)["budget_2023.csv"]

    assert (found.status, found.rows_loaded, found.rows_quarantined) == ("loaded", 3, 0)
    assert amounts(empty_home, found) == ["1250.00", "10.00", "10.00"]
    assert found.facts["corrections"] == "budget-2023-1: 1 rader ändrade (amount_sek)"


def test_a_dropped_row_is_counted_and_is_no_fault_of_the_file(empty_home: Home) -> None:
    correct(empty_home, DROP)
    found = night(empty_home, "1", BUDGET)["budget_2023.csv"]

    assert (found.status, found.rows_in, found.rows_loaded, found.rows_quarantined) == ("loaded", 3, 2, 1)
    (row,) = quarantine(empty_home, found)
    assert (row["table_name"], row["row_no"], row["check_name"]) == ("budget__lines", 2, "correction")
    assert row["message"] == (
        "budget/budget_2023.csv rad 2: raden är utelämnad av rättelsen budget-2023-1: Beloppet står i hundratal kronor"
    )
    assert len(amounts(empty_home, found)) == 3


def test_a_dropped_row_of_a_rejected_file_is_counted_once(empty_home: Home) -> None:
    correct(empty_home, DROP)
    found = night(empty_home, "1", BUDGET.replace("0120;5010", "0120;50x0"))["budget_2023.csv"]

    assert (found.status, found.rows_in, found.rows_loaded, found.rows_quarantined) == ("rejected", 3, 0, 3)


def test_a_row_that_could_not_be_read_can_be_corrected(empty_home: Home) -> None:
    correct(empty_home, SET.replace('rows: 1, amount_sek: "12.50"', "rows: 1, amount_sek: null"))
    found = night(empty_home, "1", BUDGET.replace("12,50", "se bilaga"))["budget_2023.csv"]

    assert found.status == "loaded"
    assert "se bilaga" not in found.message


def test_a_file_that_is_read_already_is_read_again_when_a_correction_comes_and_when_it_goes(empty_home: Home) -> None:
    night(empty_home, "1", BUDGET)

    correct(empty_home, DROP)
    found = night(empty_home, "2")["budget_2023.csv"]
    assert (found.rows_loaded, found.rows_quarantined) == (2, 1)

    correct(empty_home, "[]")
    found = night(empty_home, "3")["budget_2023.csv"]
    assert (found.status, found.rows_loaded, found.rows_quarantined) == ("loaded", 3, 0)
    assert quarantine(empty_home, found) == []


def test_a_file_is_not_read_again_while_its_corrections_stand(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sources.budget

    correct(empty_home, SET)
    night(empty_home, "1", BUDGET)
    night(empty_home, "2", "\n", "budget_tom.csv")

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(sources.budget, "read", never)
    assert [d.status for d in night(empty_home, "3").values()] == ["loaded", "rejected"]


def test_when_the_source_has_mended_it_the_file_is_refused_until_the_correction_is_gone(empty_home: Home) -> None:
    correct(empty_home, SET)
    night(empty_home, "1", BUDGET)

    mended = BUDGET.replace("12,50", "1 250,00")
    found = night(empty_home, "2", mended, "budget_2023_ny.csv")
    assert (found["budget_2023.csv"].status, found["budget_2023_ny.csv"].status) == ("loaded", "rejected")
    message = found["budget_2023_ny.csv"].message
    assert message.startswith("budget/budget_2023_ny.csv: Rättelsen budget-2023-1 passar inte filen: ")
    assert f"Ta bort rättelsen ur {empty_home.corrections / 'budget.yml'}" in message

    (empty_home.corrections / "budget.yml").unlink()
    found = night(empty_home, "3")
    assert (found["budget_2023.csv"].status, found["budget_2023_ny.csv"].status) == ("superseded", "loaded")
    assert amounts(empty_home, found["budget_2023_ny.csv"])[0] == "1250.00"


def test_files_that_are_only_read_again_are_no_rivals(empty_home: Home) -> None:
    night(empty_home, "1", BUDGET.replace("5010", "50x0"))
    night(empty_home, "2", BUDGET, "budget_2023_ny.csv")

    correct(empty_home, SET)
    found = night(empty_home, "3")

    assert (found["budget_2023.csv"].status, found["budget_2023_ny.csv"].status) == ("rejected", "loaded")
    assert "kom samtidigt" not in found["budget_2023.csv"].message


def test_corrections_that_cannot_be_used_stop_the_source_by_name(empty_home: Home) -> None:
    correct(empty_home, SET.replace("controller", ""))

    with pytest.raises(CorrectionsError, match="budget-2023-1"):
        night(empty_home, "1", BUDGET)


def test_the_archived_file_is_untouched(empty_home: Home) -> None:
    correct(empty_home, SET)
    night(empty_home, "1", BUDGET)

    [archived] = [path for path in empty_home.archive.rglob("*") if path.is_file() and path.suffix != ".json"]
    assert Path(archived).read_text(encoding="utf-8") == BUDGET
