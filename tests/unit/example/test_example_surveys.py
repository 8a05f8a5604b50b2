"""The surveys in the files give the printed shares, and are as people send them."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from example_inbox import read_table
from python_calamine import CalamineWorkbook

import sources.example

FIGURES = Path(sources.example.__file__).parent / "figures" / "surveys.csv"
YEARS = pytest.mark.parametrize("year", [2022, 2023])


def printed() -> list[dict[str, str]]:
    with FIGURES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sheet(inbox: Path, year: int, name: str) -> list[dict[str, str]]:
    """Return the rows under the header, row 4, as text."""
    rows = CalamineWorkbook.from_path(str(inbox / f"enkat_chefer_{year}.xlsx")).get_sheet_by_name(name).to_python()
    return [dict(zip(map(str, rows[3]), map(str, row), strict=True)) for row in rows[4:]]


@pytest.mark.parametrize("cell", printed(), ids=lambda cell: cell["year"])
def test_every_printed_share_comes_out(inbox: Path, cell: dict[str, str]) -> None:
    year = int(cell["year"])
    [question] = [row for row in sheet(inbox, year, "Frågor") if row["Kod"] == cell["question_code"]]
    answers = [row[question["Fråga"]] for row in sheet(inbox, year, "Svar")]
    points = [int(answer[0]) for answer in answers if answer not in ("", "Vet ej")]
    favourable = sum(point >= float(question["Gynnsamt från"]) for point in points)
    share = (Decimal(100 * favourable) / len(points)).to_integral_value(ROUND_HALF_UP)
    assert share == Decimal(cell["favourable_pct"])
    assert len(points) < len(answers), "somebody has no opinion"


@YEARS
def test_the_pulse_has_four_rounds_and_units_with_fewer_than_five(inbox: Path, year: int) -> None:
    units = {row["Ansvar"] for row in read_table(inbox / "organisation.csv")}
    for number in (1, 2, 3, 4):
        text = (inbox / f"puls_{year}_{number}.csv").read_text("cp1252" if year == 2022 else "utf-8-sig")
        rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
        asked = {(row["Svars-id"], row["Enhet"]) for row in rows}
        counts = Counter(unit for _, unit in asked)
        assert 80 < len(asked) < 121
        assert len({name for name, _ in asked}) == len(asked)
        assert set(counts) <= units | {""}
        assert sum(count < 5 for count in counts.values()) >= 2


def test_the_unit_that_was_anothers_is_not_asked(inbox: Path) -> None:
    assert ";16000;" not in (inbox / "puls_2022_1.csv").read_text("cp1252")
    assert ";16000;" in (inbox / "puls_2023_1.csv").read_text("utf-8-sig")
