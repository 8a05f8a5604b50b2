"""What the README shows is what a reader gets."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from orchestration.home import Home
from orchestration.query import as_table, query
from orchestration.statement import read_tables
from orchestration.summary import report_table

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def printed(renderable: object) -> str:
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(renderable)
    return "\n".join(line.rstrip() for line in console.export_text().splitlines()).strip()


def test_the_query_gives_the_answer_beside_it(published_home: Home) -> None:
    found = re.search(r'bokslut sql "(?P<sql>[^"]+)"\n(?P<answer>.*?)\n```', README, re.DOTALL)
    assert found is not None
    assert printed(as_table(query(published_home.current, found["sql"]), 80)) == found["answer"].strip()


def test_the_statement_is_the_one_that_a_run_prints(published_home: Home) -> None:
    shown = re.search(r"```text\n(?P<statement>.*?)```", README, re.DOTALL)
    assert shown is not None
    titled = {table.title: table for table in read_tables(published_home.current)}
    text = printed(report_table(titled["Kommunstyrelsen, ordinarie verksamhet 2023 (tkr)"]))
    text = text.replace("\N{NO-BREAK SPACE}", " ")
    assert text.splitlines() == [line.rstrip() for line in shown["statement"].splitlines()]


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)", README))))
def test_every_link_leads_somewhere(path: str) -> None:
    assert (Path(__file__).parents[2] / path).exists()
