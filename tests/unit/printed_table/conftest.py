from __future__ import annotations

from pathlib import Path

import pytest

import sources.example
from orchestration.table_check import kinds
from sources.printed_table import Known, Printed, read_printed_table

FIGURES = Path(sources.example.__file__).parent / "figures"


@pytest.fixture(scope="session")
def known() -> tuple[Known, ...]:
    """The kinds of tables as the warehouse gives them."""
    return kinds()


def read_report(name: str, known: tuple[Known, ...]) -> Printed:
    return read_printed_table((FIGURES / f"{name}.csv").read_bytes(), "rapport.csv", known, unit="tkr")


@pytest.fixture(params=["operations", "investments"])
def report(request: pytest.FixtureRequest, known: tuple[Known, ...]) -> Printed:
    """The published report's own tables of money, one at a time."""
    return read_report(request.param, known)


@pytest.fixture
def stacked(known: tuple[Known, ...]) -> Printed:
    """The published report's operations: two segments, one over the other."""
    return read_report("operations", known)
