"""What the prompt says of a file, and with which exit code."""

from pathlib import Path

import pytest

from sources.budget import read
from sources.tabular.describe import describe_file

BUDGET = Path(__file__).parents[2] / "fixtures" / "budget"


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("good/windows_1252.csv", 0, "windows_1252.csv: 4 rader, år 2023"),
        ("bad/text_in_amount.csv", 1, "rad 2 amount_sek 'tusen kronor'"),
        ("bad/empty.csv", 2, "empty.csv: avvisad. Filen är tom"),
    ],
)
def test_a_file_is_described(name, code, said):
    text, exit_code = describe_file(read, BUDGET / name)
    assert said in text
    assert exit_code == code
