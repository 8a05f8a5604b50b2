"""What one extract holds, in numbers: for a person who wonders, and for ``bokslut read``.

Belongs here: counts and sums of a file as it is read. Not here: any judgement beyond what the reader could not type.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl

from sources.ledger.extracts.canonical import ACCOUNTS, FORECASTS, HEADERS, ISSUES, PERIOD_AMOUNTS, POSTINGS, VALUES
from sources.ledger.extracts.reader import read_extract
from sources.reading import Reading, ReadOptions

_WIDE = pl.Decimal(38, 2)


def summarise_extract(data: bytes, file_name: str, options: ReadOptions) -> dict[str, Any]:
    """Return the figures of one extract, ready for JSON, under the names that ``summary.summarise_sie`` has.

    ``type`` is the system (``raindance``, ``unit4``) and ``table`` what the file is of. Postings that only plan do not
    count. ``issues`` are the cells that could not be read. Raises ``Rejected`` as ``read_extract`` does.
    """
    reading = read_extract(data, file_name, options)
    rows = {name: table.num_rows for name, table in reading.tables.items()}
    return {
        "type": reading.facts["system"],
        "table": reading.facts["table"],
        "company": reading.facts.get("company"),
        "encoding": reading.facts.get("encoding"),
        "years": list(reading.fiscal_years),
        **_of_postings(reading),
        "period_budgets": rows.get(PERIOD_AMOUNTS, 0),
        "forecasts": rows.get(FORECASTS, 0),
        "voucher_headers": rows.get(HEADERS, 0),
        "named_accounts": rows.get(ACCOUNTS, 0),
        "objects": rows.get(VALUES, 0),
        "issues": _issues(reading),
    }


def _of_postings(reading: Reading) -> dict[str, Any]:
    if POSTINGS not in reading.tables:
        return {}
    columns = ["voucher_row_no", "counts", "account", "amount_sek"]
    every = pl.DataFrame(pl.from_arrow(reading.tables[POSTINGS].select(columns)))
    counted = every.filter("counts")
    sums = counted.group_by("voucher_row_no").agg(pl.col("amount_sek").cast(_WIDE).sum())
    return {
        "accounts": every["account"].drop_nulls().n_unique(),
        "vouchers": every["voucher_row_no"].n_unique(),
        "postings": counted.height,
        "amount_sum": _sum(counted["amount_sek"]),
        "amount_abs": _sum(counted["amount_sek"].abs()),
        "unbalanced_vouchers": sums.filter(pl.col("amount_sek") != 0).height,
    }


def _sum(amounts: pl.Series) -> str:
    return str(Decimal(amounts.cast(_WIDE).sum() or 0).quantize(Decimal("0.01")))


def _issues(reading: Reading) -> list[dict[str, Any]]:
    """Return the reader's findings and problems by row, in the shape that a SIE file's issues have."""
    told = reading.tables[ISSUES].to_pylist() if ISSUES in reading.tables else []
    found = [{"line": row["row_no"], **{name: row[name] for name in ("label", "severity", "reason")}} for row in told]
    found += [
        {"line": problem.row_no, "label": problem.column, "severity": "error", "reason": problem.reason}
        for problem in reading.problems
    ]
    return sorted(found, key=lambda issue: int(issue["line"]))
