"""``bokslut key``: make and change the key that pseudonyms are made with.

Belongs here: the commands' options, words and exit codes. Not here: the key file (``keys``), the other commands
(``cli``).
"""

from __future__ import annotations

from typing import NoReturn

import typer
from rich.console import Console

from orchestration.home import Home

keys = typer.Typer(help="Nyckeln som personers pseudonymer görs med.", no_args_is_help=True)
_out = Console()


@keys.command("new")
def new_pseudonym_key() -> None:
    """Skapa nyckeln. Går den förlorad, skapa en ny: personalfilerna läses då om ur arkivet."""
    from orchestration.keys import PseudonymKeyError, new_key

    try:
        path = new_key(Home.from_environment().create())
    except PseudonymKeyError as error:
        _fail(error)
    _out.print(f"Skapade {path}. Den får aldrig ligga där det publicerade ligger.", highlight=False, soft_wrap=True)


@keys.command("rotate")
def rotate_pseudonym_key() -> None:
    """Byt nyckeln. Nästa körning läser om alla personalfiler ur arkivet med den nya."""
    from orchestration.keys import PseudonymKeyError, rotate_key
    from orchestration.lock import AlreadyRunningError, lock

    home = Home.from_environment().create()
    try:
        with lock(home):
            path = rotate_key(home)
    except (PseudonymKeyError, AlreadyRunningError) as error:
        _fail(error)
    _out.print(
        f"Bytte {path}. Nästa körning läser om personalfilerna; byggen med de gamla pseudonymerna rensas efter hand.",
        highlight=False,
        soft_wrap=True,
    )


def _fail(message: object) -> NoReturn:
    Console(stderr=True).print(str(message), style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)
