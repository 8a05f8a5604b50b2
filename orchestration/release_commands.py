"""``bokslut releases``, ``rollback``, ``verify``, ``diff`` and ``dump``: what there is, which one holds, what it says.

Belongs here: the commands' options, what they print, exit codes. Not here: what they do (``publishing``), the other
commands (``cli``).
"""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.home import Home

if TYPE_CHECKING:
    from orchestration.publishing.compare import Differences

_out = Console()
_err = Console(stderr=True)
ReleaseId = Annotated[str, typer.Argument(metavar="UTGÅVA", help="En utgåva, se `bokslut releases`.")]


class Shown(StrEnum):
    """How the differences are written."""

    table = "table"
    json = "json"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (releases, rollback, verify, diff, dump):
        app.command()(command)


def releases() -> None:
    """Lista utgåvorna, den senaste sist; pilen visar den som gäller."""
    from orchestration.publishing.store import current_release
    from orchestration.publishing.store import releases as all_releases

    home = Home.from_environment()
    found = all_releases(home)
    if not found:
        _fail(f"Det finns ingen utgåva i {home.published}. Kör `bokslut run` först.")
    standing = current_release(home)
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("", "Utgåva", "Publicerad (UTC)", "Data till"):
        table.add_column(name, no_wrap=True)
    for name in ("Rätt", "Varn."):
        table.add_column(name, no_wrap=True, justify="right")
    table.add_column("")
    for release in found:
        table.add_row(
            "→" if standing and release.release_id == standing.release_id else "",
            release.release_id,
            release.published_at[:16].replace("T", " "),
            release.data_to,
            str(release.checks_passed),
            str(release.checks_warned),
            ", ".join(["tillbakadragen"] * release.withdrawn + ["rensad"] * release.is_cleared),
        )
    _out.print(table)


def rollback(release_id: ReleaseId) -> None:
    """Låt en tidigare utgåva gälla. Den nyare dras tillbaka och publiceras inte igen med samma innehåll."""
    from orchestration.lock import AlreadyRunningError, lock
    from orchestration.publishing.store import ReleaseError, roll_back

    home = Home.from_environment()
    try:
        with lock(home.create()):
            release = roll_back(home, release_id)
    except (ReleaseError, AlreadyRunningError) as error:
        _fail(error)
    _out.print(f"Utgåvan {release.release_id} från {release.published_at} UTC gäller nu.", highlight=False)


def verify(
    release_id: Annotated[
        str | None, typer.Argument(metavar="[UTGÅVA]", help="En utgåva; annars alla som inte är rensade.")
    ] = None,
) -> None:
    """Pröva att utgåvornas filer är de som publicerades. Avslutar med 1 om någon saknas eller är skadad."""
    from orchestration.publishing.store import ReleaseError, release_by_id
    from orchestration.publishing.store import releases as all_releases
    from orchestration.publishing.store import verify as verify_release

    home = Home.from_environment()
    try:
        chosen = (
            [release_by_id(home, release_id)] if release_id else [r for r in all_releases(home) if not r.is_cleared]
        )
    except ReleaseError as error:
        _fail(error)
    if not chosen:
        _fail(f"Det finns ingen utgåva i {home.published}. Kör `bokslut run` först.")
    broken = False
    for release in chosen:
        try:
            verify_release(home, release)
        except ReleaseError as error:
            broken = True
            _err.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        else:
            _out.print(f"{release.release_id}: hel, {1 + len(release.files)} filer.", highlight=False)
    raise typer.Exit(1 if broken else 0)


def diff(
    before: ReleaseId,
    after: ReleaseId,
    form: Annotated[Shown, typer.Option("--format", help="table eller json.")] = Shown.table,
) -> None:
    """Säg vad som skiljer två utgåvor: tabeller, rader, och summor per nämnd, ansvar och period."""
    from tempfile import TemporaryDirectory

    from orchestration.publishing.compare import differences
    from orchestration.publishing.store import ReleaseError
    from orchestration.settings import SettingsError, load_settings

    home = Home.from_environment()
    try:
        old, new = _database(home, before), _database(home, after)
        with TemporaryDirectory() as spill:
            found = differences(old, new, Path(spill), load_settings().database)
    except (ReleaseError, SettingsError) as error:
        _fail(error)
    if form is Shown.json:
        typer.echo(found.as_json(), nl=False)
    else:
        _show(found, before, after)


def dump(
    release_id: ReleaseId,
    out: Annotated[Path, typer.Option("--out", help="En ny mapp.")],
) -> None:
    """Skriv en utgåva som text, lika byte för byte för samma innehåll: sorterade rader, ett format per slags värde."""
    from orchestration.publishing.dump import DumpError
    from orchestration.publishing.dump import dump as dump_release
    from orchestration.publishing.store import ReleaseError
    from orchestration.settings import SettingsError, load_settings

    try:
        checksum = dump_release(_database(Home.from_environment(), release_id), out, load_settings().database)
    except (ReleaseError, DumpError, SettingsError) as error:
        _fail(error)
    _out.print(f"{checksum}  {release_id}", highlight=False, soft_wrap=True)


def _database(home: Home, release_id: str) -> Path:
    """Return the file of a release, once its checksum agrees."""
    from orchestration.publishing.store import DATABASE, folder, release_by_id
    from orchestration.publishing.store import verify as verify_release

    verify_release(home, release_by_id(home, release_id))
    return folder(home, release_id) / DATABASE


def _show(found: Differences, before: str, after: str) -> None:
    from orchestration.query import Answer, as_table

    lines = [*found.losses, *found.lines]
    _out.print(Text(f"Från {before} till {after}", style="bold"))
    if not (lines or found.totals):
        _out.print("Ingen skillnad.")
    for line in lines:
        _out.print(Text(f"  {line}", style="red" if line in found.losses else ""), soft_wrap=True)
    if found.totals:
        names = [field.name for field in fields(found.totals[0])]
        rows = [tuple(getattr(total, name) for name in names) for total in found.totals]
        _out.print(as_table(Answer(names, rows), _out.width))


def _fail(message: object) -> NoReturn:
    _err.print(str(message), style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)
