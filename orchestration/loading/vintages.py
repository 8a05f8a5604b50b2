"""How old the indicators' values are, source by source.

Belongs here: when each source was last refreshed and which years its values are of. Not here: what the values are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from orchestration.home import Home
from orchestration.loading.raw_files import raw_path
from sources.register import Delivery

TABLE = "indicator__values"


@dataclass(frozen=True, slots=True)
class SourceAge:
    """One institute: when its newest values came and were reported, and the years that have any."""

    source_name: str
    reported_on: date
    received_on: date
    first_year: int
    last_year: int
    values: int

    def told(self, day: date) -> str:
        """Return it as a Swedish clause for people."""
        days = (day - self.reported_on).days
        return (
            f"{self.values} värden för {self.first_year}–{self.last_year}, senast rapporterade {self.reported_on} "
            f"(för {days} dagar sedan), mottagna {self.received_on}"
        )


def source_ages(home: Home, holding: Iterable[Delivery]) -> list[SourceAge]:
    """Return one age per source with values in the deliveries that hold, by name."""
    import polars as pl

    received = {delivery.load_id: delivery.received_at.date() for delivery in holding}
    files = [path for load_id in sorted(received) if (path := raw_path(home, TABLE, load_id)).exists()]
    if not files:
        return []
    values = pl.read_parquet(files, columns=["load_id", "source_name", "reported_on", "year", "value"])
    days = pl.DataFrame({"load_id": list(received), "received_on": list(received.values())})
    found = (
        values.filter(pl.col("value").is_not_null())
        .drop_nulls(["source_name", "reported_on", "year"])
        .join(days, on="load_id")
        .group_by("source_name")
        .agg(
            pl.col("reported_on", "received_on").max(),
            pl.col("year").min().alias("first_year"),
            pl.col("year").max().alias("last_year"),
            pl.len().alias("values"),
        )
        .sort("source_name")
    )
    return [SourceAge(**row) for row in found.to_dicts()]
