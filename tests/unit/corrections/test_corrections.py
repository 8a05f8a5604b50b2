"""Corrections as data: what they change, when they refuse, and every way an entry can be wrong."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
import yaml

from sources.budget.schema import SCHEMAS as BUDGET
from sources.corrections import (
    VERSION_FACT,
    CorrectionsError,
    apply_corrections,
    load_corrections,
    version,
)
from sources.organisation.schema import SCHEMAS as ORGANISATION
from sources.reading import Problem, Reading, Rejected
from sources.registry import SOURCES

SCHEMAS = {**BUDGET, **ORGANISATION}
TABLE = "budget__lines"
ENTRY = {
    "id": "budget-2023-1",
    "match": {"table": TABLE, "fiscal_year": 2023, "unit_code": "0110", "account": "5010"},
    "action": "set",
    "set": {"amount_sek": "1234.50"},
    "expect": {"rows": 1, "amount_sek": "12.50"},
    "reason": "Beloppet står i hundratal",
    "reported_to": "controller",
    "reported_on": date(2023, 2, 1),
    "status": "reported",
}
DROP = {key: value for key, value in ENTRY.items() if key != "set"} | {"action": "drop", "expect": {"rows": 1}}


def line(row_no, unit_code="0110", amount="12.50", **changes):
    row = {"row_no": row_no, "fiscal_year": 2023, "unit_code": unit_code, "account": "5010", "version": "original"}
    return row | {"amount_sek": amount and Decimal(amount)} | changes


def reading(*rows, problems=()):
    table = pa.Table.from_pylist(list(rows), schema=BUDGET[TABLE])
    years = tuple(sorted({row["fiscal_year"] for row in rows}))
    return Reading({TABLE: table}, len(rows), fiscal_years=years, problems=problems, facts={"profile": "p"})


@pytest.fixture
def load(tmp_path):
    """Return what is loaded from a file with these entries."""

    def from_file(*entries):
        path = tmp_path / "budget.yml"
        path.write_text(yaml.safe_dump(list(entries), allow_unicode=True), encoding="utf-8")
        return load_corrections([tmp_path / "none.yml", path], SCHEMAS)

    return from_file


def amounts(corrected):
    return corrected.reading.tables[TABLE]["amount_sek"].to_pylist()


def test_set_changes_the_rows_it_finds_and_tells_what_it_did(load):
    corrections = load(ENTRY)
    corrected = apply_corrections(reading(line(2), line(3, "0120")), corrections)
    assert amounts(corrected) == [Decimal("1234.50"), Decimal("12.50")]
    assert corrected.reading.tables[TABLE].schema == BUDGET[TABLE]
    assert corrected.dropped == ()
    assert corrected.reading.facts == {
        "profile": "p",
        "corrections": "budget-2023-1: 1 rader ändrade (amount_sek)",
        VERSION_FACT: version(corrections),
    }


def test_drop_names_the_rows_and_leaves_them_in_the_reading(load):
    corrected = apply_corrections(reading(line(2), line(3, "0120")), load(DROP))
    assert corrected.dropped == (Problem(TABLE, 2, "row_no", "budget-2023-1", "Beloppet står i hundratal"),)
    assert corrected.reading.tables[TABLE].num_rows == corrected.reading.rows_in == 2
    assert corrected.reading.facts["corrections"] == "budget-2023-1: 1 rader borttagna"


def test_without_corrections_nothing_changes():
    before = reading(line(2))
    assert apply_corrections(before, ()).reading == before
    assert version(()) == ""


@pytest.mark.parametrize("action", ["set", "drop"])
def test_a_value_that_could_not_be_read_is_no_problem_once_it_is_corrected(load, action):
    entry = (ENTRY | {"expect": {"rows": 1, "amount_sek": None}}) if action == "set" else DROP
    problems = (Problem(TABLE, 2, "amount_sek", "12,5x", "är inte ett tal"), Problem(TABLE, 3, "period", "13", "…"))
    corrected = apply_corrections(reading(line(2, amount=None), line(3, "0120"), problems=problems), load(entry))
    assert corrected.reading.problems == problems[1:]


def test_another_problem_of_a_row_that_is_set_stays(load):
    problem = Problem(TABLE, 2, "period", "13", "period 13 är ingen månad")
    assert apply_corrections(reading(line(2), problems=(problem,)), load(ENTRY)).reading.problems == (problem,)


@pytest.mark.parametrize("entry", [ENTRY, DROP])
def test_a_delivery_of_another_year_is_not_meant(load, entry):
    corrected = apply_corrections(reading(line(2, amount="1.00", fiscal_year=2022)), load(entry))
    assert amounts(corrected) == [Decimal("1.00")]
    assert corrected.dropped == ()
    assert corrected.reading.facts["corrections"] == "ingen gäller filen"


def test_a_delivery_without_the_period_is_not_meant(load):
    entry = ENTRY | {"match": ENTRY["match"] | {"period": 202302}}
    assert amounts(apply_corrections(reading(line(2, period=202301)), load(entry))) == [Decimal("12.50")]


def test_a_register_without_years_is_always_meant(load):
    entry = DROP | {"match": {"table": "organisation__units", "unit_code": "0110"}}
    row = {"row_no": 2, "unit_code": "0120"}
    units = Reading({"organisation__units": pa.Table.from_pylist([row], ORGANISATION["organisation__units"])}, 1)
    with pytest.raises(Rejected, match="ska gälla 1 rader men 0 hittades"):
        apply_corrections(units, load(entry))


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([line(2, amount="1234.50")], "amount_sek är inte 12.50 på rad 2"),
        ([line(2, amount=None)], "amount_sek är inte 12.50 på rad 2"),
        ([line(2, "0120")], "den ska gälla 1 rader men 0 hittades"),
        ([line(2), line(3)], "den ska gälla 1 rader men 2 hittades"),
    ],
    ids=["mended", "emptied", "gone", "twice"],
)
def test_what_is_not_expected_refuses_the_file_and_says_that_it_has_been_mended(load, rows, says):
    with pytest.raises(Rejected) as caught:
        apply_corrections(reading(*rows), load(ENTRY))
    text = str(caught.value)
    assert text.startswith("Rättelsen budget-2023-1 passar inte filen: ")
    assert says in text
    assert "Felet är troligen rättat i källan. Ta bort rättelsen ur " in text
    assert "budget.yml, så läses filen om" in text


def test_two_entries_for_one_row_are_refused(load):
    with pytest.raises(Rejected, match=r"budget-2023-1 och another-one gäller samma rad \(2\)"):
        apply_corrections(reading(line(2)), load(ENTRY, DROP | {"id": "another-one"}))


def test_entries_look_at_the_rows_as_they_were_read(load):
    moved = ENTRY | {"set": {"unit_code": "0130"}, "expect": {"rows": 1, "unit_code": "0110"}}
    second = ENTRY | {"id": "second", "match": ENTRY["match"] | {"unit_code": "0130"}}
    corrected = apply_corrections(reading(line(2), line(3, "0130")), load(moved, second))
    assert amounts(corrected) == [Decimal("12.50"), Decimal("1234.50")]


def test_a_changed_entry_is_another_version(load):
    assert version(load(ENTRY)) == version(load(ENTRY)) != version(load(ENTRY | {"status": "confirmed"}))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"status": "sent"}, "status"),
        ({"why": "x"}, "why"),
        ({"reason": ""}, "reason"),
        ({"id": "Å"}, "id"),
        ({"action": "move"}, "action"),
        ({"match": {"table": TABLE}}, "match ska ange table och minst en kolumn"),
        ({"match": {"fiscal_year": 2023}}, "match ska ange table"),
        ({"match": {"table": "hr__pay", "fiscal_year": 2023}}, "tabellen hr__pay finns inte; välj en av budget__lines"),
        ({"match": {"table": TABLE, "account": "5010"}}, "match ska ange fiscal_year"),
        ({"match": ENTRY["match"] | {"konto": "5010"}}, "kolumnen konto finns inte; kända är row_no"),
        ({"match": ENTRY["match"] | {"unit_code": 110}}, "unit_code: 110 ska vara text inom citattecken"),
        ({"match": ENTRY["match"] | {"period": "202301"}}, "period: '202301' ska vara ett heltal"),
        ({"set": {"amount_sek": 12.5}}, "amount_sek: 12.5 ska vara ett belopp inom citattecken"),
        ({"set": {"amount_sek": "12.505"}}, "högst 2 decimaler"),
        ({"set": {"amount_sek": "1 234,50"}}, "ska vara ett tal med högst 2 decimaler och decimalpunkt"),
        ({"set": {}}, "set ska ange de nya värdena"),
        ({"action": "drop"}, "bara när action är set"),
        ({"set": {"account": "5011"}}, "expect ska ange nuvarande värde även för account"),
        ({"set": {"fiscal_year": 2022}, "expect": {"rows": 1, "fiscal_year": 2023}}, "fiscal_year kan inte ändras"),
        ({"expect": {"amount_sek": "12.50"}}, "expect ska ange rows"),
        ({"expect": {"rows": 0, "amount_sek": "12.50"}}, "minst 1"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(load, tmp_path, changes, says):
    with pytest.raises(CorrectionsError) as caught:
        load(ENTRY | changes)
    assert str(caught.value).startswith(f"{tmp_path}/budget.yml, rättelse 1 (")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [("a: [", "inte giltig YAML"), ("id: x", "ska vara en lista"), ("- x", "rättelse 1: ska vara nycklar och värden")],
)
def test_a_file_that_is_no_list_of_entries_is_named(tmp_path, text, says):
    path = tmp_path / "budget.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorrectionsError, match=says):
        load_corrections([path], SCHEMAS)


def test_an_id_may_be_used_once(load):
    with pytest.raises(CorrectionsError, match="id budget-2023-1 står flera gånger"):
        load(ENTRY, DROP)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.code)
def test_the_corrections_we_ship_can_be_used(source, tmp_path):
    from orchestration.home import Home
    from orchestration.loading.reading import correction_paths

    shipped = load_corrections(correction_paths(Home(tmp_path), source), source.schemas())
    assert {entry.table for entry in shipped} <= set(source.tables)


def test_the_example_of_the_documentation_can_be_used(tmp_path):
    from importlib.resources import files

    from sources.ledger.schema import SCHEMAS as LEDGER

    text = (files("sources") / "corrections.md").read_text(encoding="utf-8")
    path = tmp_path / "ledger.yml"
    path.write_text(text.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    (entry,) = load_corrections([path], LEDGER)
    assert entry.action == "set"
