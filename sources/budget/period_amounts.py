"""One row per #PBUDGET amount of a ledger file, for boards whose budget lies in the ledger.

Belongs here: choosing between a file's totals and its rows per object. Not here: reading SIE (``sources.ledger``).
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from sources.budget.schema import BUDGET_LINES


def budget_from_period_amounts(tables: Mapping[str, pa.Table]) -> pa.Table:
    """Return ``budget__lines`` from one file's ``ledger__period_amounts``, version ``original``, sign as in the ledger.

    A SIE file of type 3 and up gives a budget twice, as totals per account and per object. They are never added: the
    rows per object are taken where the file has any, else the totals, whose ``unit_code`` is null. The table is empty
    where the ledger holds no budget. Raises ``KeyError`` without ``ledger__period_amounts``.
    Source: SIE 4B, #PBUDGET.
    """
    amounts = tables["ledger__period_amounts"]
    budget = amounts.filter(pc.equal(amounts["kind"], "PBUDGET"))
    if pc.any(budget["has_objects"]).as_py():
        budget = budget.filter(budget["has_objects"])
    version = pa.array(["original"] * budget.num_rows, pa.string())
    return budget.append_column("version", version).select(BUDGET_LINES.names).cast(BUDGET_LINES)
