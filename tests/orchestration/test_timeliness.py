"""A source that is late is warned of, then nothing is published; what is inside its files has an age too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration.publishing.timeliness import timings
from orchestration.settings_of_releases import Days, Expected
from sources.register import Register

LIMIT = Days(warn=3, fail=7)
DELIVERED = {"ledger": Expected(delivered=LIMIT)}
DATA = {"ledger": Expected(data=LIMIT)}


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register(tmp_path / "register.sqlite") as opened:
        yield opened


def arrive(register: Register, day: int, *, period_to: int | None = 202301, **values: Any) -> None:
    """Enter a delivery of the ledger, received that day of February 2023."""
    given = {
        "load_id": f"ledger-{day}",
        "source_code": "ledger",
        "file_name": f"{day}.se",
        "sha256": str(day),
        "size_bytes": 1,
        "received_at": datetime(2023, 2, day, 3, tzinfo=UTC),
        "run_id": "run",
        "status": "loaded",
        "fiscal_years": (2023,),
        "period_from": 202301,
        "period_to": period_to,
    }
    register.add(trace=str(day), **{**given, **values})


def said(register: Register, calendar: dict[str, Expected], day: int, month: int = 2) -> list[tuple[bool, str]]:
    return [(timing.stops, timing.message) for timing in timings(register, calendar, date(2023, month, day))]


def test_without_a_calendar_nothing_is_expected(register: Register) -> None:
    assert timings(register, {}, date(2023, 2, 1)) == []


@pytest.mark.parametrize("day", [1, 4])
def test_what_came_in_time_is_well(register: Register, day: int) -> None:
    arrive(register, 1)
    assert said(register, DELIVERED, day) == [(False, "")]


@pytest.mark.parametrize("day", [5, 8])
def test_what_is_late_is_warned_of(register: Register, day: int) -> None:
    arrive(register, 1)
    assert said(register, DELIVERED, day) == [
        (
            False,
            f"Huvudbok: senaste leveransen kom 2023-02-01, för {day - 1} dygn sedan. Lägg en nyare fil i inkorgen; "
            "efter 7 dygn publiceras inget.",
        )
    ]


def test_what_is_too_late_stops(register: Register) -> None:
    arrive(register, 1)
    assert said(register, DELIVERED, 9) == [
        (
            True,
            "Huvudbok: senaste leveransen kom 2023-02-01, för 8 dygn sedan (högst 7). "
            "Inget publiceras förrän en nyare fil ligger i inkorgen.",
        )
    ]


def test_what_never_came_stops(register: Register) -> None:
    arrive(register, 1, source_code="budget")
    [(stops, message)] = said(register, DELIVERED, 1)
    assert stops
    assert message.startswith("Huvudbok: ingen leverans har kommit. Inget publiceras")


def test_the_same_file_again_is_a_delivery_but_a_rejected_one_is_none(register: Register) -> None:
    arrive(register, 1)
    arrive(register, 20, status="rejected")
    assert said(register, DELIVERED, 20)[0][0]
    arrive(register, 19, status="duplicate", period_to=None)
    assert said(register, DELIVERED, 20) == [(False, "")]


def test_a_new_file_with_old_months_is_late_inside(register: Register) -> None:
    arrive(register, 27)
    assert said(register, DELIVERED, 28) == [(False, "")]
    [(stops, message)] = said(register, DATA, 28)
    assert stops
    assert "uppgifterna går till och med 202301, för 28 dygn sedan (högst 7)" in message
    assert said(register, DATA, 3) == [(False, "")]
    assert said(register, DATA, 5)[0][0] is False
    assert said(register, DATA, 5)[0][1] != ""


def test_the_newest_year_that_holds_counts(register: Register) -> None:
    arrive(register, 1, period_to=202212, fiscal_years=(2022,))
    arrive(register, 2, period_to=202302)
    assert said(register, DATA, 1, month=3) == [(False, "")]


def test_files_that_tell_of_no_period_cannot_be_in_time(register: Register) -> None:
    arrive(register, 1, period_to=None)
    [(stops, message)] = said(register, DATA, 1)
    assert stops
    assert "ingen leverans säger vilken period" in message


def test_both_clocks_are_rows_of_quality_result(register: Register) -> None:
    arrive(register, 27)
    found = timings(register, {"ledger": Expected(delivered=LIMIT, data=LIMIT)}, date(2023, 2, 28))
    rows = [timing.row("r") for timing in found]
    assert [(row["check_name"], row["passed"], row["severity"]) for row in rows] == [
        ("delivered_on_time", True, "warning"),
        ("data_is_recent", False, "critical"),
    ]
    assert {row["who_fixes"] for row in rows} == {"ekonomi"}
