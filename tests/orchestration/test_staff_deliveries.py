"""Staff from inbox to verdict: only with a key, judged beside each other, and with nobody in what is written."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.home import Home
from orchestration.keys import PseudonymKeyError, key_path, load_key, new_key, rotate_key
from orchestration.loading.arrival import judge_deliveries
from orchestration.loading.intake import take_inbox
from orchestration.loading.raw_files import raw_path
from orchestration.loading.reading import read_deliveries
from orchestration.settings import Inbox, Settings, SourceSettings
from sources.register import Delivery, Register
from sources.registry import source_by_code
from tests.staff_files import ABSENCE, EMPLOYMENT, MAN, NAME, REMARK, SCHEDULED, WOMAN, csv, dashed

SETTINGS = Settings(inbox=Inbox(settle_seconds=0), sources={"hr": SourceSettings(max_quarantined_share=0.5)})
HR = source_by_code("hr")
UNITS = "Ansvar;Benämning;Överordnad;Nämnd;Segment;Giltig från;Giltig till\n11100;Stab;;KS;drift;2019-01-01;\n".encode()
SECOND = {"Personnummer": dashed(MAN), "Anställningsnr": "18"}
REGISTER = csv(EMPLOYMENT, EMPLOYMENT | SECOND)
SICK = ABSENCE | {"Från": "2023-01-03", "Till": "2023-01-15"}
YEAR = [SCHEDULED | {"Period": f"2023{month:02d}"} for month in range(1, 13)]
YEAR_OF_SECOND = [row | SECOND for row in YEAR]
SCHEDULE = csv(*YEAR, *YEAR_OF_SECOND)


def night(home: Home, run_id: str, files: Mapping[str, bytes]) -> dict[str, Delivery]:
    """Deliver files, take, read and judge, a day later each time; return the register by load id's file name."""
    for name, data in files.items():
        (home.inbox / name).write_bytes(data)
    with Register(home.register) as register:
        for earlier in register.deliveries():
            register.update(earlier.load_id, received_at=earlier.received_at - timedelta(days=1))
        take_inbox(home, SETTINGS, register, run_id)
        for source in (source_by_code("organisation"), HR):
            read_deliveries(home, SETTINGS, register, source)
            judge_deliveries(home, SETTINGS, register, source, run_id)
        return {delivery.file_name: delivery for delivery in register.deliveries()}


def everything_written(home: Home) -> Iterator[str]:
    """Yield what stands in every file but those a supplier sent."""
    for path in sorted(home.root.rglob("*")):
        if path.is_file() and path.parent not in (home.keys, home.inbox) and home.archive not in path.parents:
            if path.suffix == ".parquet":
                yield repr(pq.read_table(path).to_pylist())
            elif home.rejected not in path.parents or path.suffix == ".txt":
                yield path.read_bytes().decode("utf-8", "replace")


def persons(home: Home, delivery: Delivery) -> list[Any]:
    return list(pq.read_table(raw_path(home, "hr__employments", delivery.load_id))["person_key"].to_pylist())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_night_of_staff_is_loaded_in_the_order_it_is_judged_in(empty_home: Home) -> None:
    found = night(
        empty_home,
        "1",
        {
            "franvaro_2023.csv": csv(SICK),
            "schematid_2023.csv": SCHEDULE,
            "anstallningar.csv": REGISTER,
            "organisation.csv": UNITS,
        },
    )
    assert {name: (each.status, each.message) for name, each in found.items()} == {
        "organisation.csv": ("loaded", ""),
        "anstallningar.csv": ("loaded", ""),
        "schematid_2023.csv": ("loaded", ""),
        "franvaro_2023.csv": ("loaded", ""),
    }


def test_absence_outside_an_employment_waits_for_the_register(empty_home: Home) -> None:
    stranger = SICK | {"Anställningsnr": "99"}
    found = night(empty_home, "1", {"anstallningar.csv": REGISTER, "franvaro_2023.csv": csv(stranger)})
    assert found["franvaro_2023.csv"].status == "rejected"
    assert "anställningen finns inte i anställningsregistret" in found["franvaro_2023.csv"].message

    whole = csv(EMPLOYMENT, EMPLOYMENT | SECOND, EMPLOYMENT | {"Anställningsnr": "99"})
    found = night(empty_home, "2", {"anstallningar_ny.csv": whole})

    assert found["franvaro_2023.csv"].status == "loaded"
    assert found["anstallningar.csv"].status == "superseded"


