"""``bokslut check-table`` on the published report's own tables, from the example's first night."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sources.example
from orchestration.cli import app
from orchestration.home import Home
from orchestration.table_check import Question, check_alone, check_with_marts

FIGURES = Path(sources.example.__file__).parent / "figures"
TKR = Question(board="KS", unit="tkr")
CELLS = {"operations": 100, "investments": 80, "staff": 30, "sick_leave": 27, "incidents": 6}


@pytest.fixture
def misprinted(tmp_path: Path) -> Path:
    """The report's operations with one figure of personnel three thousand off."""
    path = tmp_path / "drift.csv"
    path.write_text((FIGURES / "operations.csv").read_text().replace("-102266,7422,", "-102266,7425,"))
    return path


@pytest.fixture
def home(published_home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("BOKSLUT_HOME", str(published_home.root))
    return published_home


@pytest.mark.parametrize("table", CELLS)
def test_every_printed_cell_of_the_report_agrees_with_the_marts(home: Home, table: str) -> None:
    data = (FIGURES / f"{table}.csv").read_bytes()

    found = check_with_marts(home.current, data, f"{table}.csv", TKR)

    assert [each.cell.key for each in found.compared if each.agreement != "agrees"] == []
    assert (found.is_well, len(found.compared), found.year) == (True, CELLS[table], 2023)


@pytest.mark.parametrize("table", CELLS)
def test_every_table_of_the_report_is_possible_by_itself(table: str) -> None:
    assert check_alone((FIGURES / f"{table}.csv").read_bytes(), "tabell.csv", TKR).is_well


def test_a_misprint_is_told_with_what_should_stand_there(home: Home, misprinted: Path) -> None:
    said = CliRunner().invoke(app, ["check-table", str(misprinted), "--unit", "tkr", "--board", "KS"])

    assert said.exit_code == 1
    assert "7 425 ska vara 7 422 enligt budget_outcome" in said.output.replace("\N{NO-BREAK SPACE}", " ")
    assert "1 av 100 tal stämmer inte" in said.output


def test_a_misprint_is_found_without_marts_too(misprinted: Path) -> None:
    arguments = ["check-table", str(misprinted), "--unit", "tkr", "--without-marts", "--format", "json"]
    said = CliRunner().invoke(app, arguments)

    assert said.exit_code == 1
    found = json.loads(said.output)
    assert found["is_possible"] is False
    [conflict] = found["conflicts"]
    [suspect] = conflict["suspects"]
    assert (conflict["fewest"], suspect["row"], suspect["column"]) == (1, "Personalkostnader", "deviation")
    assert (suspect["possible_from"], suspect["possible_to"]) == ("7422", "7423")


def test_what_the_marts_do_not_have_or_show_is_told(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "investeringar.csv"
    path.write_text("level,label,budget,outcome\nproject,Rymdraket,1,2\nproject,Markinköp,2000,10111\n")
    said = CliRunner().invoke(app, ["check-table", str(path), "--unit", "tkr", "--board", "KS"])
    assert said.exit_code == 1
    assert "Rymdraket, budget: 1 finns inte i investment_outcome" in said.output


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--board", "KS"], "--unit tkr"),
        (["--unit", "tkr", "--year", "2022"], "ange --board"),
        (["--unit", "tkr", "--board", "XX"], "inga rader för XX 2023"),
        (["--unit", "tkr", "--board", "KS", "--mart", "load"], "ange --mart budget_outcome"),
    ],
)
def test_what_cannot_be_compared_says_what_to_add(home: Home, arguments: list[str], reason: str) -> None:
    said = CliRunner().invoke(app, ["check-table", str(FIGURES / "operations.csv"), *arguments])
    assert said.exit_code == 2
    assert reason in said.output


def test_without_a_release_it_says_what_to_do(empty_home: Home) -> None:
    said = CliRunner().invoke(app, ["check-table", str(FIGURES / "operations.csv"), "--unit", "tkr"])
    assert said.exit_code == 2
    assert "bokslut run" in said.output


def test_the_command_is_there_and_starts_without_the_heavy_libraries(misprinted: Path) -> None:
    code = "import orchestration.cli, sys; print({'scipy', 'duckdb', 'dagster', 'polars'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.strip() == "set()"


def test_the_guide_shows_what_is_said(home: Home, tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "printed_tables.md").read_text(encoding="utf-8")
    _, command, shown = guide.partition("```console\n")[2].partition("```")[0].partition("drift.csv\n")
    lines = [re.split(r"\s{2,}", re.sub(r" \(7 422\)", "", line)) for line in shown.splitlines()]
    path = tmp_path / "drift.csv"
    path.write_text("\n".join(["Drift (tkr)", *(";".join(cells) for cells in (lines[0], *lines[2:8]))]))

    said = CliRunner(env={"COLUMNS": "100"}).invoke(app, ["check-table", str(path)])

    assert command == "drift.csv\n"
    assert said.output.replace("\N{NO-BREAK SPACE}", " ").split() == shown.split()


def test_our_own_statement_can_be_checked_as_it_is_printed(home: Home, tmp_path: Path) -> None:
    from orchestration.statement import read_tables

    [table] = [each for each in read_tables(home.current) if "ordinarie verksamhet 2023 (tkr)" in each.title][:1]
    path = tmp_path / "utskrift.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [[table.title], ["", *table.columns], *([row.name, *row.cells] for row in table.rows)]
        csv.writer(file, delimiter=";").writerows(rows)

    found = check_with_marts(home.current, path.read_bytes(), path.name, Question(board="KS", year=2023))

    assert found.is_well
    assert len(found.compared) == 50
