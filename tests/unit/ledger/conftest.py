"""Where the ledger fixtures lie."""

from collections.abc import Callable
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures" / "ledger"


@pytest.fixture
def good() -> Callable[[str], bytes]:
    return lambda name: (FIXTURES / "good" / name).read_bytes()


@pytest.fixture
def bad() -> Callable[[str], bytes]:
    return lambda name: (FIXTURES / "bad" / name).read_bytes()
