"""Try a mart before it is let out.

Belongs here: running a published suite over a mart's rows. Not here: the rules (``suites/published``), contracts and
accounting identities (dbt), what a failure stops (``orchestration``). Light to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from expectations.runner import CheckOutcome


def check_mart(mart: str, rows: pa.Table) -> list[CheckOutcome]:
    """Return one outcome per rule of ``suites/published/<mart>.yml``; ``rows`` is the mart as its contract says.

    Raises ``SuiteError`` for a mart without a suite.
    """
    import polars as pl

    from expectations import helpers
    from expectations.loader import published_suite
    from expectations.runner import run_suite

    suite = published_suite(mart)
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    prepared = helpers.with_mart_helpers(frame)
    return run_suite(suite, prepared.to_arrow(compat_level=pl.CompatLevel.oldest()))


def suites() -> tuple[str, ...]:
    """Return the marts that have a suite."""
    from expectations.loader import load_suites

    return tuple(suite.table for suite in load_suites("published"))
