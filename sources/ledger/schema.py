"""The raw tables a ledger becomes, whatever system it comes from: names, columns and types.

Belongs here: the shape. Not here: how SIE (or another format) fills it.

Amounts are decimal(18, 2) in ledger sign: debit +, income negative. ``row_no`` is the physical line of the file (the
sheet's or the table's row where it has no lines). A file has only the tables it speaks of. ``fiscal_year`` is null in
names that belong to no year.
"""

from __future__ import annotations

import pyarrow as pa

_MONEY = pa.decimal128(18, 2)
_QUANTITY = pa.decimal128(18, 6)
_CODES = {
    "account": pa.string(),
    "unit_code": pa.string(),
    "activity_code": pa.string(),
    "project_code": pa.string(),
    "counterparty_code": pa.string(),
    "other_dimensions": pa.string(),
}

SCHEMAS: dict[str, pa.Schema] = {
    "ledger__postings": pa.schema(
        {
            "row_no": pa.int64(),
            "kind": pa.string(),
            "counts": pa.bool_(),
            "fiscal_year": pa.int32(),
            "voucher_row_no": pa.int64(),
            "voucher_series": pa.string(),
            "voucher_no": pa.string(),
            "voucher_date": pa.date32(),
            "registered_on": pa.date32(),
            "voucher_text": pa.string(),
            **_CODES,
            "amount_sek": _MONEY,
            "quantity": _QUANTITY,
            "transaction_date": pa.date32(),
            "text": pa.string(),
            "period": pa.int32(),
        }
    ),
    "ledger__accounts": pa.schema(
        {
            "row_no": pa.int64(),
            "fiscal_year": pa.int32(),
            "account": pa.string(),
            "account_name": pa.string(),
            "account_type": pa.string(),
        }
    ),
    "ledger__dimension_values": pa.schema(
        {
            "row_no": pa.int64(),
            "fiscal_year": pa.int32(),
            "dimension_no": pa.int32(),
            "dimension_name": pa.string(),
            "meaning": pa.string(),
            "value_code": pa.string(),
            "value_name": pa.string(),
        }
    ),
    "ledger__balances": pa.schema(
        {
            "row_no": pa.int64(),
            "kind": pa.string(),
            "year_no": pa.int32(),
            "fiscal_year": pa.int32(),
            **_CODES,
            "amount_sek": _MONEY,
            "quantity": _QUANTITY,
        }
    ),
    "ledger__period_amounts": pa.schema(
        {
            "row_no": pa.int64(),
            "kind": pa.string(),
            "year_no": pa.int32(),
            "fiscal_year": pa.int32(),
            "period": pa.int32(),
            **_CODES,
            "has_objects": pa.bool_(),
            "amount_sek": _MONEY,
            "quantity": _QUANTITY,
        }
    ),
    "ledger__forecasts": pa.schema(
        {
            "row_no": pa.int64(),
            "fiscal_year": pa.int32(),
            "forecast_month": pa.int32(),
            "reported_on": pa.date32(),
            **_CODES,
            "amount_sek": _MONEY,
        }
    ),
    "ledger__voucher_headers": pa.schema(
        {
            "row_no": pa.int64(),
            "fiscal_year": pa.int32(),
            "voucher_series": pa.string(),
            "voucher_no": pa.string(),
            "rows_expected": pa.int64(),
            "voucher_date": pa.date32(),
            "debit_sek": _MONEY,
        }
    ),
    "ledger__issues": pa.schema(
        {"row_no": pa.int64(), "label": pa.string(), "severity": pa.string(), "reason": pa.string()}
    ),
}
"""One row per: posting; account; object; balance; period balance or budget; amount of a forecast; voucher; issue."""
