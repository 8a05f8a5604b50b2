"""The rows of a tree to the rows that each total is the sum of.

Belongs here: levels written in a column, parents written in a column, and levels shown by indentation. Not here:
totals that are known beforehand (``Known.totals``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sources.tabular.values import SPACES, folded

_RANKS = {
    **{"total": 0, "totalt": 0, "summa": 0, "category": 1, "kategori": 1},
    **{"subcategory": 2, "underkategori": 2, "project": 3, "projekt": 3},
}
_TOTAL_WORDS = ("total", "summa")


@dataclass(frozen=True, slots=True)
class Node:
    """One row of a tree: its code, and what the table says of its place; ``label`` keeps its indentation."""

    code: str
    label: str
    level: str = ""
    parent: str = ""


def totals(nodes: Sequence[Node]) -> dict[str, tuple[str, ...]]:
    """Return for each row that has rows below it which they are; nothing where the table shows no order.

    A named parent holds. Else a row is below the nearest row above it of a higher level. The total, wherever it
    stands, is the sum of what is below nothing else.
    """
    ranks = {node.code: _rank(node) for node in nodes}
    if not any(node.level or node.parent for node in nodes) and len(set(ranks.values()) - {0}) < 2:
        return {}
    codes = {folded(node.label): node.code for node in nodes}
    total = next((node.code for node in nodes if ranks[node.code] == 0), None)
    found: dict[str, list[str]] = {}
    for place, node in enumerate(nodes):
        if node.code == total:
            continue
        above = codes.get(folded(node.parent))
        if above in (None, node.code):
            earlier = (other.code for other in reversed(nodes[:place]) if 0 < ranks[other.code] < ranks[node.code])
            above = next(earlier, total) if not node.parent else total
        if above is not None:
            found.setdefault(above, []).append(node.code)
    return {code: tuple(parts) for code, parts in found.items()}


def _rank(node: Node) -> int:
    """Return how far down a row is: 0 for the total, 1 for what it is the sum of."""
    if node.level:
        return _RANKS.get(folded(node.level), len(_RANKS))
    if folded(node.label).startswith(_TOTAL_WORDS):
        return 0
    return 1 + len(node.label) - len(node.label.lstrip(f" \t{SPACES}"))
