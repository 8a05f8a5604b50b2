"""The first asset: what lay in the inbox, archived and registered.

Belongs here: calling the intake and telling what became of each file. Not here: how
files are read.
"""

from collections.abc import Sequence
from datetime import timedelta

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    FreshnessPolicy,
    MarkdownMetadataValue,
    MaterializeResult,
    MetadataValue,
    TextMetadataValue,
    asset,
)

from orchestration.loading.intake import take_inbox
from orchestration.loading.reading import read_ahead
from orchestration.progress import tell
from orchestration.workspace import Workspace
from sources.registry import SOURCES

DELIVERIES = AssetKey("deliveries")


def deliveries_asset(fetched: Sequence[AssetKey] = ()) -> AssetsDefinition:
    """Return the step that takes the inbox, once what is ``fetched`` into it lies there."""

    @asset(
        key=DELIVERIES,
        deps=list(fetched),
        group_name="mottagning",
        owners=["team:drift"],
        kinds={"file", "sqlite"},
        tags={"layer": "deliveries"},
        freshness_policy=FreshnessPolicy.cron(
            deadline_cron="0 5 * * *", lower_bound_delta=timedelta(hours=5), timezone="Europe/Stockholm"
        ),
        description=(
            "En rad per fil som har levererats. Inkorgens filer arkiveras under sitt sha256 och förs in i registret; "
            "en fil som ingen eller flera källor känner igen läggs åt sidan med en orsak."
        ),
    )
    def deliveries(context: AssetExecutionContext, workspace: Workspace) -> MaterializeResult:
        """One row per file delivered: archived, claimed by one source, registered."""
        tell("Tar emot filer ur inkorgen")
        with workspace.register() as register:
            report = take_inbox(workspace.home, workspace.settings, register, context.run_id)
            total = len(register.deliveries())
            read_ahead(workspace.home, workspace.settings, register, SOURCES)
        return MaterializeResult(
            metadata={
                "dagster/row_count": total,
                "mottagna": len(report.received),
                "dubbletter": len(report.duplicates),
                "avvisade": len(report.rejected),
                "väntande": len(report.waiting),
                "meddelanden": bullets(report.messages),
                "inkorg": MetadataValue.path(str(workspace.home.inbox)),
            }
        )

    return deliveries


def bullets(messages: list[str] | tuple[str, ...], limit: int = 50) -> MarkdownMetadataValue | TextMetadataValue:
    """Return messages so that one can be read in the table as it is, and more as a Markdown list.

    What comes from files is escaped in Markdown; what is beyond ``limit`` is counted, not shown.
    """
    if len(messages) < 2:
        return MetadataValue.text(messages[0] if messages else "Inga.")
    lines = [f"- {escape(message)}" for message in messages[:limit]]
    if len(messages) > limit:
        lines.append(f"- … och {len(messages) - limit} till")
    return MetadataValue.md("\n".join(lines))


def escape(text: str) -> str:
    """Return text in which nothing is Markdown or HTML: file names and values are data."""
    for sign, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, safe)
    for sign in "\\`*_{}[]()#+!|~":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", " ")