def test_a_missing_month_rejects_the_schedule(empty_home: Home) -> None:
    rows = [row for row in (*YEAR, *YEAR_OF_SECOND) if row["Period"] != "202303"]
    found = night(empty_home, "1", {"schematid_2023.csv": csv(*rows)})
    assert found["schematid_2023.csv"].status == "rejected"
    assert "schematid saknas helt för 202303" in found["schematid_2023.csv"].message


def test_another_employers_file_is_rejected(empty_home: Home) -> None:
    other = EMPLOYMENT | {"Arbetsgivare": "556000-4615"}
    found = night(empty_home, "1", {"anstallningar.csv": csv(other)})
    assert found["anstallningar.csv"].status == "rejected"
    assert "är inte vårt" in found["anstallningar.csv"].message


def test_the_same_absence_is_never_counted_in_a_part_and_in_the_whole(empty_home: Home) -> None:
    parts = {"franvaro_2023_del1.csv": csv(SICK), "franvaro_2023_del2.csv": csv(SICK | SECOND)}
    found = night(empty_home, "1", {"anstallningar.csv": REGISTER, **parts})
    assert {found[name].status for name in parts} == {"loaded"}

    found = night(empty_home, "2", {"franvaro_2023.csv": csv(SICK, SICK | SECOND)})
    assert found["franvaro_2023.csv"].status == "rejected"
    assert {found[name].status for name in parts} == {"loaded"}

    # Sent anew with the cut elsewhere, the parts replace those they are named after, not each other.
    late = SICK | {"Från": "2023-11-01", "Till": "2023-11-30"}
    moved = {"franvaro_del1_2023.csv": csv(SICK | SECOND, late), "franvaro_del2_2023.csv": csv(SICK, late | SECOND)}
    found = night(empty_home, "3", moved)
    assert {found[name].status for name in moved} == {"loaded"}
    assert {found[name].status for name in parts} == {"superseded"}


def test_without_a_key_nothing_is_read_and_the_message_names_the_command(empty_home: Home) -> None:
    key_path(empty_home).unlink()
    with pytest.raises(PseudonymKeyError, match="bokslut key new"):
        night(empty_home, "1", {"anstallningar.csv": REGISTER})
    assert [path.name for path in (empty_home.raw / "hr__employments").iterdir()] == ["_empty.parquet"]


def test_a_run_without_a_key_ends_before_the_file_is_taken(empty_home: Home) -> None:
    key_path(empty_home).unlink()
    (empty_home.inbox / "anstallningar.csv").write_bytes(REGISTER)
    result = CliRunner().invoke(app, ["run"])
    assert result.exit_code == 1
    assert "bokslut key new" in result.output
    assert (empty_home.inbox / "anstallningar.csv").exists()


