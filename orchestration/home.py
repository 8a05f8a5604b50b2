"""The paths of a home, and nothing else.

A home holds all data of one installation and never lies in the repository's history. Not here: what is written to
the paths, and by whom.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT_VARIABLE = "BOKSLUT_HOME"
DEFAULT = "data"


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything lies. Only :meth:`create` touches the disk."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """Return the home that ``BOKSLUT_HOME`` names, else ``./data``, as an absolute path."""
        return cls(Path(os.environ.get(ENVIRONMENT_VARIABLE) or DEFAULT).expanduser().resolve())

    @property
    def inbox(self) -> Path:
        """Where suppliers put files."""
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        """Every file as it was sent, under its sha256, with a sidecar."""
        return self.root / "archive"

    @property
    def rejected(self) -> Path:
        """What could not be used, with a reason beside it, for people to look at."""
        return self.root / "rejected"

    @property
    def corrections(self) -> Path:
        """This installation's own corrections, ``<source>.yml`` for each source that needs any; may be absent."""
        return self.root / "corrections"

    @property
    def raw(self) -> Path:
        """One folder per raw table, one Parquet file per delivery."""
        return self.root / "raw"

    @property
    def builds(self) -> Path:
        """One folder per run: the frozen raw snapshot and the warehouse it was built into."""
        return self.root / "builds"

    @property
    def published(self) -> Path:
        """The releases and the link ``current.duckdb``: the only folder analysts open."""
        return self.root / "published"

    @property
    def current(self) -> Path:
        """The published file."""
        return self.published / "current.duckdb"

    @property
    def reports(self) -> Path:
        """What each data owner must mend after the last run, a workbook for each who has something to mend."""
        return self.root / "reports"

    @property
    def dagster(self) -> Path:
        """Dagster's own home: runs, events, schedules."""
        return self.root / "dagster"

    @property
    def keys(self) -> Path:
        """Secrets of this installation, readable by the owner only."""
        return self.root / "keys"

    @property
    def alerts(self) -> Path:
        """When a night last came through, and what has been told by mail or waits to be."""
        return self.root / "alerts"

    @property
    def kolada(self) -> Path:
        """The state between fetches from Kolada; absent where nothing is fetched."""
        return self.root / "kolada"

    @property
    def register(self) -> Path:
        """The register of deliveries, a SQLite file."""
        return self.root / "register.sqlite"

    def create(self) -> Home:
        """Make the folders that are missing and return the home.

        Those that hold what suppliers sent, or persons under pseudonyms, only their owner can enter.
        """
        folders = ("inbox", "archive", "rejected", "raw", "builds", "published", "reports", "dagster", "keys", "alerts")
        for folder in folders:
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        for private in (self.keys, self.archive, self.rejected, self.raw, self.builds, self.alerts):
            # Asked first: who only looks, at a home that is closed for writing, needs no more than that.
            if private.stat().st_mode & 0o077:
                private.chmod(0o700)
        return self
