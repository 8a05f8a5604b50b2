from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sources.register import Delivery, Register

NOON = datetime(2024, 1, 22, 12, tzinfo=UTC)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path / "register.sqlite")


def add(register: Register, load_id: str, minutes: int = 0, **values: Any) -> None:
    defaults: dict[str, Any] = {
        "source_code": "ledger",
        "file_name": f"{load_id}.se",
        "sha256": load_id,
        "size_bytes": 1,
        "received_at": NOON + timedelta(minutes=minutes),
        "run_id": "run",
        "status": "loaded",
        "organisation_number": "212000-1553",
        "fiscal_years": [2023],
        "generated_on": date(2024, 1, 22),
    }
    register.add(trace=load_id, load_id=load_id, **(defaults | values))


def statuses(register: Register) -> dict[str, str]:
    return {delivery.load_id: delivery.status for delivery in register.deliveries()}


def test_a_newer_delivery_for_the_same_year_supersedes_and_history_is_kept(register: Register) -> None:
    add(register, "old")
    add(register, "new", minutes=1)

    marked = register.supersede()

    assert [delivery.load_id for delivery in marked] == ["old"]
    assert statuses(register) == {"old": "superseded", "new": "loaded"}
    old = register.deliveries()[0]
    assert old.superseded_by == "new"
    assert "new.se" in old.message


def test_the_suppliers_date_decides_which_is_newer_not_the_day_it_came(register: Register) -> None:
    add(register, "made_late", generated_on=date(2024, 2, 1))
    add(register, "came_late", minutes=60, generated_on=date(2024, 1, 2))

    register.supersede()

    assert statuses(register) == {"made_late": "loaded", "came_late": "superseded"}


@pytest.mark.parametrize(
    "other",
    [
        {"fiscal_years": [2022]},
        {"organisation_number": "212000-0000"},
        {"source_code": "budget"},
        {"part": "balances"},
    ],
)
def test_another_year_organisation_source_or_part_supersedes_nothing(register: Register, other: dict[str, Any]) -> None:
    add(register, "one")
    add(register, "two", minutes=1, **other)

    assert register.supersede() == []


def test_a_delivery_of_two_years_holds_as_long_as_one_of_them_is_its(register: Register) -> None:
    add(register, "both", fiscal_years=[2022, 2023])
    add(register, "newer_2023", minutes=1)
    register.supersede()
    assert statuses(register)["both"] == "loaded"
    assert register.current()["ledger", "212000-1553", "", 2022].load_id == "both"
    assert register.current()["ledger", "212000-1553", "", 2023].load_id == "newer_2023"

    add(register, "newer_2022", minutes=2, fiscal_years=[2022])
    register.supersede()
    assert statuses(register)["both"] == "superseded"


def test_a_superseded_delivery_holds_again_when_its_successor_is_rejected(register: Register) -> None:
    add(register, "old")
    add(register, "new", minutes=1)
    register.supersede()

    register.update("new", status="rejected", message="fel")
    register.supersede()

    assert statuses(register) == {"old": "loaded", "new": "rejected"}
    assert register.deliveries()[0].message == ""


def test_what_is_written_is_what_is_read(register: Register) -> None:
    add(register, "one", facts={"program": "Visma åäö"}, period_from=202301, rows_in=3)

    [found] = register.deliveries()

    assert isinstance(found, Delivery)
    assert found.received_at == NOON
    assert found.generated_on == date(2024, 1, 22)
    assert found.facts == {"program": "Visma åäö"}
    assert (found.period_from, found.rows_in, found.fiscal_years) == (202301, 3, (2023,))


def test_an_unknown_delivery_cannot_be_updated(register: Register) -> None:
    with pytest.raises(KeyError, match="nobody"):
        register.update("nobody", status="loaded")


def open_ids(register: Register) -> list[str]:
    return [delivery.load_id for delivery in register.open_rejections()]


def test_a_rejection_is_open_until_something_newer_of_the_source_is_loaded(register: Register) -> None:
    add(register, "bad", status="rejected")
    add(register, "other_source", minutes=1, source_code="budget", run_id="next")
    assert open_ids(register) == ["bad"]

    add(register, "mended", minutes=2, run_id="next")
    assert open_ids(register) == []


@pytest.mark.parametrize(
    "other",
    [{"part": "absences"}, {"fiscal_years": [2022]}, {"run_id": "run"}],
    ids=["another part", "another year", "came together with it"],
)
def test_what_speaks_of_something_else_makes_up_for_nothing(register: Register, other: dict[str, Any]) -> None:
    add(register, "bad", status="rejected", source_code="hr", part="employments")
    add(register, "other", minutes=1, **({"source_code": "hr", "part": "employments", "run_id": "next"} | other))
    assert open_ids(register) == ["bad"]


def test_a_rejection_of_two_years_needs_both(register: Register) -> None:
    add(register, "bad", status="rejected", fiscal_years=[2022, 2023])
    add(register, "one", minutes=1, run_id="next")
    assert open_ids(register) == ["bad"]

    add(register, "two", minutes=2, run_id="next", fiscal_years=[2022])
    assert open_ids(register) == []


UNREAD = {"status": "rejected", "source_code": "hr", "organisation_number": None, "fiscal_years": []}


def test_of_a_file_that_could_not_be_read_one_of_the_same_name_is_the_mended_one(register: Register) -> None:
    add(register, "held", source_code="hr", part="employments")
    add(register, "bad", file_name="franvaro_2023_01.csv", **UNREAD)
    add(register, "other", minutes=1, source_code="hr", part="absences", file_name="sjuk.csv", run_id="next")
    assert open_ids(register) == ["bad"]

    again = {"source_code": "hr", "part": "absences", "file_name": "Franvaro_2023_02.xlsx"}
    add(register, "mended", minutes=2, run_id="next", **again)
    assert open_ids(register) == []


def test_of_a_file_that_could_not_be_read_one_of_every_part_is_enough(register: Register) -> None:
    add(register, "bad", **UNREAD)
    for part in ("employments", "absences"):
        add(register, part, minutes=1, source_code="hr", part=part, run_id="next")
    assert open_ids(register) == []


def test_the_same_bytes_under_a_name_that_is_understood_make_up_for_a_rejection(register: Register) -> None:
    add(register, "bad", **(UNREAD | {"source_code": "unclaimed", "sha256": "same"}))
    add(register, "renamed", minutes=1, sha256="same", run_id="next")
    assert open_ids(register) == []


def test_a_register_of_an_earlier_version_gets_the_column_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    with sqlite3.connect(path) as old:
        old.execute(
            "create table check_result (load_id text, run_id text, source_code text, table_name text, check_name text,"
            " severity text, passed integer, failed_rows integer, total_rows integer, who_fixes text, description text)"
        )
        old.execute("insert into check_result values ('a','r','budget','t','c','warning',0,1,2,'controller','regel')")
    with Register(path) as register, Register(path):
        assert [check.message for check in register.checks()] == [""]
