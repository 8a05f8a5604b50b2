from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.home import Home
from orchestration.publishing.dictionary import Dictionary
from orchestration.warehouse import ensure_manifest

PAGE = Path(__file__).parents[2] / "docs" / "marts.md"


def test_the_page_for_analysts_is_what_the_models_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == Dictionary.from_manifest(ensure_manifest()).markdown()


def test_every_published_column_carries_its_description(published_home: Home) -> None:
    with duckdb.connect(str(published_home.current), read_only=True) as connection:
        bare = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and comment is null"
        ).fetchall()
        tables = connection.execute("select count(*) from duckdb_tables() where comment is null").fetchall()
    assert bare == []
    assert tables == [(0,)]
