"""What holds now, without running anything: for the operator who wonders.

Belongs here: gathering and printing it. Not here: changing anything.
"""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.alerts.outbox import waiting as unsent
from orchestration.home import Home
from orchestration.loading.intake import inbox_files
from orchestration.loading.kolada import failure_of, last_from_kolada, today
from orchestration.publishing.store import age, current_release
from sources.register import Register


def show_status(console: Console, home: Home) -> None:
    """Print the standing release with its age, what holds per source and year, what waits and what was rejected."""
    home.create()
    release = current_release(home)
    if release:
        console.print(
            f"Gällande utgåva {release.release_id}, {age(release)} gammal, "
            f"data {release.data_from} till {release.data_to}.",
            highlight=False,
        )
    else:
        console.print("Ingen utgåva är publicerad. Kör `bokslut run`.", highlight=False)
    if letters := unsent(home):
        told = f"{len(letters)} brev till driften väntar på att skickas, se `bokslut mail-test`."
        console.print(Text(told, style="yellow"))
    waiting = inbox_files(home.inbox)
    console.print(f"I inkorgen: {len(waiting)} filer ({home.inbox}).", highlight=False, soft_wrap=True)
    if (last := last_from_kolada(home)) is not None:
        day = today()
        console.print(Text(failure_of(last, day) or last.told(day), style="yellow" if last.failure else ""))
    with Register(home.register) as register:
        holding = register.current()
        rejected = register.open_rejections()
    table = Table(
        title="Gäller nu",
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for name in ("Källa", "År", "Fil", "Mottagen (UTC)", "Period till"):
        table.add_column(name)
    for (source, _, _, year), delivery in sorted(holding.items()):
        moment = f"{delivery.received_at:%Y-%m-%d %H:%M}"
        table.add_row(source, str(year or "–"), Text(delivery.file_name), moment, str(delivery.period_to or "–"))
    console.print(table)
    for delivery in rejected:
        console.print(Text(f"Avvisad {delivery.received_at:%Y-%m-%d}: {delivery.message}", style="red"))
