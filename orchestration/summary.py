"""What a person sees after a run: deliveries, rows, checks, the statement itself, where to look next.

Belongs here: drawing for a terminal. Not here: gathering or computing anything that is not shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from orchestration.home import Home
from orchestration.loading.kolada import failure_of, last_from_kolada, today
from orchestration.mending import workbooks
from orchestration.night import Night
from orchestration.printed import PrintedTable
from orchestration.publishing.audit import BLOCKED, PUBLISH, UNCHANGED, WITHDRAWN
from orchestration.publishing.store import Release, age, current_release
from orchestration.statement import read_tables
from sources.register import CheckRow, Delivery, Register

_STATUS = {
    "loaded": "[green]inläst[/]",
    "rejected": "[red]avvisad[/]",
    "duplicate": "[dim]dubblett[/]",
    "superseded": "[dim]ersatt[/]",
    "received": "[yellow]väntar[/]",
    "read": "[yellow]väntar[/]",
}
_MESSAGES_SHOWN = 12


def show_night(console: Console, home: Home, night: Night) -> None:
    """Print how a run ended. Amounts are tkr."""
    with Register(home.register) as register:
        deliveries = [d for d in register.deliveries() if d.run_id == night.run_id]
        holding = list({d.load_id: d for d in register.current().values()}.values())
        checks = register.checks()
    release = current_release(home)
    shown = list({d.load_id: d for d in [*holding, *deliveries]}.values())
    console.print()
    if shown:
        console.print(_deliveries(shown, deliveries), Text())
        console.print(_messages(deliveries, holding))
        if failure := failure_of(last_from_kolada(home), today()):
            console.print(Text(f"{failure}\n", style="yellow"))
        console.print(
            _checks(night, [check for check in checks if check.load_id in {d.load_id for d in shown}]), Text()
        )
    if release:
        for printed in read_tables(home.current):
            console.print(report_table(printed), Text())
    console.print(_verdict(night, release))
    for message in [*(night.audit.warnings if night.audit else []), *night.untold]:
        console.print(Text(message, style="yellow"))
    console.print(_where_next(home))


def _deliveries(shown: Sequence[Delivery], new: Sequence[Delivery]) -> RenderableType:
    """Return the deliveries that came now or hold; a dot marks what came now. Fits 80 columns."""
    table = _table("Leveranser (● = ny)")
    table.add_column("", width=1)
    table.add_column("Fil", overflow="fold")
    table.add_column("År")
    table.add_column("Läge", no_wrap=True)
    for name in ("Rader", "Inlästa", "Karantän"):
        table.add_column(name, justify="right", no_wrap=True)
    fresh = {delivery.load_id for delivery in new}
    for delivery in sorted(shown, key=lambda d: (d.source_code, d.fiscal_years, d.file_name)):
        table.add_row(
            "●" if delivery.load_id in fresh else "",
            escape(delivery.file_name),
            ", ".join(map(str, delivery.fiscal_years)) or "–",
            _STATUS[delivery.status],
            _number(delivery.rows_in),
            _number(delivery.rows_loaded),
            _number(delivery.rows_quarantined, alarm=True),
        )
    return table


def _table(title: str) -> Table:
    """Return an empty table that fits 80 columns, so that it also fits a screen at 200 %."""
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=box.SIMPLE_HEAD,
        collapse_padding=True,
        pad_edge=False,
        show_edge=False,
    )


def _number(count: int, *, alarm: bool = False) -> str:
    text = f"{count:,}".replace(",", "\N{NO-BREAK SPACE}")
    return f"[red]{text}[/]" if alarm and count else text


def _messages(new: Sequence[Delivery], holding: Sequence[Delivery]) -> RenderableType:
    """Return what owners must mend: messages of new deliveries, and of those that hold."""
    every = {d.load_id: d for d in [*new, *holding]}
    messages = [delivery.message for delivery in every.values() if delivery.message]
    if not messages:
        return Text("Inget att åtgärda i leveranserna.\n", style="green")
    lines: list[RenderableType] = [Text("Att åtgärda", style="bold")]
    lines += [Padding(Text(f"• {message}"), (0, 0, 0, 2)) for message in messages[:_MESSAGES_SHOWN]]
    if len(messages) > _MESSAGES_SHOWN:
        lines.append(Text(f"  … och {len(messages) - _MESSAGES_SHOWN} till, se tabellen load."))
    return Group(*lines, Text())


def _checks(night: Night, stored: Sequence[CheckRow]) -> RenderableType:
    rows = (
        [(row["source_code"] or "lagret", row["passed"], row["severity"]) for row in night.audit.checks]
        if night.audit
        else [(row.source_code, row.passed, row.severity) for row in stored]
    )
    table = _table("Kontroller")
    table.add_column("Var")
    for name in ("Godkända", "Varningar", "Underkända"):
        table.add_column(name, justify="right")
    counted = Counter((where, "ok" if passed else severity) for where, passed, severity in rows)
    for where in dict.fromkeys(where for where, _, _ in rows):
        table.add_row(
            where,
            str(counted[where, "ok"]),
            f"[yellow]{count}[/]" if (count := counted[where, "warning"]) else "0",
            f"[red]{count}[/]" if (count := counted[where, "critical"]) else "0",
        )
    return table


def report_table(printed: PrintedTable) -> Table:
    """Return one table of the report, totals in bold."""
    table = _table(printed.title)
    table.add_column("", overflow="fold")
    for name in printed.columns:
        table.add_column(name, justify="right", no_wrap=True, min_width=8)
    for row in printed.rows:
        table.add_row(row.name, *row.cells, style="bold" if row.is_total else "")
    return table


def _verdict(night: Night, release: Release | None) -> RenderableType:
    standing = f"{release.release_id} från {release.published_at.replace('T', ' ')} UTC" if release else "ingen"
    seconds = f"{night.seconds:.1f} s"
    if night.succeeded and night.audit and night.audit.verdict == PUBLISH:
        lines = [Text(f"✔ Publicerad: {standing} ({seconds})", style="bold green")]
        return Group(*lines, *(Text(f"  {line}") for line in night.audit.differences[:_MESSAGES_SHOWN]))
    if night.succeeded and night.audit and night.audit.verdict in (UNCHANGED, WITHDRAWN):
        head = "✔ Oförändrat: ingen ny utgåva" if night.audit.verdict == UNCHANGED else "! Ingen ny utgåva"
        return Group(
            Text(f"{head} ({seconds}). Gällande: {standing}", style="bold"),
            *(Text(f"  {reason}") for reason in night.audit.reasons),
        )
    old = f", {age(release)} gammal" if release else ""
    reasons = night.audit.reasons if night.audit and night.audit.verdict == BLOCKED else night.errors
    return Group(
        Text(f"✘ Stoppad: inget publicerat ({seconds}). Gällande utgåva: {standing}{old}", style="bold red"),
        *(Text(f"  • {reason}") for reason in reasons or ["Se körningen i `bokslut ui`."]),
    )


def _where_next(home: Home) -> RenderableType:
    lines = (
        ("Fråga tabellerna", 'bokslut sql "from budget_outcome"'),
        ("Se körningen", "make ui"),
        ("Öppna filen", str(home.current)),
        ("Lägg egna filer i", str(home.inbox)),
        *(("Att rätta", str(path)) for path in workbooks(home)),
    )
    grid = Table.grid(padding=(0, 2))
    for what, how in lines:
        grid.add_row(Text(what, style="bold"), Text(how, overflow="fold"))
    return Group(Text(), grid)