def test_the_example_gets_a_key_of_its_own_and_says_so(empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.example.write_example", lambda *_, **__: [])
    key = key_path(empty_home).read_bytes()
    example = ["example", "--out", str(empty_home.inbox)]
    assert "nyckel" not in CliRunner().invoke(app, example).output
    assert key_path(empty_home).read_bytes() == key

    key_path(empty_home).unlink()
    CliRunner().invoke(app, ["example", "--out", str(empty_home.root / "elsewhere")])
    assert not key_path(empty_home).exists()
    assert "Skapade en nyckel för exemplets pseudonymer" in CliRunner().invoke(app, example).output
    assert load_key(empty_home) is not None


def test_after_a_change_of_key_everything_is_read_anew(empty_home: Home) -> None:
    night(empty_home, "1", {"anstallningar.csv": REGISTER})
    found = night(empty_home, "2", {"anstallningar_ny.csv": REGISTER + b"\r\n", "franvaro_2023.csv": csv(SICK)})
    assert found["anstallningar.csv"].status == "superseded"
    before = {name: persons(empty_home, found[name]) for name in ("anstallningar.csv", "anstallningar_ny.csv")}
    rotate_key(empty_home)

    after = night(empty_home, "3", {})

    assert {name: each.status for name, each in after.items()} == {name: each.status for name, each in found.items()}
    for name, keys in before.items():
        assert not {*keys} & {*persons(empty_home, after[name])}
    with Register(empty_home.register) as register:
        assert read_deliveries(empty_home, SETTINGS, register, HR) == []


def test_what_is_personal_only_its_owner_can_read(empty_home: Home) -> None:
    found = night(empty_home, "1", {"anstallningar.csv": REGISTER, "lista.csv": REGISTER + b"\r\n", "tillbud.csv": b""})
    assert {name: each.status for name, each in found.items()} == {
        "anstallningar.csv": "loaded",
        "lista.csv": "rejected",
        "tillbud.csv": "rejected",
    }
    files = [path for root in (empty_home.archive, empty_home.rejected) for path in root.rglob("*") if path.is_file()]
    copies = [path for path in files if not path.name.endswith((".json", ".txt"))]
    assert len(copies) == 5
    assert {mode(path) for path in copies} == {0o600}
    assert {mode(path.parent) for path in files} == {0o700}
    assert {mode(path) for path in (empty_home.archive, empty_home.rejected, empty_home.raw)} == {0o700}


def test_nobody_is_in_what_is_written(empty_home: Home, caplog: pytest.LogCaptureFixture) -> None:
    slipped = dict(zip(EMPLOYMENT, [NAME, dashed(WOMAN), *list(EMPLOYMENT.values())[:-2]], strict=True))
    bad = SICK | {"Till": "2022-12-31", "Namn": NAME}
    found = night(
        empty_home,
        "1",
        {
            "anstallningar.csv": csv(EMPLOYMENT, EMPLOYMENT | SECOND, slipped),
            "franvaro_2023.csv": csv(SICK, bad, SICK | {"Personnummer": dashed(MAN)}, SICK | {"Från": NAME}),
            "schematid_2023.csv": SCHEDULE,
        },
    )
    assert found["anstallningar.csv"].rows_quarantined == 1
    told = "\n".join([*everything_written(empty_home), caplog.text, repr(found)])
    for secret in (WOMAN, MAN, WOMAN[2:], MAN[2:], dashed(WOMAN), dashed(MAN), *NAME.split(), REMARK, "0017"):
        assert secret not in told
    aside = pq.read_table(empty_home.raw / "quarantine__rows").to_pylist()
    assert aside
    keys = {*persons(empty_home, found["anstallningar.csv"])} - {None}
    assert not any(key in repr(aside) for key in keys)


def test_a_reader_that_fails_does_not_log_what_it_was_reading(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(f"cannot convert {NAME}")

    monkeypatch.setattr("sources.hr.read", fail)
    found = night(empty_home, "1", {"anstallningar.csv": REGISTER})
    assert found["anstallningar.csv"].status == "rejected"
    assert "RuntimeError at" in caplog.text
    assert NAME not in caplog.text + found["anstallningar.csv"].message


def test_a_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    with pytest.raises(PseudonymKeyError, match="bokslut key new"):
        rotate_key(home)
    path = new_key(home)
    key = load_key(home)
    assert key is not None
    assert len(key) == 32
    assert mode(path) == 0o600
    with pytest.raises(PseudonymKeyError, match="finns redan"):
        new_key(home)
    rotate_key(home)
    assert load_key(home) != key
    path.chmod(0o640)
    with pytest.raises(PseudonymKeyError, match="chmod 600"):
        load_key(home)


@pytest.mark.parametrize("text", ["", "abc", "å" * 64, "A" * 64])
def test_what_is_no_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    file = tmp_path / "elsewhere.key"
    monkeypatch.setenv("BOKSLUT_PSEUDONYM_KEY_FILE", str(file))
    assert load_key(Home(tmp_path)) is None
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PseudonymKeyError, match="ingen nyckel"):
        load_key(Home(tmp_path))
