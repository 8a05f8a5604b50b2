"""Nobody in the example's registers is found in anything that a home holds after good nights and bad ones.

Every file but the suppliers' own is opened down to its values: the release, builds, raw tables, quarantine, rejected
files' messages, logs, Dagster's events and the register of deliveries; and what the commands say is read too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from personal_traces import Traces, written

from orchestration.home import Home
from sources.register import Register

BOKSLUT = Path(sys.executable).with_name("bokslut")
REGISTER, ABSENCES = "personalsystem_anstallningar.csv", "personalsystem_franvaro_2023.csv"
SCHEDULE, INJURIES = "personalsystem_schematid_2023.csv", "arbetsskador_2023.csv"
WORKED = "personalsystem_arbetad_tid_2023.csv"

_PLAIN = str.maketrans("åäö", "aao", " ")

Lines = list[list[str]]


def cells(files: Path, name: str) -> Lines:
    return [line.split(";") for line in (files / name).read_text("cp1252").splitlines()]


def as_file(lines: Lines) -> bytes:
    return "\r\n".join(";".join(line) for line in lines).encode("cp1252")


def changed(lines: Lines, row: int, **values: str) -> Lines:
    """Return the table with other values in some cells of a row; headers without blanks name them."""
    places = {
        header.replace(" ", "").replace("å", "a").replace("ä", "a"): place for place, header in enumerate(lines[0])
    }
    copy = [list(line) for line in lines]
    for header, value in values.items():
        copy[row][places[header]] = value
    return copy


def bad_deliveries(files: Path) -> dict[str, bytes]:
    """Return files that are refused or lose rows, each with persons where no person should be."""
    register, absences, schedule = cells(files, REGISTER), cells(files, ABSENCES), cells(files, SCHEDULE)
    number, surname, given, employment = (register[1][place] for place in (1, 2, 3, 5))
    name = f"{given} {surname}"
    wrong_digit = number[:-1] + str((int(number[-1]) + 1) % 10)
    few = changed(schedule, 3, Schemalagdtid=f"sjuk enligt {name}")
    few = changed(changed(few, 5, Personnummer=wrong_digit), 7, Period=number)
    many = register
    for row, values in enumerate(
        (
            {"Ansvar": name},
            {"Ansvar": number},
            {"AID": number},
            {"Avgangsorsak": f"Ersatt av {name}"},
            {"Anstallningsform": number.replace("-", "")},
            {"Gallertill": "1999-01-01"},
            {"Sysselsattningsgrad": "100,00"},
            {"Sysselsattningsgrad": number},
            {"Anstallningsnummer": register[1][5]},
            {"Personnummer": name},
        ),
        start=2,
    ):
        many = changed(many, row, **values)
    absences = [*absences, absences[1], changed(absences, 1, Fran="2023-06-01", Till="")[1]]
    absences = changed(absences, 2, Anstallningsnummer=f"{employment}9", Personnummer=wrong_digit)
    elsewhere = [register[0], *(["556000-4615", *line[1:]] for line in register[1:])]
    injuries = changed(changed(cells(files, INJURIES), 1, Intraffade="", Ansvar=name), 2, Ansvar=number)
    workbook = (files / "personalsystem_franvaro_2022.xlsx").read_bytes()
    with_column = [[*line, f"Chef {name}" if place == 0 else "x"] for place, line in enumerate(absences)]
    return {
        SCHEDULE.replace(".csv", "_rattad.csv"): as_file(few),
        REGISTER.replace(".csv", "_fel.csv"): as_file(many),
        ABSENCES.replace(".csv", "_dubbel.csv"): as_file(absences),
        INJURIES.replace(".csv", "_utan_datum.csv"): as_file(injuries),
        "personalsystem_anstallningar_annan.csv": as_file(elsewhere),
        "personalsystem_anstallningar_utan_rubriker.csv": as_file(register[1:]),
        "personalsystem_franvaro_2023_kolumn.csv": as_file(with_column),
        "personalsystem_franvaro_2022_trasig.xlsx": workbook[: len(workbook) // 2],
        f"arbetad_tid_2023_{number}.csv": as_file(cells(files, WORKED)[:-1]),
        "rehab.csv": as_file(register),
    }


@pytest.fixture(scope="module")
def traces(example_files: Path) -> Traces:
    return Traces((example_files / REGISTER).read_bytes())


@pytest.fixture(scope="module")
def said_and_home(
    published_home: Home, example_files: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], Home]:
    """What the commands said, and the home after a good night and one with bad deliveries."""
    home = Home(tmp_path_factory.mktemp("bad") / "home")
    shutil.copytree(published_home.root, home.root, symlinks=True)
    for name, data in bad_deliveries(example_files).items():
        (home.inbox / name).write_bytes(data)
    said = {}
    for command in (("run",), ("status",), ("sql", "from load"), ("sql", "from quality_result")):
        done = subprocess.run(
            [str(BOKSLUT), *command],
            env=os.environ | {"BOKSLUT_HOME": str(home.root), "COLUMNS": "400"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        said[" ".join(command)] = done.stdout + done.stderr
    return said, home


def found(traces: Traces, texts: Iterator[tuple[str, str]]) -> dict[str, set[str]]:
    return {place: there for place, text in texts if (there := traces.found_in(text))}


def test_a_person_is_found_wherever_one_is(traces: Traces, example_files: Path, tmp_path: Path) -> None:
    first = cells(example_files, REGISTER)[1]
    number, surname, employment = first[1], first[2], first[5]
    spellings = [number, number.replace("-", ""), number[2:], number[2:].replace("-", "+"), surname, employment]
    for spelt in (*spellings, f"x{surname}y", f"({number[2:].replace('-', '')})", f"{number[:8]} {number[9:]}"):
        assert traces.found_in(f"Rad 7: {spelt} är fel") != set(), spelt
    assert traces.found_in("19811218-9876") == {"19811218-9876"}
    for innocent in ("212000-1553", "19811218-9875", f"a{number.replace('-', '')}f", "1811218987.6", "Rad 7"):
        assert traces.found_in(innocent) == set(), innocent
    home = Home(tmp_path).create()
    shutil.copy2(example_files / "personalsystem_franvaro_2022.xlsx", home.reports / "rapport.xlsx")
    (home.reports / "logg.txt").write_text(surname, encoding="cp1252")
    (home.archive / "original").write_text(surname)
    assert {place.split()[0] for place in found(traces, written(home))} == {"reports/rapport.xlsx", "reports/logg.txt"}


def test_nobody_is_in_what_two_nights_leave(traces: Traces, said_and_home: tuple[dict[str, str], Home]) -> None:
    said, home = said_and_home
    assert found(traces, written(home)) == {}
    assert found(traces, iter(said.items())) == {}


def test_the_bad_deliveries_came_as_far_as_meant(said_and_home: tuple[dict[str, str], Home]) -> None:
    said, home = said_and_home
    with Register(home.register) as register:
        fates = {each.file_name: (each.status, each.rows_quarantined) for each in register.deliveries()}
    assert fates[SCHEDULE.replace(".csv", "_rattad.csv")] == ("loaded", 3)
    assert fates["arbetad_tid_2023_dolt-nummer.csv"] == ("loaded", 0)
    rejected = {name for name, (status, _) in fates.items() if status == "rejected"}
    assert len(rejected) == 8
    assert {name for name in rejected if name not in said["sql from load"]} == set()
    assert "(dolt värde)" in said["run"]
    set_aside = [pq.read_table(path).num_rows for path in (home.raw / "quarantine__rows").glob("hr-*.parquet")]
    assert max(set_aside) > 3
