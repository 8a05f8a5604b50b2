"""Publish a build that was audited: export, swap, and clear away what no longer serves.

Belongs here: the order of those steps. Not here: the audit's judgement, the file format, the link.
"""

from __future__ import annotations

import os
import shutil

from orchestration.home import Home
from orchestration.loading.snapshot import Build
from orchestration.publishing.audit import PUBLISH, Audit
from orchestration.publishing.dictionary import Dictionary
from orchestration.publishing.exports import export_release
from orchestration.publishing.store import Release, being_published, point_readers_at
from orchestration.settings import Database
from orchestration.warehouse import ensure_manifest

# Enough to look at what went wrong during a week; the releases themselves are kept elsewhere.
KEPT_BUILDS = 7


def publish(home: Home, build: Build, audit: Audit, limits: Database) -> Release | None:
    """Publish the build if its audit allows it and return the release, else None.

    Readers see either the old release or the whole new one, never anything between.
    """
    if audit.verdict != PUBLISH:
        return None
    with being_published(home, audit.release.release_id):
        release = export_release(home, build, audit.release, Dictionary.from_manifest(ensure_manifest()), limits)
        point_readers_at(home, release.release_id)
    return release


def clear_old_builds(home: Home, keep: int = KEPT_BUILDS) -> None:
    """Remove all but the newest builds."""
    builds = sorted((path for path in home.builds.iterdir() if path.is_dir()), key=os.path.getmtime, reverse=True)
    for path in builds[keep:]:
        shutil.rmtree(path, ignore_errors=True)
