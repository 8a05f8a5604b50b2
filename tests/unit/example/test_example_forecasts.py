"""The forecasts in the files are the printed ones, and as near and far as the report says."""

from __future__ import annotations

import csv
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from example_inbox import SEGMENTS, TOTALS, Row, read_workbook, shown, total

import sources.example

FIGURES = Path(sources.example.__file__).parent / "figures"
LINES = {
    "Verksamhetens intäkter": "revenue",
    "Personalkostnader": "personnel",
    "Lokalhyror": "rent",
    "Köp av tjänster": "services",
    "Övriga kostnader": "other",
    "Kommunbidrag": "municipal_grant",
    "Finansnetto": "financial_net",
    "Årets resultat": "result",
}
BASE = ("revenue", "personnel", "rent", "services", "other")


def printed() -> list[dict[str, str]]:
    with (FIGURES / "forecasts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_forecast(inbox: Path, month: int) -> list[dict[str, str]]:
    return read_workbook(inbox / f"prognos_2023_{month:02}.xlsx")


def forecast(inbox: Path, month: int, segment: str) -> dict[str, Decimal]:
    """Kronor by line, the control row too."""
    rows = [row for row in read_forecast(inbox, month) if row["Segment"] == SEGMENTS[segment]]
    assert [LINES[row["Rad"]] for row in rows] == list(LINES.values())
    return {LINES[row["Rad"]]: Decimal(row["Prognos"]) for row in rows}


@pytest.mark.parametrize("cell", printed(), ids=lambda cell: f"{cell['segment']}-{cell['month']}")
def test_every_printed_forecast_comes_out(inbox: Path, rows: list[Row], cell: dict[str, str]) -> None:
    foreseen = forecast(inbox, int(cell["month"]), cell["segment"])
    result = sum(foreseen[line] for line in TOTALS["result"])
    outcome = total(
        rows, "outcome_2023", lambda row: row.segment == SEGMENTS[cell["segment"]] and row.line in TOTALS["result"]
    )
    assert foreseen["result"] == result == int(cell["forecast_result_tkr"]) * 1000
    assert shown(outcome - result, "tkr") == Decimal(cell["deviation_from_outcome"])


@pytest.mark.parametrize(
    ("month", "occasion", "reported", "segments"),
    [
        (4, "Fördjupad månadsuppföljning", "2023-05-22", {"ordinarie"}),
        (8, "Delårsbokslut", "2023-09-25", {"ordinarie", "exploatering"}),
    ],
)
def test_a_file_holds_one_round(inbox: Path, month: int, occasion: str, reported: str, segments: set[str]) -> None:
    rounds = {
        (row["År"], row["Månad"], row["Tillfälle"], row["Rapporterad"], row["Nämnd"])
        for row in read_forecast(inbox, month)
    }
    assert rounds == {("2023.00", f"{month}.00", occasion, reported, "KS")}
    assert {row["Segment"] for row in read_forecast(inbox, month)} == segments
    assert {(SEGMENTS[cell["segment"]], cell["occasion"]) for cell in printed() if int(cell["month"]) == month} == {
        (segment, occasion) for segment in segments
    }


@pytest.mark.parametrize("measured_by", ["outcome", "forecast"])
def test_personnel_was_nearest_and_services_farthest(inbox: Path, rows: list[Row], measured_by: str) -> None:
    foreseen = forecast(inbox, 8, "ordinary")
    errors = {}
    for line in BASE:
        outcome = total(rows, "outcome_2023", lambda row, line=line: (row.segment, row.line) == ("ordinarie", line))
        errors[line] = abs(outcome - foreseen[line]) / abs(outcome if measured_by == "outcome" else foreseen[line])
    ranked = sorted(errors, key=errors.__getitem__)
    assert (ranked[0], ranked[-1]) == ("personnel", "services")
    # No two so near each other that another definition of the error could turn them round.
    assert all(errors[worse] - errors[better] > Decimal("0.001") for better, worse in pairwise(ranked))
