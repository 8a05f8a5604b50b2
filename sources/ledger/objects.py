"""Object lists: each different one is parsed once, then joined to the rows that use it.

Belongs here: from the text between the braces to (dimension number, object) pairs. Not here: what a dimension means to
the warehouse (``canonical``).
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import NamedTuple

import polars as pl

from sources.ledger.tokenizer import parse_objects


class ObjectList(NamedTuple):
    """The pairs of one object list in file order, and what is wrong with it (Swedish, or None)."""

    pairs: tuple[tuple[int, str], ...]
    fault: str | None

    @property
    def key(self) -> str:
        """The same text for all ways to write the same pairs."""
        return repr(sorted(self.pairs))


def parse_lists(tables: Iterable[pl.DataFrame], known: Container[str] = ()) -> dict[str, ObjectList]:
    """Return every different ``object_list`` of ``tables`` that is not ``known``, with what it says."""
    texts = pl.concat([table["object_list"] for table in tables]).drop_nulls().unique(maintain_order=True)
    parsed = ((text, parse_objects(text)) for text in texts if text not in known)
    return {text: ObjectList(tuple(pairs), fault) for text, (pairs, fault) in parsed}


def with_object_key(table: pl.DataFrame, lists: dict[str, ObjectList]) -> pl.DataFrame:
    """Return ``table`` with ``object_key``: equal for equal objects; a missing list is as an empty one."""
    empty = ObjectList((), None).key
    used = table["object_list"].drop_nulls().unique()
    keys = pl.DataFrame(
        {"object_list": used, "object_key": pl.Series([lists[text].key for text in used], dtype=pl.String)}
    )
    joined = table.join(keys, on="object_list", how="left", maintain_order="left")
    return joined.with_columns(pl.col("object_key").fill_null(empty))
