"""What a run that was killed left half done, cleared away before the next one begins.

Belongs here: files that were being written, and a release that was written but never shown. Not here: the steps
themselves, each of which can be done again from its beginning; Dagster's runs (``reconcile``).
"""

from __future__ import annotations

import re

from orchestration.home import Home
from orchestration.publishing.exports import remove_unfinished
from orchestration.publishing.store import forget_unseen

# The name under which a process writes what is not whole yet: a dot, its number, and the name it will have.
_UNFINISHED = re.compile(r"\.\d+-.+")


def clear_leftovers(home: Home) -> list[str]:
    """Remove what killed runs left in a home and return the paths in it; the caller holds the home's lock.

    Nothing that was finished is touched: a file gets its own name only when it is whole.
    """
    found = [
        path
        for folder in (home.archive, home.raw, home.reports, home.published)
        for path in folder.rglob(".*")
        if _UNFINISHED.fullmatch(path.name) and (path.is_symlink() or path.is_file())
    ]
    for path in found:
        path.unlink()
    unseen = forget_unseen(home)
    remove_unfinished(home)
    return sorted([str(path.relative_to(home.root)) for path in found] + ([unseen] if unseen else []))
