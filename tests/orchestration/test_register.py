from __future__ import annotations

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


def test_a_rejection_is_open_until_something_newer_of_the_source_is_loaded(register: Register) -> None:
    add(register, "bad", status="rejected")
    add(register, "other_source", minutes=1, source_code="budget")
    assert [delivery.load_id for delivery in register.open_rejections()] == ["bad"]

    add(register, "mended", minutes=2)
    assert register.open_rejections() == []
