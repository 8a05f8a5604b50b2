"""``bokslut quarantine``: what is set aside, what to do with it, and what has been mended since.

Belongs here: the command's options and how it is shown. Not here: finding it (``set_aside``), the other commands
(``cli``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from orchestration.home import Home
from sources.inspection import visible

if TYPE_CHECKING:
    from orchestration.set_aside import SetAside

_SHOWN = 200


class Listing(StrEnum):
    """How the list is written."""

    table = "table"
    json = "json"


def quarantine(
    source: Annotated[str | None, typer.Option("--source", help="Bara en källa, till exempel ledger.")] = None,
    show_mended: Annotated[
        bool, typer.Option("--mended", help="Visa också allt som är löst, inte bara antal.")
    ] = False,
    form: Annotated[Listing, typer.Option("--format", help="table eller json; json har allt.")] = Listing.table,
) -> None:
    """Lista det som är lagt åt sidan: fil, rad, regel, vad som ska göras, och vilken leverans som löste det."""
    from orchestration.set_aside import all_set_aside
    from sources.register import Register
    from sources.registry import SOURCES

    known = [each.code for each in SOURCES]
    if source not in (None, *known):
        message = f"Källan {source} finns inte; ange {', '.join(known)}."
        Console(stderr=True).print(Text(message, style="red"), soft_wrap=True)
        raise typer.Exit(1)
    home = Home.from_environment().create()
    with Register(home.register) as register:
        found = [each for each in all_set_aside(home, register) if source in (None, each.source_code)]
    if form is Listing.json:
        typer.echo(json.dumps([_as_record(each) for each in found], ensure_ascii=False, indent=2))
    else:
        _show(Console(), found, show_mended=show_mended)


def _as_record(each: SetAside) -> dict[str, Any]:
    item = each.item
    return {
        "source": each.source_code,
        "file": item.file,
        "row": item.row,
        "key": item.key,
        "check": item.check,
        "wrong": item.wrong,
        "action": item.action,
        "who_fixes": item.who,
        "set_aside_on": each.set_aside_on.isoformat(),
        "state": "open" if each.is_open else "mended",
        "mended_by": each.mended_by,
        "mended_on": each.mended_on.isoformat() if each.mended_on else None,
    }


def _show(console: Console, found: Sequence[SetAside], *, show_mended: bool) -> None:
    unmended = [each for each in found if each.is_open]
    mended = [each for each in found if not each.is_open]
    if unmended:
        _print_open(console, unmended)
    else:
        console.print(Text("Inget är lagt åt sidan.", style="green"))
    if mended and show_mended:
        _print_mended(console, mended)
    elif mended:
        newest = max(mended, key=lambda each: (each.mended_on or each.set_aside_on, each.mended_by or ""))
        last = f"senast med {newest.mended_by} {newest.mended_on}"
        console.print(Text(f"{len(mended)} är lösta av nya leveranser, {last}; se dem med --mended."))


def _print_open(console: Console, found: Sequence[SetAside]) -> None:
    """Print what is open as one block per file, for what is wrong needs the width of a line."""
    file = ""
    for each in found[:_SHOWN]:
        item = each.item
        if item.file != file:
            file = item.file
            console.print(Text(f"{each.source_code}/{visible(file)}", style="bold"), soft_wrap=True)
        console.print(Text(f"  {_where(each)}: {visible(item.wrong)}"), soft_wrap=True)
        console.print(Text(f"    {item.check}, {item.who}: {visible(item.action)}", style="dim"), soft_wrap=True)
    _print_rest(console, found)


def _print_mended(console: Console, found: Sequence[SetAside]) -> None:
    console.print(Text("Löst", style="bold"))
    for each in found[:_SHOWN]:
        what = f"{visible(each.item.file)}, {_where(each)} ({each.item.check})"
        console.print(Text(f"  {what}: med {visible(each.mended_by or '')} {each.mended_on}"), soft_wrap=True)
    _print_rest(console, found)


def _where(each: SetAside) -> str:
    item = each.item
    return visible(", ".join(part for part in (f"rad {item.row}" if item.row else "hela filen", item.key) if part))


def _print_rest(console: Console, found: Sequence[SetAside]) -> None:
    if len(found) > _SHOWN:
        console.print(Text(f"… och {len(found) - _SHOWN} till; se dem med --format json."))
