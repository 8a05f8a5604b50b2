"""What the data owners are told to mend: every category, nothing that runs, nobody's name, no file for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from dagster import job, op
from python_calamine import load_workbook

from expectations.loader import WHO_FIXES
from expectations.messages import apart
from expectations.quarantine import SCHEMA
from orchestration.home import Home
from orchestration.loading.raw_files import QUARANTINE, raw_path, write_parquet
from orchestration.loading.snapshot import Build
from orchestration.mending import tell_owners, workbooks
from orchestration.mending.items import CATEGORIES, OPERATIONS, ROWS_TOLD, Item, gather, owner_of
from orchestration.mending.workbook import as_workbook, write_workbooks
from orchestration.publishing.audit import BLOCKED, Audit
from orchestration.publishing.store import Release
from orchestration.settings import Settings
from orchestration.workspace import Workspace
from sources.register import CheckRow, Register
from sources.registry import SOURCES

NOON = datetime(2024, 1, 22, 12, tzinfo=UTC)
NEEDED = ("organisation", "ledger", "budget")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).create()


@pytest.fixture
def register(home: Home) -> Iterator[Register]:
    """A register where everything that must be there holds and is well."""
    with Register(home.register) as register:
        for source in NEEDED:
            deliver(register, source)
        yield register


def deliver(register: Register, source: str, name: str = "", **values: Any) -> str:
    load_id = f"{source}-{name or 'good'}"
    defaults: dict[str, Any] = {
        "file_name": name or f"{source}.csv",
        "sha256": load_id,
        "size_bytes": 1,
        "received_at": NOON + timedelta(minutes=len(register.deliveries())),
        "run_id": "run",
        "status": "loaded",
        "fiscal_years": [] if source == "organisation" else [2023],
    }
    register.add(trace=load_id, load_id=load_id, source_code=source, **(defaults | values))
    return load_id


def failed(register: Register, load_id: str, name: str, message: str, severity: str, who: str = "controller") -> None:
    source = load_id.partition("-")[0]
    check = CheckRow(load_id, "run", source, f"{source}__lines", name, severity, False, 1, 9, who, "Regel.", message)
    register.judge(load_id, [check], rows_loaded=0)


def set_aside(
    home: Home, load_id: str, *messages: str, check: str = "budget_readable", who: str = "controller"
) -> None:
    rows = [
        dict.fromkeys(SCHEMA.names)
        | {"load_id": load_id, "row_no": no, "row_key": f"2023 {no}", "check_name": check, "message": message}
        | {"severity": "critical", "who_fixes": who}
        for no, message in enumerate(messages, start=2)
    ]
    write_parquet(pa.Table.from_pylist(rows, schema=SCHEMA), raw_path(home, QUARANTINE, load_id))


def to_mend(home: Home, register: Register) -> list[Item]:
    return gather(home, Settings(), register, "run")


def test_nothing_to_mend_is_no_file(home: Home, register: Register) -> None:
    assert to_mend(home, register) == []
    assert tell_owners(home, Settings(), "run") == []
    assert list(home.reports.iterdir()) == []


def test_a_file_that_is_missing(home: Home) -> None:
    with Register(home.register) as register:
        items = to_mend(home, register)
    assert {(item.owner, item.category) for item in items} == {("ekonomi", "Filer som saknas")}
    assert items[0].wrong == "Källan organisation har ingen godkänd leverans"
    assert items[0].action == "Lägg en fil i inkorgen."


def test_a_file_that_its_reader_rejected(home: Home, register: Register) -> None:
    message = "budget/budget_fel.csv: Filen är tom; exportera den igen och kontrollera att rader kommer med."
    deliver(register, "budget", "budget_fel.csv", status="rejected", fiscal_years=[], message=message)

    [item] = to_mend(home, register)

    assert (item.owner, item.category, item.file) == ("ekonomi", "Avvisade filer", "budget_fel.csv")
    assert item.wrong == "Filen är tom"
    assert item.action == "Exportera den igen och kontrollera att rader kommer med."


def test_a_file_that_a_rule_rejected_and_one_that_nobody_claims(home: Home, register: Register) -> None:
    message = "hr/personal.csv: 3 av 9 rader är felaktiga. Filen är inte inläst; rätta raderna och lämna filen igen."
    load_id = deliver(register, "hr", "personal.csv", status="rejected", message=message, part="employments")
    failed(register, load_id, "delivery_mostly_right", message, "critical", who="drift")
    deliver(register, "unclaimed", "lunch.pdf", status="rejected", message="lunch.pdf: ingen källa känner igen namnet.")

    nobodys, rejected = to_mend(home, register)

    assert (nobodys.owner, nobodys.wrong) == ("drift", "Ingen källa känner igen namnet")
    assert (rejected.owner, rejected.check, rejected.who) == ("hr", "delivery_mostly_right", "hr")
    assert rejected.wrong == "3 av 9 rader är felaktiga"
    assert rejected.action == "Rätta raderna och lämna filen igen."


def test_rows_in_quarantine(home: Home, register: Register) -> None:
    set_aside(
        home,
        "budget-good",
        "budget/budget.csv rad 2: belopp x är inte ett tal; skriv siffror. Raden är satt i karantän; lämna filen igen.",
    )

    [item] = to_mend(home, register)

    assert (item.category, item.check, item.file) == ("Rader i karantän", "budget_readable", "budget.csv")
    assert (item.row, item.key) == ("2", "2023 2")
    assert item.wrong == "Belopp x är inte ett tal; skriv siffror"
    assert item.action == "Lämna filen igen."


def test_a_voucher_is_told_once_and_what_a_correction_leaves_out_never(home: Home, register: Register) -> None:
    where, end = "ledger/ledger.csv rad 2", "Verifikatet är satt i karantän; rätta i ekonomisystemet."
    own = f"{where}: konto 9 finns inte. {end}"
    dragged = "ledger/ledger.csv rad 3: verifikat A 1 är satt i karantän. Hela verifikatet väntar; rätta."
    set_aside(home, "ledger-good", own, dragged, check="posting_account_known", who="redovisning")
    set_aside(
        home, "budget-good", "budget/budget.csv rad 2: raden är utelämnad av rättelsen x: fel", check="correction"
    )

    [item] = to_mend(home, register)

    assert (item.row, item.who) == ("2", "redovisning")


def test_many_rows_with_one_fault_are_counted(home: Home, register: Register) -> None:
    end = "fel. Raden är satt i karantän; rätta."
    set_aside(home, "budget-good", *(f"budget/budget.csv rad {no}: {end}" for no in range(2, ROWS_TOLD + 5)))

    *told, rest = to_mend(home, register)

    assert len(told) == ROWS_TOLD
    assert rest.wrong == "… och 3 till med samma fel"


def test_warnings_name_their_rows(home: Home, register: Register) -> None:
    message = (
        "budget/budget.csv rad 4: a är stort; rad 9: b är stort; och 2 rader till. Detta är en varning; kontrollera."
    )
    failed(register, "budget-good", "budget_amount_usual", message, "warning")

    [item] = to_mend(home, register)

    assert (item.category, item.row) == ("Varningar", "4, 9")
    assert item.wrong == "Rad 4: a är stort; rad 9: b är stort; och 2 rader till"


@pytest.fixture
def blocked(home: Home) -> Home:
    build = Build.of(home, "run")
    build.folder.mkdir(parents=True)
    release = Release("2024-01-22-1", "2024-01-22T12:00:00", "run", "sha", "2023-01-01", "2023-12-31", 1, 1, "c", "s")
    row = {"run_id": "run", "source_code": None, "mart": "budget_outcome", "severity": "critical", "passed": False}
    row |= {"check_name": "board_has_budget", "failed_rows": 1, "who_fixes": "controller", "description": "Har budget."}
    arrival = row | {"source_code": "budget", "mart": None, "check_name": "from_the_register"}
    reasons = ["budget_outcome.once: kolumnen har försvunnit", "budget_outcome: Har budget. (1 av 9 rader)"]
    Audit(BLOCKED, release, reasons, checks=[row, arrival, row | {"run_id": "earlier"}]).save(build)
    return home


def test_what_stopped_the_release(blocked: Home, register: Register) -> None:
    lost, rule = to_mend(blocked, register)

    assert (lost.owner, lost.category, lost.check) == ("drift", "Tabeller", "publicering")
    assert "försvunnit" in lost.wrong
    assert (rule.owner, rule.check, rule.key) == ("ekonomi", "board_has_budget", "budget_outcome")


def item(**values: str) -> Item:
    told = {"owner": "hr", "category": "Varningar", "check": "c", "file": "f", "row": "1", "key": "k"}
    return Item(**(told | {"wrong": "fel", "action": "rätta", "who": "personal"} | values))


@pytest.mark.parametrize("text", ["=1+1", "+46", "-1", "@SUM(A1)", "\tx", "https://a.se", "{=1}", "1e5"])
def test_nothing_from_a_file_is_a_formula_or_a_link(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bok.xlsx"
    path.write_bytes(as_workbook([item(file=text, key=text, wrong=text)]))

    [head, row] = load_workbook(str(path)).get_sheet_by_name("Varningar").to_python()

    assert head == ["Kontroll", "Fil", "Rad", "Nyckel", "Vad är fel", "Vad ska göras", "Vem rättar"]
    assert row == ["c", text, "1", text, text, "rätta", "personal"]
    assert all(part not in path.read_bytes() for part in (b"<f>", b"hyperlink"))


def test_a_workbook_per_owner_with_a_sheet_per_category(home: Home) -> None:
    items = [item(category=category) for category in CATEGORIES]
    written = write_workbooks(home, [*(item(owner="ekonomi"),), *items])

    assert [path.name for path in written] == ["att_ratta_ekonomi.xlsx", "att_ratta_hr.xlsx"]
    assert load_workbook(str(written[1])).sheet_names == list(CATEGORIES)
    assert workbooks(home) == written


def test_what_has_been_mended_is_removed_and_the_same_again_is_left_alone(home: Home) -> None:
    both = [item(owner="ekonomi"), item()]
    economy, staff = write_workbooks(home, both)
    before = staff.read_bytes(), staff.stat().st_ino

    assert write_workbooks(home, both[1:]) == [staff]

    assert not economy.exists()
    assert (staff.read_bytes(), staff.stat().st_ino) == before
    assert as_workbook([item()]) == before[0]
    assert sorted(path.name for path in home.reports.iterdir()) == [staff.name]


def test_every_role_has_an_owner_who_has_sources_or_runs_the_installation() -> None:
    assert {owner_of(role) for role in WHO_FIXES} <= {source.owner for source in SOURCES} | {OPERATIONS}


def test_a_run_tells_once_at_its_end_and_says_so_where_it_cannot(
    home: Home, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    order = []

    def told(*_: object) -> None:
        order.append("told")
        raise OSError("disk full")

    @op
    def fails(workspace: Workspace) -> None:
        order.append("step")
        raise ValueError

    @job(resource_defs={"workspace": Workspace(home_path=str(home.root))})
    def night() -> None:
        fails()

    monkeypatch.setattr("orchestration.mending.tell_owners", told)
    night.execute_in_process(raise_on_error=False)

    assert order == ["step", "told"]
    assert "Arbetsböckerna med vad som ska rättas kunde inte skrivas" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("a rad 1: x. y. Raden är satt i karantän; gör så.", ("a rad 1: x. y", "Gör så.")),
        ("a: x; y. Filen är inte inläst; gör så; och så.", ("a: x; y", "Gör så; och så.")),
        ("a: x; gör så. Väntade: b.", ("a: x", "Gör så. Väntade: b.")),
        ("a: x. Gör så.", ("a: x", "Gör så.")),
        ("a: x 3.5 kr", ("a: x 3.5 kr", "")),
    ],
)
def test_a_message_is_taken_apart(message: str, parts: tuple[str, str]) -> None:
    assert apart(message) == parts
