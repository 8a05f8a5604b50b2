"""Result files as institutes send them, CSV and Excel."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from sources.column_map import load_maps
from sources.indicators import read
from sources.indicators.result_file import PROFILES
from sources.indicators.schema import SCHEMAS
from sources.indicators.values import parse_outcome
from sources.reading import Reading, ReadOptions, Rejected

GENERAL = "indikatorvärden.csv"
HEAD = "Källa;Kod;År;Värde;Status;Rapporterad;Antal svar\n"


def opened(name: str, text: str | bytes) -> Reading:
    return read(text.encode() if isinstance(text, str) else text, name, ReadOptions())


def rows(reading: Reading) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reading.tables["indicator__values"].to_pylist()
    return found


def workbook(cells: list[list[Any]], formats: dict[tuple[int, int], str]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Resultat")
        for r, line in enumerate(cells):
            for c, cell in enumerate(line):
                look = book.add_format({"num_format": formats[r, c]}) if (r, c) in formats else None
                sheet.write(r, c, cell, look)
    return buffer.getvalue()


def test_the_general_profile_holds_any_source() -> None:
    text = f"{HEAD}Egen enkät;2.2;2023;53;Slutlig;2024-01-10;41\nEgen enkät;2.2;2022;;Återtaget;2024-01-10;\n"
    reading = opened(GENERAL, text)

    assert reading.tables["indicator__values"].schema == SCHEMAS["indicator__values"]
    assert rows(reading)[0] == {
        "row_no": 2,
        "source_name": "Egen enkät",
        "external_code": "2.2",
        "external_name": None,
        "municipality_code": "1489",
        "year": 2023,
        "group_code": "total",
        "value": Decimal(53),
        "status": "final",
        "reported_on": date(2024, 1, 10),
        "answers": 41,
        "margin_of_error": None,
        "unit_text": None,
    }
    assert (rows(reading)[1]["value"], rows(reading)[1]["status"]) == (None, "withdrawn")
    assert (reading.part, reading.fiscal_years, reading.rows_in) == ("Egen enkät 2024-01-10", (), 2)
    assert (reading.generated_on, reading.problems) == (date(2024, 1, 10), ())


@pytest.mark.parametrize(
    ("name", "text", "source", "found"),
    [
        (
            "Insikt_2024-01-15.csv",
            "Område;År;NKI;NUI;Antal svar\nTotalt;2023;72 (73);;120\nUpphandling;2023;(60);61,5;34\n",
            "Insikt",
            [
                (2001, "NKI Totalt", "73", "preliminary", 120),
                (2002, "NUI Totalt", None, "missing", 120),
                (3001, "NKI Upphandling", "60", "preliminary", 34),
                (3002, "NUI Upphandling", "61.5", "final", 34),
            ],
        ),
        (
            "medborgarundersökningen_2023_2023-12-01.csv",
            "Fråga;Andel;Felmarginal;Antal svar\nTrygg utomhus;85 %;± 3,1;512\n",
            "Medborgarundersökningen",
            [(2, "Trygg utomhus", "85", "final", 512)],
        ),
        (
            "servicemätning 20231120.csv",
            "Frågenr;Fråga;2022;2023\nT1;Bemötande;80;81\n",
            "Servicemätning",
            [(2001, "T1", "80", "final", None), (2002, "T1", "81", "final", None)],
        ),
        (
            "Svenskt Näringsliv 2023_2023-05-02.csv",
            "Fråga;Betyg;Ranking\nDialog med politiker;2,6;211\n",
            "Svenskt Näringsliv",
            [(2, "Dialog med politiker", "2.6", "final", None)],
        ),
        (
            "pts_bredband_2024-03-20.csv",
            "Kommun;År;Hushåll 100 Mbit/s;Arbetsställen 100 Mbit/s\n1489 Alingsås;2022;98,1;..\n",
            "PTS",
            [
                (2001, "Hushåll 100 Mbit/s", "98.1", "final", None),
                (2002, "Arbetsställen 100 Mbit/s", None, "missing", None),
            ],
        ),
    ],
)
def test_each_institute_is_read_by_its_own_headers(name: str, text: str, source: str, found: list[Any]) -> None:
    reading = opened(name, text)

    told = [(r["row_no"], r["external_code"], r["value"], r["status"], r["answers"]) for r in rows(reading)]
    assert told == [(no, code, value and Decimal(value), status, n) for no, code, value, status, n in found]
    assert {(r["source_name"], r["municipality_code"]) for r in rows(reading)} == {(source, "1489")}
    assert reading.problems == ()


def test_a_margin_of_error_is_kept_and_targets_are_counted() -> None:
    text = "Fråga;År;Andel;Felmarginal\nTrygg;2023;84 (85 %);± 3,1\n"
    reading = opened("medborgarundersökningen_2023-12-01.csv", text)
    assert rows(reading)[0]["margin_of_error"] == Decimal("3.1")
    assert reading.facts["targets_left_out"] == "1"


def test_a_workbook_is_read_and_a_cell_in_percent_is_what_it_holds() -> None:
    cells = [["Insikt 2023"], [], ["Område", "År", "NKI"], ["Totalt", 2023, 0.73], ["Upphandling", 2023, 60]]
    reading = opened("insikt_2024-01-15.xlsx", workbook(cells, {(3, 2): "0%"}))
    # Whether 0.73 is meant is for the rule to ask (indicator_value_is_percent): the reader changes no value.
    assert [row["value"] for row in rows(reading)] == [Decimal("0.73"), Decimal(60)]
    assert [row["row_no"] for row in rows(reading)] == [4, 5]


@pytest.mark.parametrize(
    ("cell", "value", "is_preliminary"),
    [
        ("85", "85", False),
        ("85,3", "85.3", False),
        ("85.3 %", "85.3", False),
        ("85 procent", "85", False),
        ("72 (73)", "73", True),
        ("(73)", "73", True),
        ("72,5 (73,25)", "73.25", True),
        ("72 (-)", None, False),
        ("−1,5", "-1.5", False),
        ("72,33333", "72.3333", False),
        *((cell, None, False) for cell in ("", "-", "–", "..", "*", "Uppgift saknas", "för få svar", "N/A")),
    ],
)
def test_a_cell_is_read_as_people_write_it(cell: str, value: str | None, is_preliminary: bool) -> None:
    outcome = parse_outcome(cell)
    assert (outcome.value, outcome.is_preliminary) == (value and Decimal(value), is_preliminary)


@pytest.mark.parametrize(
    "cell", ["8x", "80-85", "72 (7x)", "7x (72)", "(72", "72) (1", "1e5", "ca 80", "12345678901234567"]
)
def test_a_cell_that_is_no_value_says_so(cell: str) -> None:
    with pytest.raises(ValueError, match=r"tal|exponent|för stort"):
        parse_outcome(cell)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False), st.decimals(0, 100, places=2))
def test_every_value_survives_the_swedish_way_to_write_it(value: Decimal, target: Decimal) -> None:
    written = str(value).replace(".", ",")
    assert parse_outcome(written).value == value
    assert parse_outcome(f"{str(target).replace('.', ',')} ({written})").value == value


@given(st.text(max_size=20))
def test_any_text_is_a_value_or_a_reason(text: str) -> None:
    try:
        outcome = parse_outcome(text)
    except ValueError:
        return
    # Only digits make a figure, and only a figure is preliminary.
    assert outcome.value is None or any(sign.isdigit() for sign in text)
    assert outcome.value is not None or not outcome.is_preliminary


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("Egen;2.2;2023;8x;;2024-01-10;", "value", "är inte ett tal"),
        ("Egen;2.2;2023;80;Kanske;2024-01-10;", "status", "ordet är okänt; använd något av Slutlig"),
        ("Egen;2.2;2023;(80);Slutlig;2024-01-10;", "status", "står inom parentes, som preliminärt, men har status"),
        ("Egen;2.2;2023;80;Återtagen;2024-01-10;", "status", "är återtaget men har ett värde; töm cellen"),
        ("Egen;2.2;23;80;;2024-01-10;", "year", "är inte ett år; skriv fyra siffror"),
        ("Egen;2.2;2023;80;;igår;", "reported_on", "är inte ett datum; skriv ÅÅÅÅ-MM-DD"),
        ("Egen;2.2;2023;80;;;", "reported_on", "rapportdatum saknas; fyll i det i källan"),
        ("Egen;2.2;2023;80;;2024-01-10;-3", "answers", "är inte ett antal; skriv ett heltal"),
        ("Egen;;2023;80;;2024-01-10;", "external_code", "värdet saknas; fyll i det i källan"),
    ],
)
def test_a_cell_that_cannot_be_used_is_a_problem(line: str, column: str, reason: str) -> None:
    reading = opened(GENERAL, f"{HEAD}Egen;2.1;2023;60;;2024-01-10;\n{line}\n")
    assert [(p.row_no, p.column) for p in reading.problems] == [(3, column)]
    assert reason in reading.problems[0].reason


def test_a_wide_problem_names_row_and_place() -> None:
    reading = opened("servicemätning_2023-11-20.csv", "Fråga;2022;2023\nBemötande;80;8x\n")
    assert [(p.row_no, p.column, p.value) for p in reading.problems] == [(2002, "value", "8x")]


@pytest.mark.parametrize(
    ("cell", "code", "is_problem"),
    [("1489", "1489", 0), ("0180 Stockholm", "0180", 0), ("exempelkommunen", "1489", 0), ("Alingsås", None, 1)],
)
def test_a_municipality_is_a_code_or_ours(cell: str, code: str | None, is_problem: int) -> None:
    reading = opened("insikt_2024-01-15.csv", f"Kommun;Område;År;NKI\n{cell};Totalt;2023;73\n")
    assert rows(reading)[0]["municipality_code"] == code
    assert len(reading.problems) == is_problem


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("insikt.csv", "Område;År;NKI\nTotalt;2023;73\n", "säger inte när värdena rapporterades; lägg till kolumnen"),
        ("insikt_2024-01-15.csv", "Område;NKI\nTotalt;73\n", "säger inte vilket år värdena gäller"),
        ("insikt_2024-01-15.csv", "Område;År;2022;2023\nTotalt;2023;73;74\n", "både kolumnen År och en kolumn per år"),
        ("bredband_2024-03-20.csv", "Kommun;År\n1489;2022\n", "ingen kolumn med värden"),
        ("insikt_2024-01-15.csv", "Område;År;NKI;Lön\nTotalt;2023;73;1\n", "Kolumnen Lön är okänd"),
        ("insikt_2024-01-15.csv", "", "Filen är tom"),
    ],
)
def test_a_file_that_does_not_say_what_it_holds_is_rejected(name: str, text: str, says: str) -> None:
    with pytest.raises(Rejected, match=says):
        opened(name, text)


def test_every_column_map_has_a_profile_and_the_other_way_round() -> None:
    maps = {column_map.profile: column_map for column_map in load_maps("indicators")}
    assert set(maps) == set(PROFILES)
    for name, profile in PROFILES.items():
        assert set(profile.measures) <= set(maps[name].columns)
