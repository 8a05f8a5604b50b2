"""What makes a register whole: keys that occur once, and a total that is the sum of its groups.

Belongs here: findings that only the register itself is needed for; each is a ``Problem`` on the row to put right. Not
here: how it is read (``read_register``), or what is judged against settings and other years (``expectations``, the
warehouse).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sources.reading import Problem

#: The group of a measure that is the whole of it.
EVERYBODY = "Alla"

Columns = Mapping[str, Sequence[Any]]


def totals(table: str, columns: Columns) -> Iterator[Problem]:
    """Yield a problem for each total of a contract's measure that is not the sum of its groups.

    A measure with a value that could not be read is let alone: that row has its problem already.
    """
    measures: dict[tuple[Any, ...], list[tuple[int, str | None, Decimal | None]]] = defaultdict(list)
    names = ("year", "board_code", "contract_code", "measure_code")
    keys = zip(*(columns[name] for name in names), strict=True)
    for key, *row in zip(keys, columns["row_no"], columns["group_name"], columns["value"], strict=True):
        measures[key].append((row[0], row[1], row[2]))
    for rows in measures.values():
        parts = [value for _, group, value in rows if group != EVERYBODY]
        if not parts or any(value is None for _, _, value in rows):
            continue
        summed = sum((value for value in parts if value is not None), Decimal())
        for row_no, group, value in rows:
            if group == EVERYBODY and value != summed:
                reason = f"är inte summan av de andra grupperna, som är {_shown(summed)}; rätta det som är fel"
                yield Problem(table, row_no, "value", _shown(value), reason)


def _shown(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}".replace(".", ",")
