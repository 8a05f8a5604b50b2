"""Which groups of persons earlier releases have hidden: what was hidden once stays so, or two nights are subtracted.

Belongs here: reading of what is published the marts that say what they hide. Not here: which groups are hidden (dbt).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orchestration.home import Home
from orchestration.publishing.store import ReleaseError, folder, releases

MASK = "disclosure_mask"
COLUMNS = [("board_code", "string"), ("year", "int32"), ("dimension", "string"), ("group_code", "string")]
SURVEY_MASK = "survey_result"
SURVEY_COLUMNS = [("survey_code", "string"), ("year", "int32"), ("question_code", "string"), ("group_code", "string")]


def released_mask(
    home: Home, mart: str = MASK, columns: Sequence[tuple[str, str]] = tuple(COLUMNS)
) -> list[dict[str, Any]]:
    """Return one row per board, year, dimension and group that any release has hidden; none before the first.

    Another ``mart`` has other ``columns`` for its groups.

    Every release counts, also a withdrawn one and one before a night without staff: analysts have seen them. Raises
    :class:`ReleaseError` where a release lacks the mask it was published with.
    """
    import pyarrow.parquet as pq

    names = [name for name, _ in columns]
    hidden: set[tuple[Any, ...]] = set()
    for release in releases(home):
        if mart not in release.marts:
            continue
        path = folder(home, release.release_id) / "parquet" / f"{mart}.parquet"
        if not path.exists():
            raise ReleaseError(
                f"Utgåvan {release.release_id} saknar filen {path}, som säger vilka grupper av personer den dolde. "
                "Återställ den från säkerhetskopian."
            )
        rows = pq.read_table(path, columns=[*names, "is_suppressed"]).to_pylist()
        hidden |= {tuple(row[name] for name in names) for row in rows if row["is_suppressed"]}
    return [dict(zip(names, row, strict=True)) for row in sorted(hidden)]
