"""The registers of follow-up in the files say what the report prints, and are kept as people keep them."""

from __future__ import annotations

import csv
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import load_workbook

import sources.example
from sources.followup.registers import read
from sources.reading import ReadOptions

FIGURES = Path(sources.example.__file__).parent / "figures"
FILES = {
    "internkontroll": "internal_control",
    "uppdrag": "assignments",
    "avtalsuppfoljning": "contract_reviews",
    "avtalsmatt": "contract_measures",
    "hallbarhet": "sustainability",
}


def printed(name: str) -> list[dict[str, str]]:
    with (FIGURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("file", "register"), FILES.items())
def test_every_register_is_read_without_a_word(inbox: Path, file: str, register: str) -> None:
    reading = read((inbox / f"{file}.xlsx").read_bytes(), f"{file}.xlsx", ReadOptions())
    assert (reading.part, reading.problems) == (register, ())
    assert set(reading.tables[f"followup__{register}"]["reader_remark"].to_pylist()) == {None}
    assert 2023 in reading.fiscal_years


@pytest.mark.parametrize("file", FILES)
def test_every_workbook_says_that_it_is_invented_and_what_its_columns_are_for(inbox: Path, file: str) -> None:
    book = load_workbook(inbox / f"{file}.xlsx")
    guide, register = (book.get_sheet_by_index(place).to_python() for place in (0, 1))
    said = [str(row[0]) for row in guide]
    assert any(text.startswith("Arbetsboken är ett påhittat exempel.") for text in said)
    assert [row[1] for row in guide[1 : len(register[0]) + 1]] == register[0]


@pytest.mark.parametrize(
    ("file", "reading"),
    [
        ("internkontroll", "Bedömning av 2023 är vår läsning"),
        ("uppdrag", "Status av 2023 är vår läsning"),
        ("avtalsmatt", "är av 2022 och 2023 är vår läsning"),
        ("hallbarhet", "är vår läsning"),
    ],
)
def test_what_the_report_lost_in_print_is_marked_as_our_reading(inbox: Path, file: str, reading: str) -> None:
    guide = load_workbook(inbox / f"{file}.xlsx").get_sheet_by_index(0).to_python()
    assert any(reading in str(row[0]) for row in guide)


@pytest.mark.parametrize(("file", "register"), list(FILES.items())[:3])
def test_rows_of_the_year_before_are_marked_as_invented(inbox: Path, file: str, register: str) -> None:
    rows = load_workbook(inbox / f"{file}.xlsx").get_sheet_by_index(1).to_python()
    years = Counter((int(row[0]), row[-1] == "Påhittad") for row in rows[1:] if isinstance(row[0], float))
    assert {year for year, invented in years if invented} == {2022}, register
    assert (2022, False) not in years


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("internkontroll", "Utan anmärkning,Arbete pågår,Brist,Ej genomförd"),
        ("uppdrag", "Genomfört,Pågår,Ej genomfört,Ej påbörjat"),
        ("avtalsuppfoljning", "Ja,Nej,Delvis,Ja med anmärkning,Ja med avvikelse,Ej aktuellt"),
    ],
)
def test_words_are_chosen_from_a_list(inbox: Path, file: str, words: str) -> None:
    with zipfile.ZipFile(inbox / f"{file}.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    assert words in re.findall(r'<formula1>"([^"]*)"</formula1>', sheet)


def test_the_printed_facts_are_those_of_the_report() -> None:
    assert len(printed("internal_control.csv")) == 10
    answers = {
        contract: Counter(
            row["fulfilled"] for row in printed("contract_reviews.csv") if row["contract_code"] == contract
        )
        for contract in ("skolskjuts_taxi", "lokalvard", "kostavtal")
    }
    assert answers == {
        "skolskjuts_taxi": {"Ja": 8},
        "lokalvard": {"Ja": 10, "Ja med anmärkning": 2, "Delvis": 2, "Ej aktuellt": 1},
        "kostavtal": {"Ja": 21, "Delvis": 3, "Ja med avvikelse": 1, "Ej aktuellt": 3},
    }
    deviations = {
        row["group_name"]: int(row["value"])
        for row in printed("contract_measures.csv")
        if row["measure_code"] == "deviations"
    }
    assert deviations.pop("Alla") == sum(deviations.values()) == 462
