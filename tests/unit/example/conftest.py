"""The example inbox, written once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from example_inbox import Row, Sie, read_ledgers, read_rows

from sources.example import write_example


@pytest.fixture(scope="session")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("inbox")
    write_example(out)
    return out


@pytest.fixture(scope="session")
def rows(inbox: Path, ledgers: dict[int, Sie]) -> list[Row]:
    return read_rows(inbox, ledgers)


@pytest.fixture(scope="session")
def ledgers(inbox: Path) -> dict[int, Sie]:
    return read_ledgers(inbox)
