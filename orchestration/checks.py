"""The arrival suites as asset checks: one check per rule, on the raw table it guards.

Belongs here: naming the checks, and telling their stored results so that they can be read without opening a log. Not
here: the rules (``expectations``) and what a failure leads to (``loading.arrival``).

A rule that fails is a warning here, whatever its severity: what it found has already been set aside, or the delivery
rejected. What stops the night is that nothing good is left: the blocking checks ``<source>_stands``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dagster import AssetCheckResult, AssetCheckSeverity, AssetCheckSpec, AssetKey, MetadataValue

from expectations.loader import Check, arrival_suites
from orchestration.assets.deliveries import bullets
from sources.register import CheckRow, Delivery
from sources.registry import SOURCES, Source

CURRENT = "deliveries__current"


def raw_key(table: str) -> AssetKey:
    """Return the asset key of a raw table: the one that dbt's source of the same name has."""
    return AssetKey(["raw", table])


def check_specs(source: Source) -> list[AssetCheckSpec]:
    """Return the checks of a source's raw tables."""
    return [
        AssetCheckSpec(name=check.name, asset=raw_key(table), description=check.description, metadata=_facts(check))
        for table, check in _rules(source)
    ]


def check_results(
    source: Source, seen: Mapping[str, Delivery], stored: Sequence[CheckRow]
) -> Iterator[AssetCheckResult]:
    """Yield one result per check over the deliveries in ``seen``: those that hold and those just judged."""
    for table, check in _rules(source):
        rows = [row for row in stored if row.load_id in seen and row.check_name == check.name]
        failed = [row for row in rows if not row.passed]
        yield AssetCheckResult(
            check_name=check.name,
            asset_key=raw_key(table),
            passed=not failed,
            severity=AssetCheckSeverity.WARN,
            metadata={
                **_facts(check),
                "leveranser": len(rows),
                "prövade rader": sum(row.total_rows for row in rows),
                "underkända rader": sum(row.failed_rows for row in rows),
                "underkända leveranser": bullets(
                    [f"{seen[row.load_id].file_name}: {row.failed_rows} av {row.total_rows} rader" for row in failed]
                ),
            },
        )


def stands_specs() -> list[AssetCheckSpec]:
    """Return the blocking checks on what the run builds from, one per source."""
    return [
        AssetCheckSpec(
            name=_stands(source.code),
            asset=raw_key(CURRENT),
            blocking=True,
            description=f"{source.title}: en godkänd leverans gäller för varje år som ska redovisas.",
        )
        for source in SOURCES
    ]


def stands_results(missing: Mapping[str, list[str]]) -> Iterator[AssetCheckResult]:
    """Yield one result per source; ``missing`` holds the messages of the sources that lack a delivery."""
    for source in SOURCES:
        messages = missing.get(source.code, [])
        yield AssetCheckResult(
            check_name=_stands(source.code),
            asset_key=raw_key(CURRENT),
            passed=not messages,
            severity=AssetCheckSeverity.ERROR,
            metadata={"saknas": bullets(messages)},
        )


def _stands(source_code: str) -> str:
    return f"{source_code}_stands"


def _rules(source: Source) -> Iterator[tuple[str, Check]]:
    """Yield (raw table, rule); rules on derived control tables guard the principal table."""
    for table, suite in arrival_suites(source.code).items():
        for check in suite.checks:
            yield (table if table in source.tables else source.tables[0]), check


def _facts(check: Check) -> dict[str, MetadataValue]:
    return {
        "regel": MetadataValue.text(check.description),
        "allvar": MetadataValue.text("avvisar eller sätter i karantän" if check.severity == "critical" else "varnar"),
        "åtgärdas av": MetadataValue.text(check.who_fixes),
    }
