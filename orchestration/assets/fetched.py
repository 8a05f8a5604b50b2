"""What is fetched before the inbox is taken: pages from Kolada, where the settings name any.

Belongs here: calling the fetch and telling what came of it. Not here: fetching. No network stops no night.
"""

from collections.abc import Iterator

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)

from orchestration.assets.deliveries import bullets
from orchestration.loading.kolada import failure_of, fetch_kolada, last_from_kolada, messages_of, today
from orchestration.progress import tell
from orchestration.workspace import Workspace
from sources.indicators.kolada_client import KoladaError

KOLADA = AssetKey("kolada")
_REFRESHED = "kolada_refreshed"


@multi_asset(
    name="fetch_kolada",
    specs=[
        AssetSpec(
            key=KOLADA,
            group_name="mottagning",
            owners=["team:kvalitet"],
            kinds={"python", "json"},
            tags={"layer": "deliveries", "source": "indicator"},
            description="En fil per sida av Koladas svar som är ny sedan sist, lagd i inkorgen.",
        )
    ],
    check_specs=[
        AssetCheckSpec(name=_REFRESHED, asset=KOLADA, description="Kolada svarade på allt som efterfrågas i natt.")
    ],
)
def kolada(context: AssetExecutionContext, workspace: Workspace) -> Iterator[MaterializeResult | AssetCheckResult]:
    """One file per page of Kolada's answer that is new, in the inbox."""
    day = today(workspace.settings.municipality.time_zone)
    metadata: dict[str, object] = {}
    messages: list[str] = []
    try:
        fetched = fetch_kolada(workspace.home, workspace.settings, day, tell)
    except KoladaError as error:
        messages = [failure_of(last_from_kolada(workspace.home), day) or str(error)]
        context.log.warning(messages[0])
        tell(messages[0])
        is_refreshed = False
    else:
        messages = messages_of(fetched)
        metadata = {"dagster/row_count": len(fetched.files), "oförändrade svar": fetched.unchanged}
        is_refreshed = not fetched.gone
    last = last_from_kolada(workspace.home)
    age = MetadataValue.text(last.told(day) if last else "")
    yield MaterializeResult(asset_key=KOLADA, metadata={**metadata, "ålder": age, "meddelanden": bullets(messages)})
    yield AssetCheckResult(
        check_name=_REFRESHED,
        asset_key=KOLADA,
        passed=is_refreshed,
        severity=AssetCheckSeverity.WARN,
        metadata={"ålder": age, "meddelanden": bullets(messages)},
    )
