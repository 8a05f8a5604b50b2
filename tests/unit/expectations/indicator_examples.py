"""Good deliveries of indicators, and for every rule on them a change that breaks it.

Belongs here: examples as data. Not here: what is asserted about them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from arrival_examples import Example, Row, context, repeats, sets, table_of, unreadable, without_rows

V = "indicator__values"
M = "indicator__municipalities"
G = "indicator__group_members"


def value(row_no: int, year: int, text: str | None, **changes: Any) -> Row:
    row = {"row_no": row_no, "source_name": "Insikt", "external_code": "NKI Totalt", "external_name": "NKI"}
    row |= {"municipality_code": "1489", "year": year, "group_code": "total", "value": text and Decimal(text)}
    return row | {"status": "final", "reported_on": date(2024, 1, 15), "answers": 120} | changes


# One measure whose definition changed in 2022: the newer one has a scale of its own, and a limit to its changes.
REGISTER = pa.Table.from_pylist(
    [
        {"source_name": "insikt", "external_code": "NKI Totalt", "valid_from_year": 2010, "valid_to_year": 2021}
        | {"scale_min": Decimal(0), "scale_max": Decimal(1000), "max_jump": None},
        {"source_name": "Insikt", "external_code": "nki totalt", "valid_from_year": 2022, "valid_to_year": None}
        | {"scale_min": Decimal(0), "scale_max": Decimal(100), "max_jump": Decimal(10)},
    ]
)
EARLIER = [
    value(1, 2022, "69", reported_on=date(2023, 1, 15)),
    value(2, 2023, "64", status="preliminary", reported_on=date(2023, 9, 15)),
    value(3, 2022, "72"),
]


def values() -> Example:
    rows = [
        value(2, 2023, "73"),
        value(3, 2022, "72"),
        value(4, 2021, "710"),
        value(5, 2020, None, status="missing", answers=None),
        value(6, 2019, None, status="withdrawn", answers=None),
        value(7, 2023, "70", municipality_code="0180", answers=None),
    ]
    known = context(
        organisation_number=None,
        fiscal_years=(),
        superseded_rows=None,
        compared_codes=frozenset({"0180"}),
        municipality_codes=frozenset({"1489", "0180", "1480"}),
        indicators=REGISTER,
        earlier_values=table_of(V, EARLIER),
    )
    return Example("indicator", {V: rows}, known)


def municipalities() -> Example:
    rows = [
        {"row_no": 1, "municipality_code": "1489", "municipality_name": "Alingsås"},
        {"row_no": 2, "municipality_code": "0180", "municipality_name": "Stockholm"},
    ]
    known = context(organisation_number=None, fiscal_years=(), superseded_rows=None)
    return Example("indicator", {M: rows}, known)


def members() -> Example:
    rows = [{"row_no": n, "group_code": "G1", "group_name": "Lika", "municipality_code": f"148{n}"} for n in (1, 2)]
    known = context(organisation_number=None, fiscal_years=(), superseded_rows=None)
    return Example("indicator", {G: rows}, known)


GOOD: dict[str, Callable[[], Example]] = {"values": values, "municipalities": municipalities, "members": members}


def only_another_municipality(example: Example) -> None:
    example.rows[V] = [row | {"municipality_code": "1480"} for row in example.rows[V]]


#: Every rule on indicators at arrival -> the example, and a change of it that the rule must see.
BAD: dict[str, tuple[str, Callable[[Example], None]]] = {
    "indicator_has_rows": ("values", without_rows),
    "indicator_readable": ("values", unreadable(V, "value")),
    "indicator_source_present": ("values", sets(V, source_name=None)),
    "indicator_code_present": ("values", sets(V, external_code=None)),
    "indicator_year_present": ("values", sets(V, year=None)),
    "indicator_year_plausible": ("values", sets(V, year=1923)),
    "indicator_year_has_begun": ("values", sets(V, year=2025)),
    "indicator_reported_on_present": ("values", sets(V, reported_on=None)),
    "indicator_municipality_is_code": ("values", sets(V, municipality_code="148")),
    "indicator_municipality_present": ("values", sets(V, municipality_code=None)),
    "indicator_municipality_known": ("values", sets(V, municipality_code="9999")),
    "indicator_is_ours": ("values", only_another_municipality),
    "indicator_group_known": ("values", sets(V, group_code="T")),
    "indicator_group_present": ("values", sets(V, group_code=None)),
    "indicator_status_known": ("values", sets(V, status="Missing")),
    "indicator_status_present": ("values", sets(V, status=None)),
    "indicator_value_as_status": ("values", sets(V, status="missing")),
    "indicator_value_unique": ("values", repeats(V)),
    "indicator_value_agrees": ("values", lambda e: e.rows[V][1].update(value=Decimal(71))),
    "indicator_value_in_scale": ("values", sets(V, value=Decimal(730))),
    "indicator_value_is_percent": ("values", sets(V, value=Decimal("0.73"))),
    "indicator_answers_enough": ("values", sets(V, answers=9)),
    "indicator_registered": ("values", sets(V, external_code="NKI Bygglov")),
    "indicator_jump_plausible": ("values", sets(V, value=Decimal("82.5"))),
    "municipalities_has_rows": ("municipalities", without_rows),
    "municipalities_readable": ("municipalities", unreadable(M, "municipality_code")),
    "municipalities_code_is_code": ("municipalities", sets(M, municipality_code="SE")),
    "municipalities_code_unique": ("municipalities", repeats(M)),
    "municipalities_name_present": ("municipalities", sets(M, municipality_name=None)),
    "group_members_has_rows": ("members", without_rows),
    "group_members_readable": ("members", unreadable(G, "municipality_code")),
    "group_members_code_is_code": ("members", sets(G, municipality_code="SE")),
    "group_members_unique": ("members", repeats(G)),
}
