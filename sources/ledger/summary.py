"""What one SIE file holds, in numbers: for a person who wonders, and for ``bokslut read``.

Belongs here: counts and sums of a file as it stands. Not here: any judgement beyond the issues the reader found.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl

from sources.ledger.objects import with_object_key
from sources.ledger.sie import SieExport, read_sie


def summarise_sie(data: bytes) -> dict[str, Any]:
    """Return the figures of one SIE file, ready for JSON.

    ``vouchers``, ``postings``, ``added`` and ``removed`` count #VER, #TRANS, #RTRANS and #BTRANS; accounts, dimensions
    (#UNDERDIM too), objects and balances are counted once however often they stand. ``amount_sum`` and ``amount_abs``
    are kronor over #TRANS as decimal text, ledger sign. Rows with an issue are counted too.
    Raises ``Rejected`` as ``read_sie`` does.
    """
    export = read_sie(data)
    kinds = dict(export.postings.group_by("label").len().iter_rows())
    counted = export.postings.filter("counts")
    return {
        "type": export.sie_type,
        "encoding": export.encoding,
        "program": export.program,
        "accounts": _distinct(export.accounts, "account"),
        "dimensions": _distinct(export.dimensions, "dimension_no"),
        "objects": _distinct(export.objects, "dimension_no", "object_no"),
        "vouchers": len(export.vouchers),
        "postings": kinds.get("TRANS", 0),
        "added": kinds.get("RTRANS", 0),
        "removed": kinds.get("BTRANS", 0),
        "amount_sum": _sum(counted["amount"]),
        "amount_abs": _sum(counted["amount"].abs()),
        "unbalanced_vouchers": _unbalanced(counted),
        "opening_balances": _balances(export, "IB"),
        "closing_balances": _balances(export, "UB"),
        "results": _balances(export, "RES"),
        "period_balances": _period_amounts(export, "PSALDO"),
        "period_budgets": _period_amounts(export, "PBUDGET"),
        "issues": export.issues.select(pl.col("row_no").alias("line"), "label", "severity", "reason").to_dicts(),
    }


def _distinct(table: pl.DataFrame, *keys: str) -> int:
    """Count different keys; a row whose key could not be read counts as itself."""
    whole = table.drop_nulls(list(keys))
    return whole.n_unique(list(keys)) + len(table) - len(whole) if len(table) else 0


def _balances(export: SieExport, label: str) -> int:
    return _distinct(export.balances.filter(pl.col("label") == label), "year_no", "account")


def _period_amounts(export: SieExport, label: str) -> int:
    rows = with_object_key(export.period_amounts.filter(pl.col("label") == label), export.object_lists)
    return _distinct(rows, "year_no", "period", "account", "object_key")


def _sum(amounts: pl.Series) -> str:
    # Decimal(38): a sum may have more digits than any amount.
    total = amounts.cast(pl.Decimal(38, 2)).sum()
    return str(Decimal(total or 0).quantize(Decimal("0.01")))


def _unbalanced(counted: pl.DataFrame) -> int:
    sums = counted.drop_nulls("voucher_row_no").group_by("voucher_row_no").agg(pl.col("amount").sum())
    return len(sums.filter(pl.col("amount") != 0))
