"""The commands as a person types them, in a process of their own."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.home import Home

BOKSLUT = Path(sys.executable).with_name("bokslut")


def bokslut(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"BOKSLUT_HOME": str(home.root), "COLUMNS": "100"}
    return subprocess.run(
        [str(BOKSLUT), *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def home(home_after_a_night: Home) -> Home:
    return home_after_a_night


def test_run_shows_the_statement_and_where_to_look_next(empty_home: Home, example_files: Path) -> None:
    assert bokslut(empty_home, "example", "--out", str(empty_home.inbox)).returncode == 0

    done = bokslut(empty_home, "run")

    assert done.returncode == 0, done.stderr
    for text in ("Leveranser", "Kontroller", "Årets resultat", "178", "Publicerad", "bokslut sql", "current.duckdb"):
        assert text in done.stdout
    assert "Bygger lagret" in done.stderr


def test_an_empty_inbox_is_a_stopped_night_with_a_reason(empty_home: Home) -> None:
    done = bokslut(empty_home, "run")

    assert done.returncode == 1
    assert "Källan ledger har ingen godkänd leverans" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


QUERY = (
    "select line_code, outcome_sek from budget_outcome "
    "where board_code = 'KS' and segment_code = 'ordinary' and fiscal_year = 2023 and line_code = 'municipal_grant'"
)


def test_sql_answers_in_three_forms(home: Home) -> None:
    table, as_csv, as_json = (bokslut(home, "sql", QUERY, "--format", form) for form in ("table", "csv", "json"))

    assert "municipal_grant" in table.stdout
    [row] = csv.DictReader(io.StringIO(as_csv.stdout))
    [item] = json.loads(as_json.stdout)
    assert row["line_code"] == item["line_code"] == "municipal_grant"
    assert round(float(row["outcome_sek"]) / 1000) == round(item["outcome_sek"] / 1000) == 108907


@pytest.mark.parametrize(
    "statement",
    [
        "drop table budget_outcome",
        "create table x as select 1",
        "select * from read_csv('/etc/passwd')",
        "attach '/tmp/other.duckdb'",
        "copy budget_outcome to '/tmp/out.csv'",
        "set enable_external_access = true",
        "select nothing from nowhere",
    ],
)
def test_sql_reads_the_release_and_does_nothing_else(home: Home, statement: str) -> None:
    done = bokslut(home, "sql", statement)

    assert done.returncode == 1
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_sql_without_a_release_says_what_to_do(empty_home: Home) -> None:
    done = bokslut(empty_home, "sql", "select 1")
    assert done.returncode == 1
    assert "bokslut run" in done.stderr


def test_releases_status_and_rollback(home: Home) -> None:
    listed = bokslut(home, "releases")
    assert "→" in listed.stdout
    assert "2023-12-" in listed.stdout
    assert "Gällande utgåva" in bokslut(home, "status").stdout
    unknown = bokslut(home, "rollback", "1999-01-01-1")
    assert unknown.returncode == 1
    assert "finns inte" in unknown.stderr


def test_read_tells_what_is_in_a_file(home: Home, example_files: Path) -> None:
    done = bokslut(home, "read", str(example_files / "KS_2023.se"), "--json")

    assert done.returncode == 0
    summary = json.loads(done.stdout)
    assert list(summary) == [
        "type", "encoding", "program", "accounts", "dimensions", "objects", "vouchers", "postings", "added", "removed",
        "amount_sum", "amount_abs", "unbalanced_vouchers", "opening_balances", "closing_balances", "results",
        "period_balances", "period_budgets", "issues",
    ]  # fmt: skip
    assert (summary["amount_sum"], summary["unbalanced_vouchers"], summary["issues"]) == ("0.00", 0, [])
    assert summary["encoding"] == "cp437"


def test_read_tells_what_is_in_an_extract(empty_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extract = Path(__file__).parents[1] / "fixtures" / "ledger" / "good" / "same_ledger_raindance.csv"

    done = bokslut(empty_home, "read", str(extract), "--json")

    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert (figures["type"], figures["vouchers"], figures["postings"], figures["issues"]) == ("raindance", 3, 6, [])
    assert (figures["amount_sum"], figures["amount_abs"]) == ("0.00", "2701.10")

    configuration = tmp_path / "bokslut.toml"
    configuration.write_text("[sources.ledger.companies.77]\n", encoding="utf-8")
    monkeypatch.setenv("BOKSLUT_CONFIG", str(configuration))
    done = bokslut(empty_home, "read", str(extract), "--json")
    assert done.returncode == 1
    assert "Företaget 1489 (FORETAG) finns inte i inställningarna" in json.loads(done.stdout)["error"]


def test_read_refuses_what_is_no_sie(home: Home, tmp_path: Path) -> None:
    page = tmp_path / "export.SE"
    page.write_text("<!DOCTYPE html><html></html>")

    done = bokslut(home, "read", str(page), "--json")

    assert done.returncode == 1
    assert "HTML" in done.stderr


def test_a_broken_configuration_is_one_message(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "bokslut.toml"
    file.write_text("[municipality]\norgnr = 'x'")
    monkeypatch.setenv("BOKSLUT_CONFIG", str(file))

    done = bokslut(home, "run")

    assert done.returncode == 1
    assert "orgnr är okänd" in done.stderr
    assert "Traceback" not in done.stderr
