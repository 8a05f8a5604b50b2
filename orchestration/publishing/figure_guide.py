"""Which numbers are figures and what their ids look like, from the one declaration in dbt's macros.

Belongs here: reading ``dbt_project/macros/figures.sql`` and turning it into ``docs/figures.md``
(``python -m orchestration.publishing.figure_guide > docs/figures.md``). Not here: the declaration, the figures (the
mart ``figure``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

MACROS = Path(__file__).parents[2] / "dbt_project" / "macros" / "figures.sql"
_PAGE_HEAD = """\
# Figures

Every number that a report shows is a row of the mart `figure`, under an id that stays: the mart, its grain and the
column, `budget_outcome/KS/ordinary/2023/revenue/deviation`. In names a blank is `_` and a `/` is `-`; what is on no
unit has `-`.

- **The value** is the mart's own: money in kronor, unrounded. `decimals` is how it is printed, of kronor as tkr.
- **Withheld** figures are rows without value (`is_suppressed`): what the marts do not tell, figures do not.
- **Another year** of the same figure has the same `series_id`, with `*` for the year.
- **Counts** (mål, krav, risker) have an id for each answer that occurs: none of a kind is no row.
- **Not figures**: single months and postings (`budget_outcome_month`, `ledger_entry`), and forecasts that were reported
  anew for the same month (the latest is).
- **An id is a promise.** One that is renamed or goes has a line under Definition changes in the CHANGELOG; the ids of
  the example are kept in `tests/fixtures/figures`, and a test compares them.

`bokslut sql "from figure where label like '%Personalkostnader%2023%'"` finds an id by its name. This page is written
from `dbt_project/macros/figures.sql` by `python -m orchestration.publishing.figure_guide`.

| id | columns | example |
|---|---|---|
"""


def declared() -> list[dict[str, Any]]:
    """Return the entries of ``figure_marts()``; see the macro for what they hold."""
    from jinja2 import Environment

    found: list[list[dict[str, Any]]] = []
    # The file holds nothing but text for our own SQL: nothing of it is HTML.
    environment = Environment(extensions=["jinja2.ext.do"], autoescape=False)  # noqa: S701
    environment.globals["return"] = found.append
    module: Any = environment.from_string(MACROS.read_text(encoding="utf-8")).module
    module.figure_marts()
    return found[0]


def columns_of(entry: dict[str, Any]) -> list[str]:
    """Return the last parts of the ids of an entry."""
    return [entry["count"][0]] if "count" in entry else [column[0] for column in entry["columns"].values()]


def example_of(entry: dict[str, Any]) -> str:
    """Return the id of a figure of the example municipality."""
    return f"{entry['mart']}/{entry['example']}/{columns_of(entry)[0]}"


def _lines() -> Iterator[str]:
    for entry in declared():
        path = "/".join(f"‹{part}›" for part in (*entry["table"], *entry["row"]))
        columns = ", ".join(f"`{column}`" for column in columns_of(entry))
        yield f"| `{entry['mart']}/{path}/…` | {columns} | `{example_of(entry)}` |\n"


def markdown() -> str:
    """Return the page: how ids are made, and a row per entry of the declaration."""
    return _PAGE_HEAD + "".join(_lines())


if __name__ == "__main__":
    print(markdown(), end="")  # noqa: T201  the page is the output
