"""The code strings of the example municipality: everything a posting says besides its amount.

Belongs here: numbering every account and its objects, so that millions of postings carry one integer each. Not here:
amounts or vouchers.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sources.example.catalog import Catalog

_NO_OBJECTS = {"unit_code": "", "activity_code": "", "project_code": "", "text": "", "owner_name": ""}


@dataclass(frozen=True, slots=True)
class Codings:
    """The code strings and how to find them.

    ``table`` has one row per code string, ``coding`` being its number: account, unit_code, activity_code, project_code,
    text (empty where none) and owner_name (the unit's or the investment's). Those of ``catalog.booked_rows`` come
    first, in its order, with side_coding (null where none), side_pct and counter_coding. ``balance`` maps a balance
    account to its coding without objects.
    """

    table: pl.DataFrame
    balance: dict[str, int]


def read_codings(catalog: Catalog) -> Codings:
    """Return the code strings of the plan, of the investments and of balance accounts without objects."""
    units = {unit.code: unit.name for unit in catalog.units}
    booked = catalog.booked_rows
    balance = {account: place for place, account in enumerate(catalog.balance_accounts, start=len(booked))}
    rows: list[dict[str, str | int | None]] = []
    for row in booked:
        account = catalog.accounts[row.account]
        rows.append(
            {
                "account": row.account,
                "unit_code": row.unit_code,
                "activity_code": row.activity_code,
                "project_code": row.project_code,
                "text": account.text,
                "owner_name": units[row.unit_code] if row.unit_code else catalog.projects[row.project_code],
                "side_coding": balance.get(account.side_account),
                "side_pct": account.side_pct,
                "counter_coding": balance[account.counter_account],
            }
        )
    rows += [{"account": account, **_NO_OBJECTS} for account in balance]
    table = pl.DataFrame(rows, infer_schema_length=None).with_row_index("coding")
    return Codings(table.with_columns(pl.col("coding", "side_coding", "counter_coding").cast(pl.Int32)), balance)
