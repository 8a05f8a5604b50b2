"""``bokslut``: what a person at a terminal can do.

Belongs here: commands, their options, exit codes. Not here: what they do; heavy libraries are imported by the command
that needs them, so that every other command starts at once.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from orchestration.check_table import check_table
from orchestration.home import Home
from orchestration.key_commands import keys
from orchestration.operation.commands import register as register_operation
from orchestration.quarantine import quarantine
from orchestration.query import Format
from orchestration.release_commands import register as register_releases
from sources.example import LedgerFormat

app = typer.Typer(
    name="bokslut",
    help="Nämndens uppföljning av året: från inkorg till publicerade tabeller.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(keys, name="key")
app.command("check-table")(check_table)
app.command("quarantine")(quarantine)
register_operation(app)
register_releases(app)
_out = Console()
_err = Console(stderr=True)
fetching = typer.Typer(help="Hämta resultat ur öppna tjänster till inkorgen.", no_args_is_help=True)
app.add_typer(fetching, name="fetch")


def main() -> None:
    """Run the command line; an error the user can mend is one Swedish message and exit code 1."""
    app()


def _fail(message: object) -> NoReturn:
    words = "\n".join([str(message), *getattr(message, "__notes__", [])])
    _err.print(words, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


@app.command()
def run() -> None:
    """Kör natten: ta emot, läs, pröva, bygg, granska, publicera. Avslutar med 1 om något stoppar publiceringen."""
    from contextlib import nullcontext

    from orchestration.alerts import telling_if_not_started
    from orchestration.beside import working_beside
    from orchestration.disk import DiskError
    from orchestration.keys import PseudonymKeyError
    from orchestration.lock import AlreadyRunningError
    from orchestration.night import HistoryError, run_night
    from orchestration.settings import SettingsError

    home = Home.from_environment()
    try:
        with telling_if_not_started(home), _err.status("Startar") as status:
            told = status.update if _err.is_terminal else _tell_plainly
            # Without new files there is most often nothing to do but to see that nothing has changed.
            with working_beside(told) if any(home.inbox.glob("*")) else nullcontext():
                night = run_night(home, told)
    except (AlreadyRunningError, DiskError, HistoryError, PseudonymKeyError, SettingsError) as error:
        _fail(error)
    from orchestration.summary import show_night

    show_night(_out, home, night)
    _leave(0 if night.succeeded else 1)


def _tell_plainly(message: str) -> None:
    # Without a terminal one line per step is progress; one per model would be noise.
    if not message.startswith("Bygger lagret:"):
        _err.print(message, highlight=False)


def _leave(code: int) -> NoReturn:
    """End the process without waiting for the interpreter to take dagster, dbt and the rest apart (over a second)."""
    import atexit
    import os

    # What must be given back at exit (dbt's locks between processes) is; only the taking apart is left out.
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@fetching.command()
def kolada() -> None:
    """Hämta inställningarnas nyckeltal ([kolada] kpis) ur Kolada. En avbruten hämtning fortsätter där den slutade."""
    from orchestration.loading.kolada import failure_of, fetch_kolada, last_from_kolada, messages_of, today
    from orchestration.settings import SettingsError, load_settings
    from sources.indicators.kolada_client import KoladaError

    home = Home.from_environment()
    try:
        settings = load_settings()
        if not settings.kolada.kpis:
            _fail('Inga nyckeltal är valda. Skriv dem i bokslut.toml: [kolada] kpis = ["U07451"].')
        day = today(settings.municipality.time_zone)
        with _err.status("Frågar Kolada") as status:
            fetched = fetch_kolada(home.create(), settings, day, status.update if _err.is_terminal else _tell_plainly)
    except SettingsError as error:
        _fail(error)
    except KoladaError as error:
        _fail(failure_of(last_from_kolada(home), day) or error)
    for file in fetched.files:
        _out.print(str(file), markup=False, highlight=False, soft_wrap=True)
    _out.print(f"{len(fetched.files)} nya filer i inkorgen, {fetched.unchanged} svar är som sist.", highlight=False)
    for message in messages_of(fetched):
        _err.print(message, style="yellow", markup=False, highlight=False, soft_wrap=True)


@app.command()
def read(
    file: Annotated[
        Path, typer.Argument(help="En SIE-fil, eller ett utdrag ur Raindance eller Unit4.", exists=True, dir_okay=False)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Skriv svaret som JSON.")] = False,
) -> None:
    """Säg vad som finns i en huvudboksfil. Avslutar med 1 och en orsak om den inte är någon."""
    from orchestration.loading.reading import read_options
    from orchestration.settings import SettingsError, load_settings
    from sources.ledger import is_sie, summarise
    from sources.reading import Rejected
    from sources.registry import source_by_code

    data = file.read_bytes()
    try:
        # Only an extract is read as the configuration says; what a SIE file holds depends on nothing else.
        is_extract = not is_sie(data, file.name)
        options = read_options(load_settings(), source_by_code("ledger")) if is_extract else None
        summary = summarise(data, file.name, options)
    except SettingsError as error:
        _fail(error)
    except Rejected as rejection:
        if as_json:
            typer.echo(json.dumps({"error": str(rejection)}, ensure_ascii=False))
        _fail(f"{file}: {rejection}")
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False, indent=2))
        return
    table = Table.grid(padding=(0, 2))
    for name, value in summary.items():
        table.add_row(name, str(len(value)) if name == "issues" else str(value))
    _out.print(table)
    for issue in summary["issues"]:
        _out.print(f"rad {issue['line']}: {issue['reason']}", markup=False, highlight=False)


@app.command()
def sql(
    query_text: Annotated[str, typer.Argument(metavar="SQL", help="En fråga mot den publicerade utgåvan.")],
    form: Annotated[Format, typer.Option("--format", help="table, csv eller json.")] = Format.table,
) -> None:
    """Fråga den publicerade utgåvan. Bara läsning, bara de publicerade tabellerna."""
    from orchestration.publishing.store import ReleaseError, opened
    from orchestration.query import QueryError, as_csv, as_json, as_table, confine, query
    from orchestration.settings import SettingsError, load_settings

    try:
        limits = load_settings().query
        confine(limits)
        answer = query(opened(Home.from_environment()), query_text, limits)
    except (QueryError, ReleaseError, SettingsError) as error:
        _fail(error)
    if form is Format.table:
        _out.print(as_table(answer, _out.width))
    else:
        typer.echo(as_csv(answer) if form is Format.csv else as_json(answer), nl=form is Format.json)


@app.command()
def example(
    out: Annotated[Path, typer.Option("--out", help="Mapp som filerna skrivs i, till exempel en inkorg.")],
    seed: Annotated[int, typer.Option("--seed", help="Andra verifikat, samma summor.")] = 2023,
    scale: Annotated[int, typer.Option("--scale", min=1, help="Så många gånger fler verifikat, samma summor.")] = 1,
    ledger_format: Annotated[LedgerFormat, typer.Option("--ledger-format", help="Huvudbokens format.")] = "sie",
) -> None:
    """Skriv exempelkommunens leveranser: påhittade verifikat vars summor är den publicerade rapportens."""
    from orchestration.keys import key_path, new_key
    from sources.example import write_example

    with _err.status("Skriver exempelkommunens filer"):
        files = write_example(out, seed=seed, scale=scale, ledger_format=ledger_format)
    home = Home.from_environment()
    if out.resolve() == home.inbox and not key_path(home).exists():
        _out.print(f"Skapade en nyckel för exemplets pseudonymer: {new_key(home)}", highlight=False, soft_wrap=True)
    for file in files:
        _out.print(f"{file}  ({file.stat().st_size / 1024:.0f} kB)", markup=False, highlight=False, soft_wrap=True)


@app.command()
def status() -> None:
    """Säg vad som gäller nu: utgåvan och dess ålder, vad som väntar i inkorgen, vad som är avvisat."""
    from orchestration.status import show_status

    show_status(_out, Home.from_environment())


@app.command()
def ui(port: Annotated[int, typer.Option("--port", help="Port på 127.0.0.1.")] = 3000) -> None:
    """Öppna Dagster på 127.0.0.1 med hemmets körningar."""
    import os

    from orchestration.night import prepare_instance
    from orchestration.warehouse import ensure_manifest

    home = Home.from_environment()
    prepare_instance(home)
    os.environ["BOKSLUT_HOME"] = str(home.root)
    with _err.status("Läser dbt-projektet"):
        ensure_manifest()
    _out.print(f"Öppna http://127.0.0.1:{port} – avsluta med Ctrl-C.")
    arguments = ["dagster", "dev", "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)]
    os.execv(sys.executable, [sys.executable, "-m", *arguments])  # noqa: S606  our own interpreter and arguments


if __name__ == "__main__":
    main()
