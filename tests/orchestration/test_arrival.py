"""From the inbox to a verdict, without dbt: each defect is named, set aside, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from orchestration.home import Home
from orchestration.loading.arrival import judge_deliveries, missing_deliveries
from orchestration.loading.intake import take_inbox
from orchestration.loading.raw_files import QUARANTINE, raw_path
from orchestration.loading.reading import read_deliveries
from orchestration.settings import Inbox, Settings
from sources.register import Delivery, Register
from sources.registry import SOURCES
from tests import deliveries as bad

SETTINGS = Settings(inbox=Inbox(settle_seconds=0))
OWN = SETTINGS.municipality.organisation_number


def night(home: Home, run_id: str = "run") -> dict[str, Delivery]:
    """Take, read and judge what lies in the inbox; return the register by file name."""
    with Register(home.register) as register:
        take_inbox(home, SETTINGS, register, run_id)
        for source in SOURCES:
            read_deliveries(home, SETTINGS, register, source)
            judge_deliveries(home, SETTINGS, register, source, run_id)
        return {delivery.file_name: delivery for delivery in register.deliveries()}


@pytest.fixture
def home(home_after_a_night: Home) -> Home:
    return home_after_a_night


def quarantine(home: Home, load_id: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(raw_path(home, QUARANTINE, load_id)).to_pylist()
    return rows


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda _: b"", ["tom"]),
        (lambda _: b"<!DOCTYPE html><html><body>404</body></html>", ["HTML"]),
        (bad.truncated, ["KSUMMA", "avklippt"]),
        (bad.wrong_checksum, ["KSUMMA"]),
        (bad.other_organisation, ["212000-9999"]),
        (bad.small, ["80"]),
    ],
    ids=["empty", "html", "truncated", "wrong_checksum", "other_organisation", "too_small"],
)
def test_a_ledger_that_cannot_be_used_is_rejected_and_yesterdays_holds(
    home: Home, example_files: Path, make: Callable[[Path], bytes], says: list[str]
) -> None:
    (home.inbox / "bad_2023.se").write_bytes(make(example_files))

    found = night(home)

    rejected = found["bad_2023.se"]
    assert rejected.status == "rejected"
    assert rejected.message.startswith("ledger/bad_2023.se")
    for word in says:
        assert word.casefold() in rejected.message.casefold()
    assert rejected.rows_loaded == 0
    assert found["KS_2023.se"].status == "loaded"
    assert (home.rejected / rejected.sha256[:12] / "bad_2023.se.orsak.txt").exists()
    with Register(home.register) as register:
        assert missing_deliveries(register, "ledger", OWN) == []


@pytest.mark.parametrize(
    ("make", "check", "says"),
    [
        (bad.unbalanced, "voucher_sums_to_zero", ["verifikat A 1", "12,50"]),
        (bad.unknown_account, "postings_account_known", ["7999"]),
        (bad.unknown_unit, "postings_unit_known", ["99999"]),
        (bad.unit_not_valid, "postings_unit_valid", ["20000", "2023-01-31"]),
        (bad.outside_the_year, "postings_voucher_date_in_year", ["2024-01-31"]),
    ],
)
def test_a_bad_voucher_is_set_aside_whole_and_the_rest_of_the_file_is_loaded(
    home: Home, example_files: Path, make: Callable[[Path], bytes], check: str, says: list[str]
) -> None:
    (home.inbox / "KS_2023_ny.se").write_bytes(make(example_files))

    found = night(home)

    new = found["KS_2023_ny.se"]
    assert (new.status, new.rows_quarantined) == ("loaded", 2), new.message
    assert new.rows_loaded + new.rows_quarantined == new.rows_in == found["KS_2023.se"].rows_in
    assert found["KS_2023.se"].status == "superseded"
    rows = quarantine(home, new.load_id)
    assert check in {row["check_name"] for row in rows}
    assert len({row["row_no"] for row in rows}) == 2
    for word in ["ledger/KS_2023_ny.se rad ", "karantän", *says]:
        assert word in new.message


def test_too_many_bad_vouchers_reject_the_file(home: Home, example_files: Path) -> None:
    data = bad.sie(example_files, lambda text: text.replace('{1 "15000"', '{1 "99999"'))
    (home.inbox / "KS_2023_ny.se").write_bytes(data)

    found = night(home)

    assert found["KS_2023_ny.se"].status == "rejected"
    assert found["KS_2023_ny.se"].rows_quarantined == found["KS_2023_ny.se"].rows_in
    assert found["KS_2023.se"].status == "loaded"


def test_a_budget_with_text_for_an_amount_is_rejected_and_names_the_cell(home: Home, example_files: Path) -> None:
    (home.inbox / "budget_2022_ny.csv").write_bytes(bad.budget_with_text(example_files))

    found = night(home)

    new = found["budget_2022_ny.csv"]
    assert new.status == "rejected"
    for word in ("budget/budget_2022_ny.csv", "rad 3", "se bilaga", "Belopp"):
        assert word.casefold() in new.message.casefold()
    assert found["budget_2022.csv"].status == "loaded"


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("budget_cp1252.csv", lambda files: bad.budget_csv(bad.budget_rows(files)).encode("cp1252")),
        ("budget_utf16.csv", lambda files: bad.budget_with_spaces(files).encode("utf-16")),
        ("budget_header_row_4.csv", bad.budget_with_preamble),
        ("budget_total.xlsx", bad.budget_workbook_with_total),
    ],
)
def test_a_budget_written_as_people_write_it_is_read_as_it_is_meant(
    home: Home, example_files: Path, name: str, make: Callable[[Path], bytes]
) -> None:
    (home.inbox / name).write_bytes(make(example_files))

    found = night(home)

    assert (found[name].status, found[name].rows_quarantined) == ("loaded", 0), found[name].message
    columns = ["fiscal_year", "period", "unit_code", "account", "activity_code", "project_code", "amount_sek"]

    def lines(load_id: str) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = pq.read_table(raw_path(home, "budget__lines", load_id), columns=columns)
        return rows.to_pylist()  # type: ignore[attr-defined,no-any-return]

    assert lines(found[name].load_id) == lines(found["budget_2022.csv"].load_id)
    assert found["budget_2022.csv"].status == "superseded"


def test_two_files_that_came_together_and_both_claim_the_year_are_both_set_aside(
    home: Home, example_files: Path
) -> None:
    (home.inbox / "a_2023.se").write_bytes(bad.harmless_change(example_files))
    (home.inbox / "b_2023.se").write_bytes(bad.unbalanced(example_files))

    found = night(home)

    assert found["a_2023.se"].status == found["b_2023.se"].status == "rejected"
    assert "b_2023.se gör anspråk på 2023" in found["a_2023.se"].message
    assert "a_2023.se gör anspråk på 2023" in found["b_2023.se"].message
    assert found["KS_2023.se"].status == "loaded"


def test_of_two_files_with_different_dates_the_newer_holds(home: Home, example_files: Path) -> None:
    def dated(day: str) -> bytes:
        return bad.sie(example_files, lambda text: text.replace("#GEN 20240122", f"#GEN {day}"))

    (home.inbox / "a_2023.se").write_bytes(dated("20240301"))
    (home.inbox / "b_2023.se").write_bytes(dated("20240201"))

    found = night(home)

    assert found["a_2023.se"].status == "loaded"
    assert found["b_2023.se"].status == found["KS_2023.se"].status == "superseded"


def test_what_was_quarantined_for_an_unknown_unit_is_loaded_once_the_register_knows_it(
    home: Home, example_files: Path
) -> None:
    (home.inbox / "KS_2023_ny.se").write_bytes(bad.unknown_unit(example_files))
    assert night(home)["KS_2023_ny.se"].rows_quarantined == 2

    register = (example_files / "organisation.csv").read_text(encoding="utf-8-sig")
    mended = register + "99999;Ny enhet;10000;KS;ordinarie;2023-01-01;\n"
    (home.inbox / "organisation_ny.csv").write_text(mended, encoding="utf-8-sig")
    found = night(home, "next")

    assert found["organisation_ny.csv"].status == "loaded"
    assert found["KS_2023_ny.se"].rows_quarantined == 0
    assert found["KS_2023_ny.se"].message == ""


def test_a_year_whose_only_ledger_was_rejected_stops_the_night(empty_home: Home, example_files: Path) -> None:
    for name in ("KS_2022.se", "budget_2022.csv", "budget_2023.xlsx", "organisation.csv"):
        (empty_home.inbox / name).write_bytes((example_files / name).read_bytes())
    data = bad.sie(example_files, lambda text: text.replace('{1 "15000"', '{1 "99999"'))
    (empty_home.inbox / "KS_2023.se").write_bytes(data)
    night(empty_home)

    with Register(empty_home.register) as register:
        [message] = missing_deliveries(register, "ledger", OWN)

    assert "leveransen för 2023 är avvisad" in message


def test_a_source_without_any_delivery_stops_the_night(empty_home: Home) -> None:
    with Register(empty_home.register) as register:
        assert missing_deliveries(register, "budget", OWN) == [
            "Källan budget har ingen godkänd leverans. Lägg en fil i inkorgen."
        ]


def test_a_reader_that_breaks_costs_one_file_not_the_night(
    home: Home, example_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sources.budget

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sources.budget, "read", broken)
    (home.inbox / "budget_2022_ny.csv").write_bytes(bad.budget_with_preamble(example_files))
    (home.inbox / "KS_2023_ny.se").write_bytes(bad.harmless_change(example_files))

    found = night(home)

    assert found["budget_2022_ny.csv"].status == "rejected"
    assert "ZeroDivisionError" in found["budget_2022_ny.csv"].message
    assert found["KS_2023_ny.se"].status == "loaded"
