"""The guide to goals and indicators, followed step by step: its indicator is added, and its answers come out."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from orchestration.home import Home
from orchestration.night import run_night
from orchestration.query import as_csv, query

GUIDE = (Path(__file__).parents[2] / "docs" / "goals_and_indicators.md").read_text(encoding="utf-8")
SHEETS = ("Indikatorer", "Målvärden")


def tables() -> list[list[dict[str, str]]]:
    """Return the indented tables of the guide: the rows to add, sheet by sheet."""
    found = re.findall(r"(?:^   \|.*\n)+", GUIDE, flags=re.MULTILINE)
    lines = [[[cell.strip() for cell in line.strip().strip("|").split("|")] for line in t.splitlines()] for t in found]
    return [[dict(zip(table[0], row, strict=True)) for row in table[2:]] for table in lines]


def examples() -> list[tuple[str, str]]:
    found = re.findall(r"^( *)```sql\n(.*?)^ *```\n\n^ *```csv\n(.*?)^ *```", GUIDE, flags=re.DOTALL | re.MULTILINE)
    return [(sql, dedent(answer)) for _, sql, answer in found]


def with_rows_added(workbook: bytes, added: dict[str, list[dict[str, str]]]) -> bytes:
    """Return the workbook with rows added below those of its sheets, under the headers they name."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as copy:
        day = copy.add_format({"num_format": "yyyy-mm-dd"})
        for name in book.sheet_names:
            rows: list[list[Any]] = book.get_sheet_by_name(name).to_python()
            rows += [[row.get(header, "") for header in rows[0]] for row in added.get(name, [])]
            sheet = copy.add_worksheet(name)
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(place, column, cell, day if isinstance(cell, date) else None)
    return written.getvalue()


@pytest.fixture(scope="module")
def home(published_home: Home, example_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The example after another night, with what the guide says in its inbox."""
    import shutil

    root = tmp_path_factory.mktemp("guide") / "home"
    shutil.copytree(published_home.root, root, symlinks=True)
    home = Home(root)
    register = (example_files / "malregister.xlsx").read_bytes()
    (home.inbox / "malregister.xlsx").write_bytes(with_rows_added(register, dict(zip(SHEETS, tables(), strict=True))))
    [(name, values)] = re.findall(r"`(indikatorvarden_.*?\.csv)`.*?```text\n(.*?)```", GUIDE, flags=re.DOTALL)
    (home.inbox / name).write_text(dedent(values), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOKSLUT_HOME", str(root))
        night = run_night(home, lambda _: None)
    assert night.succeeded, night.errors
    return home


def test_the_guide_has_its_rows_and_its_queries() -> None:
    assert [len(table) for table in tables()] == [1, 1]
    assert len(examples()) == GUIDE.count("```sql") == 3


@pytest.mark.parametrize("place", range(3))
def test_every_query_gives_the_answer_beside_it(home: Home, place: int) -> None:
    sql, answer = examples()[place]
    assert as_csv(query(home.current, sql)) == answer
