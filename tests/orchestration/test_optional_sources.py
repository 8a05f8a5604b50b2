"""Projects, investment budgets and forecasts from inbox to verdict: judged against what holds, and never in the way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from orchestration.home import Home
from orchestration.loading.arrival import judge_deliveries, missing_deliveries
from orchestration.loading.intake import take_inbox
from orchestration.loading.lines import statement_lines
from orchestration.loading.reading import read_deliveries
from orchestration.loading.snapshot import freeze
from orchestration.settings import Inbox, Settings
from sources.register import Delivery, Register
from sources.registry import SOURCES, source_by_code

SETTINGS = Settings(inbox=Inbox(settle_seconds=0))
OWN = SETTINGS.municipality.organisation_number
OPTIONAL = ("project", "investment_budget", "forecast")
TREE = (
    "Projekt;Benämning;Överordnad;Nivå;Nämnd;Giltig från;Giltig till\n"
    "1;Expansionsinvestering;;Kategori;KS;2015-01-01;\n"
    "0101;Norra Stadsskogen;1;Projekt;KS;2015-01-01;\n"
    "0102;Markinköp;1;Projekt;KS;2015-01-01;2022-12-31\n"
)
BUDGET = "År;Nämnd;Projekt;Belopp;Version\n2023;KS;0101;100;Ursprunglig\n"
FORECAST = "År;Månad;Tillfälle;Rapporterad;Nämnd;Rad;Belopp\n2023;8;Delårsbokslut;2023-09-20;KS;Lokalhyror;-5\n"


def night(home: Home, run_id: str, **files: str) -> dict[str, Delivery]:
    """Deliver files (named without suffix), take, read and judge, a day later each time; return the register."""
    for name, text in files.items():
        (home.inbox / f"{name}.csv").write_text(text, encoding="utf-8")
    with Register(home.register) as register:
        for earlier in register.deliveries():
            register.update(earlier.load_id, received_at=earlier.received_at - timedelta(days=1))
        take_inbox(home, SETTINGS, register, run_id)
        for source in SOURCES:
            read_deliveries(home, SETTINGS, register, source)
            judge_deliveries(home, SETTINGS, register, source, run_id)
        return {delivery.file_name: delivery for delivery in register.deliveries()}


def test_all_three_are_loaded_and_judged_against_each_other(empty_home: Home) -> None:
    found = night(empty_home, "1", projektregister=TREE, investeringsbudget_2023=BUDGET, prognos_2023_08=FORECAST)

    assert {name: (d.status, d.message) for name, d in found.items()} == {
        "projektregister.csv": ("loaded", ""),
        "investeringsbudget_2023.csv": ("loaded", ""),
        "prognos_2023_08.csv": ("loaded", ""),
    }


@pytest.mark.parametrize(
    ("project", "says"),
    [("0199", "projekt 0199 finns inte i projektregistret"), ("0102", "projekt 0102 gäller ingen dag under 2023")],
)
def test_a_budget_for_an_unknown_or_expired_project_waits_for_the_register(
    empty_home: Home, project: str, says: str
) -> None:
    found = night(empty_home, "1", projektregister=TREE, investeringsbudget=BUDGET.replace("0101", project))
    assert found["investeringsbudget.csv"].status == "rejected"
    assert says in found["investeringsbudget.csv"].message

    mended = TREE.replace("2022-12-31", "") + "0199;Nytt;1;Projekt;KS;2023-01-01;\n"
    found = night(empty_home, "2", projektregister_ny=mended)

    assert found["investeringsbudget.csv"].status == "loaded"
    assert found["projektregister.csv"].status == "superseded"


def test_a_budget_before_there_is_a_register_is_loaded_and_judged_when_it_comes(empty_home: Home) -> None:
    found = night(empty_home, "1", investeringsbudget=BUDGET.replace("0101", "0199"))
    assert found["investeringsbudget.csv"].status == "loaded"

    found = night(empty_home, "2", projektregister=TREE)

    assert found["investeringsbudget.csv"].status == "rejected"


def test_a_cyclic_tree_is_rejected_by_name_and_the_one_before_holds(empty_home: Home) -> None:
    night(empty_home, "1", projektregister=TREE)

    circle = TREE.replace("0101;Norra Stadsskogen;1", "0101;Norra Stadsskogen;0102").replace(
        "0102;Markinköp;1", "0102;Markinköp;0101"
    )
    found = night(empty_home, "2", projektregister_ny=circle)

    assert "0101 -> 0102 -> 0101" in found["projektregister_ny.csv"].message
    assert found["projektregister.csv"].status == "loaded"


def test_every_round_is_kept_and_the_same_round_again_replaces_itself(empty_home: Home) -> None:
    spring = FORECAST.replace(";8;", ";4;").replace("2023-09-20", "2023-05-22")
    night(empty_home, "1", prognos_04=spring)
    night(empty_home, "2", prognos_08=FORECAST)
    found = night(empty_home, "3", prognos_08_ny=FORECAST.replace("-5", "-6"))

    assert {name: d.status for name, d in found.items()} == {
        "prognos_04.csv": "loaded",
        "prognos_08.csv": "superseded",
        "prognos_08_ny.csv": "loaded",
    }


def test_two_forecasts_of_one_round_the_same_night_are_both_set_aside(empty_home: Home) -> None:
    found = night(empty_home, "1", prognos_a=FORECAST, prognos_b=FORECAST.replace("-5", "-6"))

    assert [d.status for d in found.values()] == ["rejected", "rejected"]
    assert "även prognos_b.csv gör anspråk på 2023" in found["prognos_a.csv"].message


def test_two_rounds_the_same_night_are_no_rivals(empty_home: Home) -> None:
    found = night(empty_home, "1", prognos_a=FORECAST, prognos_b=FORECAST.replace("2023-09-20", "2023-09-27"))

    assert [d.status for d in found.values()] == ["loaded", "loaded"]


def test_a_round_that_another_file_holds_among_others_is_refused(empty_home: Home) -> None:
    night(empty_home, "1", prognos_08=FORECAST)
    both = FORECAST + FORECAST.splitlines()[1].replace(";8;", ";4;").replace("2023-09-20", "2023-05-22") + "\n"
    found = night(empty_home, "2", prognos_alla=both)

    assert found["prognos_alla.csv"].status == "rejected"
    assert "omgången 08 2023-09-20 finns redan i en annan fil" in found["prognos_alla.csv"].message
    assert found["prognos_08.csv"].status == "loaded"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FORECAST.replace("Lokalhyror", "Skatteintäkter"), "Skatteintäkter"),
        (FORECAST.replace("KS", "XX"), "nämnd XX"),
        (FORECAST + "2023;8;Delårsbokslut;2023-09-20;KS;Årets resultat;-6\n", "result anges till -6,00"),
        (FORECAST + FORECAST.splitlines()[1].replace("-5", "-6") + "\n", "samma nyckel"),
    ],
    ids=["unknown_line", "unknown_board", "wrong_total", "same_round_twice"],
)
def test_a_forecast_that_is_not_whole_is_set_aside(empty_home: Home, text: str, says: str) -> None:
    found = night(empty_home, "1", prognos=text)

    assert found["prognos.csv"].status == "rejected"
    assert found["prognos.csv"].rows_quarantined == found["prognos.csv"].rows_in
    assert says in found["prognos.csv"].message


def test_an_optional_source_never_stops_the_night_and_its_tables_are_there(empty_home: Home) -> None:
    night(empty_home, "1", prognos=FORECAST.replace("KS", "XX"))

    with Register(empty_home.register) as register:
        assert [missing_deliveries(register, code, OWN) for code in OPTIONAL] == [[], [], []]
        build = freeze(empty_home, SETTINGS, register, "1")
    for code in OPTIONAL:
        for table, schema in source_by_code(code).schemas().items():
            found = pq.read_table(build.raw / table / "_empty.parquet")
            assert (found.num_rows, found.schema.names) == (0, ["load_id", *schema.names])


def test_a_snapshot_of_a_home_where_nothing_was_read_has_every_table(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    with Register(home.register) as register:
        build = freeze(home, SETTINGS, register, "1")
    assert {table for source in SOURCES for table in source.tables} <= {path.name for path in build.raw.iterdir()}


def test_the_lines_of_the_statement_are_those_of_the_warehouse() -> None:
    lines = statement_lines()
    assert lines.components.keys() == {"costs", "net_cost", "result"}
    assert lines.components["costs"] == {"personnel", "rent", "services", "other"}
    assert lines.components["result"] | lines.components.keys() == lines.codes
