"""The owners' workbooks after whole nights: written however a night ended, gone once everything is mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import load_workbook

from orchestration.home import Home
from orchestration.night import run_night
from tests import deliveries as bad
from tests.privacy.personal_traces import Traces, written

REGISTER = "personalsystem_anstallningar.csv"


@pytest.fixture
def home(home_after_a_night: Home) -> Home:
    return home_after_a_night


def told(home: Home) -> dict[str, dict[str, list[list[object]]]]:
    """Return the rows of every workbook, by owner and sheet."""
    found = {}
    for path in sorted(home.reports.iterdir()):
        book = load_workbook(str(path))
        rows = {name: book.get_sheet_by_name(name).to_python()[1:] for name in book.sheet_names}
        found[path.stem.removeprefix("att_ratta_")] = rows
    return found


def personal_register(files: Path) -> bytes:
    """The register of employments with a name where a unit belongs, in one row of the file."""
    lines = [line.split(";") for line in (files / REGISTER).read_bytes().decode("cp1252").splitlines()]
    lines[1][lines[0].index("Ansvar")] = f"{lines[1][2]} {lines[1][3]}"
    return "\r\n".join(map(";".join, lines)).encode("cp1252")


def test_a_good_night_tells_nobody_anything(published_home: Home) -> None:
    assert told(published_home) == {}


def test_a_night_of_bad_files_tells_each_owner_and_a_mended_one_takes_it_back(home: Home, example_files: Path) -> None:
    (home.inbox / "budget_2022.csv").write_bytes(bad.budget_with_text(example_files))
    (home.inbox / "KS_2023_ny.se").write_bytes(bad.unbalanced(example_files))
    (home.inbox / REGISTER).write_bytes(personal_register(example_files))
    assert run_night(home, lambda _: None).succeeded

    found = told(home)

    assert found.keys() == {"ekonomi", "hr"}
    [rejected] = found["ekonomi"]["Avvisade filer"]
    assert rejected[1] == "budget_2022.csv"
    rows = {(row[0], row[1], row[2]) for row in found["ekonomi"]["Rader i karantän"]}
    assert ("budget_readable", "budget_2022.csv", "3") in rows
    assert any(name == "KS_2023_ny.se" for _, name, _ in rows)
    assert [row[1] for row in found["ekonomi"]["Tabeller"] if row[1]] == []
    assert {row[6] for row in found["hr"]["Rader i karantän"]} == {"personal"}
    traces = Traces((example_files / REGISTER).read_bytes())
    for place, text in written(home):
        if place.startswith("reports/"):
            assert traces.found_in(text) == set(), place

    (home.inbox / "budget_2022.csv").write_bytes((example_files / "budget_2022.csv").read_bytes() + b"\r\n")
    (home.inbox / "KS_2023.se").write_bytes(bad.harmless_change(example_files))
    (home.inbox / REGISTER).write_bytes((example_files / REGISTER).read_bytes() + b"\r\n")
    assert run_night(home, lambda _: None).succeeded

    assert told(home) == {}


def test_a_night_that_is_stopped_tells_who_can_mend_it(empty_home: Home, example_files: Path) -> None:
    (empty_home.inbox / "KS_2023.se").write_bytes((example_files / "KS_2023.se").read_bytes())

    assert not run_night(empty_home, lambda _: None).succeeded

    missing = {str(row[4]) for row in told(empty_home)["ekonomi"]["Filer som saknas"]}
    assert "Källan budget har ingen godkänd leverans" in missing


def test_a_failed_rule_on_tables_is_told_when_it_stops_the_night(empty_home: Home, example_files: Path) -> None:
    for name in ("KS_2022.se", "KS_2023.se", "budget_2022.csv", "organisation.csv"):
        (empty_home.inbox / name).write_bytes((example_files / name).read_bytes())

    assert not run_night(empty_home, lambda _: None).succeeded

    assert "board_has_budget" in {row[0] for row in told(empty_home)["ekonomi"]["Tabeller"]}
