"""``bokslut quarantine``: what is set aside, and what a new delivery mended; nothing of any person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.home import Home
from orchestration.loading.arrival import judge_deliveries
from orchestration.loading.intake import take_inbox
from orchestration.loading.reading import read_deliveries
from orchestration.settings import Inbox, Settings, SourceSettings
from sources.register import Register
from sources.registry import SOURCES
from sources.tabular.encoding import decode

SETTINGS = Settings(inbox=Inbox(settle_seconds=0), sources={"hr": SourceSettings(max_quarantined_share=0.5)})


def night(home: Home, run_id: str, **files: bytes) -> None:
    for name, data in files.items():
        (home.inbox / name.replace("__", ".")).write_bytes(data)
    with Register(home.register) as register:
        take_inbox(home, SETTINGS, register, run_id)
        for source in SOURCES:
            read_deliveries(home, SETTINGS, register, source)
            judge_deliveries(home, SETTINGS, register, source, run_id)


def listed(*options: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(app, ["quarantine", "--format", "json", *options])
    assert result.exit_code == 0, result.output
    records: list[dict[str, Any]] = json.loads(result.output)
    return records


def shown(*options: str) -> str:
    result = CliRunner().invoke(app, ["quarantine", *options])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def answers(example_files: Path) -> list[str]:
    """The lines of a survey where one answer in the third row is none that could be given."""
    lines = decode((example_files / "puls_2023_1.csv").read_bytes()).text.splitlines()
    return lines


def with_answer(lines: list[str], answer: str) -> bytes:
    cells = lines[3].split(";")
    cells[2] = answer
    return "\r\n".join([*lines[:3], ";".join(cells), *lines[4:]]).encode()


def test_what_is_set_aside_is_listed_and_what_a_new_delivery_mended(
    empty_home: Home, example_files: Path, answers: list[str]
) -> None:
    organisation = (example_files / "organisation.csv").read_bytes()
    questions = (example_files / "puls_fragor_2023.csv").read_bytes()
    night(
        empty_home, "1",
        organisation__csv=organisation, puls_fragor_2023__csv=questions, puls_2023_1__csv=with_answer(answers, "11"),
    )  # fmt: skip
    [found] = listed("--source", "survey")
    assert (found["file"], found["state"], found["mended_by"]) == ("puls_2023_1.csv", "open", None)
    assert found["row"]
    assert found["action"]
    text = shown()
    assert "survey/puls_2023_1.csv" in text
    assert found["check"] in text

    night(empty_home, "2", puls_2023_1__csv=with_answer(answers, "5"))

    [mended] = listed("--source", "survey")
    assert (mended["state"], mended["mended_by"]) == ("mended", "puls_2023_1.csv")
    assert "Inget är lagt åt sidan." in shown()
    assert "1 är lösta av nya leveranser" in shown()
    assert found["check"] in shown("--mended")


def test_a_rejected_file_is_listed_until_another_makes_up_for_it(empty_home: Home, example_files: Path) -> None:
    night(empty_home, "1", organisation__csv=b"%PDF-1.7")
    [found] = listed()
    assert (found["row"], found["state"]) == ("", "open")
    assert "ett PDF-dokument" in found["wrong"]
    assert "hela filen" in shown()

    night(empty_home, "2", organisation__csv=(example_files / "organisation.csv").read_bytes())

    [mended] = listed()
    assert (mended["state"], mended["mended_by"]) == ("mended", "organisation.csv")


def test_what_is_still_wrong_is_told_of_the_delivery_that_holds(
    empty_home: Home, example_files: Path, answers: list[str]
) -> None:
    night(
        empty_home, "1",
        organisation__csv=(example_files / "organisation.csv").read_bytes(),
        puls_fragor_2023__csv=(example_files / "puls_fragor_2023.csv").read_bytes(),
        puls_2023_1__csv=with_answer(answers, "11"),
    )  # fmt: skip
    night(empty_home, "2", puls_2023_1__csv=with_answer(answers, "12"))
    assert [each["state"] for each in listed("--source", "survey")] == ["open"]


def test_nothing_of_a_person_is_listed(empty_home: Home, example_files: Path) -> None:
    text = decode((example_files / "personalsystem_franvaro_2023.csv").read_bytes()).text
    header, *lines = text.splitlines()
    bad = [line.replace("2023-", "2023-13-", 1) if number % 5 == 0 else line for number, line in enumerate(lines)]
    night(empty_home, "1", personalsystem_franvaro_2023__csv="\r\n".join([header, *bad]).encode())
    told = json.dumps(listed()) + shown()
    assert listed("--source", "hr")
    for line in lines:
        number = line.split(";")[0]
        assert len(number) < 6 or number not in told


def test_an_unknown_source_is_said(empty_home: Home) -> None:
    result = CliRunner().invoke(app, ["quarantine", "--source", "ledgr"])
    assert result.exit_code == 1
