"""How two releases differ: as text, in totals, and what of it a closed period does not allow."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.home import Home
from orchestration.publishing.closing import changes_in_closed, changes_in_reopened
from orchestration.publishing.compare import Differences, differences, quote
from orchestration.publishing.dump import DumpError, dump
from orchestration.publishing.totals import ChangedTotal
from orchestration.settings import Database
from orchestration.settings_of_releases import Closing, Reopened
from tests.orchestration.small_releases import database_of, publish

OUTCOME = """
    update marts.budget_outcome_month set outcome_sek = 41 where period = 202211;
    update marts.budget_outcome set outcome_sek = 101 where line_code = 'revenue';
"""
BETWEEN_BALANCE_ACCOUNTS = "update marts.ledger_entry set amount_sek = amount_sek * 2"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("BOKSLUT_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home").create()


def between(home: Home, change: str) -> Differences:
    publish(home, "2023-01-01-1")
    publish(home, "2023-01-02-1", change=change)
    old, new = (database_of(home, f"2023-01-0{day}-1") for day in (1, 2))
    return differences(old, new, home.root / "spill", Database())


def test_a_release_does_not_differ_from_itself(home: Home) -> None:
    assert between(home, "") == Differences()


def test_a_changed_amount_is_told_with_board_unit_period_and_line(home: Home) -> None:
    found = between(home, OUTCOME)

    [total] = found.totals
    assert str(total) == "KS 11000 202211 Verksamhetens intäkter: utfall 40.00 → 41.00 kr"
    assert found.year_totals == ["KS ordinary 2023 Verksamhetens intäkter: utfall 100.00 → 101.00 kr"]
    assert "budget_outcome_month: samma antal rader (3), ändrat innehåll." in found.rows
    assert found.losses == found.schema == []


def test_a_correction_between_balance_accounts_is_told_though_no_line_moves(home: Home) -> None:
    found = between(home, BETWEEN_BALANCE_ACCOUNTS)
    assert [str(total) for total in found.totals] == [
        "KS utan ansvar 202211 Kontogrupp 15: utfall 7.00 → 14.00 kr",
        "KS utan ansvar 202211 Kontogrupp 24: utfall -7.00 → -14.00 kr",
    ]


@pytest.mark.parametrize(
    ("change", "told", "says"),
    [
        ("alter table marts.ledger_entry drop column text", "losses", "ledger_entry.text: kolumnen saknas."),
        ("alter table marts.ledger_entry alter period type bigint", "losses", "period: typen var INTEGER, är BIGINT."),
        ("drop table marts.disclosure_mask", "losses", "disclosure_mask: tabellen finns inte längre."),
        ("delete from marts.disclosure_mask", "losses", "disclosure_mask: hade 1 rader, har inga."),
        ("alter table marts.ledger_entry add column note text", "schema", "ledger_entry.note: ny kolumn (VARCHAR)."),
        ("create table marts.extra as select 1 as a", "schema", "extra: ny tabell, 1 rader."),
        ("insert into marts.disclosure_mask from marts.disclosure_mask", "rows", "disclosure_mask: 1 → 2 rader."),
        ("update marts.quality_result set check_name = 'b'", "rows", None),
    ],
)
def test_what_is_lost_added_or_changed_is_told(home: Home, change: str, told: str, says: str | None) -> None:
    lines = getattr(between(home, change), told)
    assert [line for line in lines if says and says in line] if says else lines == []


def test_diff_prints_it_and_as_json_without_losing_an_ore(home: Home) -> None:
    between(home, OUTCOME)
    table, as_json = (
        CliRunner().invoke(app, ["diff", "2023-01-01-1", "2023-01-02-1", *form]) for form in ([], ["--format", "json"])
    )
    assert table.exit_code == as_json.exit_code == 0
    assert "40.00" in table.output
    assert "41.00" in table.output
    [total] = json.loads(as_json.output)["totals"]
    assert (total["period"], total["outcome_before"], total["outcome_after"]) == (202211, "40.00", "41.00")
    assert "Ingen skillnad" in CliRunner().invoke(app, ["diff", "2023-01-01-1", "2023-01-01-1"]).output


def text_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_dump_is_the_same_for_the_same_rows_in_another_order(home: Home, tmp_path: Path) -> None:
    shuffled = """
        create table marts.other as from marts.ledger_entry order by amount_sek;
        drop table marts.ledger_entry;
        alter table marts.other rename to ledger_entry;
        update marts.load set load_id = 'b';
    """
    for place, change in enumerate(("", shuffled, OUTCOME)):
        publish(home, f"2023-01-0{place + 1}-1", change=change)
        done = CliRunner().invoke(app, ["dump", f"2023-01-0{place + 1}-1", "--out", str(tmp_path / str(place))])
        assert done.exit_code == 0, done.output
    one, other, changed = (text_of(tmp_path / str(place)) for place in range(3))

    assert one == other
    assert [name for name in one if one[name] != changed[name]] == ["budget_outcome.csv", "budget_outcome_month.csv"]
    assert one["ledger_entry.csv"].decode().splitlines() == [
        '"board_code","segment_code","unit_code","period","line_code","account_group","amount_sek","voucher_date","text"',
        '"KS","ordinary",,"202211",,"15","7.00","2022-11-30","x"',
        '"KS","ordinary",,"202211",,"24","-7.00","2022-11-30",""',
    ]
    assert b'"ledger_entry","amount_sek","DECIMAL(18,2)"' in one["columns.csv"]
    assert "load.csv" not in one


def test_a_dump_goes_into_a_folder_of_its_own(home: Home, tmp_path: Path) -> None:
    publish(home, "2023-01-01-1")
    with pytest.raises(DumpError, match="mappen är inte tom"):
        dump(database_of(home, "2023-01-01-1"), home.root, Database())


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30)


@settings(max_examples=50, deadline=None)
@given(name=NAMES)
def test_a_quoted_name_is_that_name_and_nothing_else(name: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table {quote(name)} ({quote(name)} integer)")
        tables = connection.execute("select table_name from information_schema.tables").fetchall()
        columns = connection.execute(f"select {quote(name)} from {quote(name)}").description
    assert (tables, columns[0][0]) == ([(name,)], name)


def total(period: int, *, board: str | None = "KS", after: str = "41.00", budget: str = "0") -> ChangedTotal:
    return ChangedTotal(
        board, "ordinary", "11000", period, "Intäkter", Decimal("40.00"), Decimal(after), Decimal(0), Decimal(budget)
    )


DAY = date(2023, 2, 1)
REOPENED = Reopened(
    board="KS", period_from=202211, period_to=202212, opened_on=DAY, until=date(2023, 2, 3), reason="Hyra rättad"
)


def test_a_changed_total_in_a_closed_period_stops_and_says_what_to_do() -> None:
    lines = changes_in_closed([total(202211), total(202301)], Closing(closed_through=202212), DAY)
    assert lines == [
        "KS 11000 202211 Intäkter: utfall 40.00 → 41.00 kr – perioden är stängd.",
        "Perioderna till och med 202212 är stängda. Rätta leveransen, eller öppna dem i bokslut.toml: "
        '[[closing.reopened]] board = "KS", period_from = 202211, period_to = 202211, opened_on, until och reason.',
    ]


@pytest.mark.parametrize(
    ("changed", "closing"),
    [
        ([total(202301)], Closing(closed_through=202212)),
        ([total(202212)], Closing()),
        ([total(202212, after="40.00", budget="1")], Closing(closed_through=202212)),
        ([total(202212)], Closing(closed_through=202212, reopened=(REOPENED,))),
        ([total(202212, board="SBN")], Closing(closed_through=202212, reopened=(REOPENED.model_copy(
            update={"board": None}),))),
    ],
)  # fmt: skip
def test_what_is_open_reopened_or_only_budget_does_not_stop(changed: list[ChangedTotal], closing: Closing) -> None:
    assert changes_in_closed(changed, closing, DAY) == []


@pytest.mark.parametrize(
    ("changed", "day"),
    [
        (total(202210), DAY),
        (total(202212, board="SBN"), DAY),
        (total(202212, board=None), DAY),
        (total(202212), date(2023, 1, 31)),
        (total(202212), date(2023, 2, 4)),
    ],
)
def test_another_period_board_or_day_than_the_reopened_stops(changed: ChangedTotal, day: date) -> None:
    assert changes_in_closed([changed], Closing(closed_through=202212, reopened=(REOPENED,)), day)
    assert changes_in_reopened([changed], Closing(closed_through=202212, reopened=(REOPENED,)), day) == []


def test_what_a_reopening_was_used_for_is_told_with_its_reason() -> None:
    closing = Closing(closed_through=202212, reopened=(REOPENED,))
    assert changes_in_reopened([total(202211), total(202212), total(202301)], closing, DAY) == [
        "Öppnat KS 202211–202212 från 2023-02-01 till 2023-02-03: 2 ändrade summor. Skäl: Hyra rättad"
    ]


def test_of_very_many_the_first_are_told_and_the_rest_counted() -> None:
    lines = changes_in_closed([total(200001 + month) for month in range(12)] * 3, Closing(closed_through=202212), DAY)
    assert len(lines) == 22
    assert lines[20] == "… och 16 ändrade summor till i stängda perioder."
