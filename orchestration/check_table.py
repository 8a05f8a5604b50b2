"""``bokslut check-table``: a printed table against the published marts, or against itself.

Belongs here: the command's options and exit codes. Not here: what it does (``table_check``), the other commands
(``cli``).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from orchestration.home import Home

_WELL, _WRONG, _UNUSABLE = 0, 1, 2


class Shown(StrEnum):
    """How the answer is written."""

    table = "table"
    json = "json"


def check_table(
    file: Annotated[
        Path, typer.Argument(help="En tabell ur rapporten som CSV eller Excel.", exists=True, dir_okay=False)
    ],
    mart: Annotated[str | None, typer.Option("--mart", help="Tabellen den ska stämma med; annars gissas den.")] = None,
    year: Annotated[int | None, typer.Option("--year", help="Året; annars det som rubrikerna säger.")] = None,
    board: Annotated[str | None, typer.Option("--board", help="Nämnden, om utgåvan har flera.")] = None,
    segment: Annotated[str | None, typer.Option("--segment", help="ordinary (annars) eller development.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="kr, tkr eller mnkr, om filen inte säger det.")] = None,
    without_marts: Annotated[bool, typer.Option("--without-marts", help="Pröva bara om talen går ihop.")] = False,
    form: Annotated[Shown, typer.Option("--format", help="table eller json.")] = Shown.table,
) -> None:
    """Pröva en tryckt tabell cell för cell. Avslutar med 1 om ett tal inte stämmer, 2 om filen inte går att använda."""
    from orchestration.query import QueryError
    from orchestration.table_check import MARTS, Question, check_alone, check_with_marts
    from orchestration.table_report import as_json, show
    from sources.reading import Rejected

    question = Question(mart, year, board, segment, unit)
    try:
        if mart not in (None, *MARTS):
            raise Rejected(f"Tabellen {mart} kan inte prövas; ange --mart {', '.join(MARTS)}.")
        data = file.read_bytes()
        if without_marts:
            found = check_alone(data, file.name, question)
        else:
            found = check_with_marts(Home.from_environment().current, data, file.name, question)
    except (Rejected, QueryError) as error:
        Console(stderr=True).print(f"{file}: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(_UNUSABLE) from None
    if form is Shown.json:
        typer.echo(as_json(found))
    else:
        show(Console(), found)
    raise typer.Exit(_WELL if found.is_well else _WRONG)
