"""Tables of SCB's in JSON-stat 2."""

from __future__ import annotations

import copy
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sources.indicators import read
from sources.reading import Reading, ReadOptions, Rejected

TABLE: dict[str, Any] = {
    "version": "2.0",
    "class": "dataset",
    "label": "Utbildningsnivå efter region, kön, tabellinnehåll och år",
    "updated": "2024-02-22T07:00:00Z",
    "id": ["Region", "Kon", "ContentsCode", "Tid"],
    "size": [2, 2, 1, 2],
    "role": {"time": ["Tid"], "geo": ["Region"], "metric": ["ContentsCode"]},
    "dimension": {
        "Region": {
            "label": "region",
            "category": {"index": {"1489": 1, "00": 0}, "label": {"00": "Riket", "1489": "Alingsås"}},
        },
        "Kon": {"label": "kön", "category": {"index": ["1", "2"], "label": {"1": "män", "2": "kvinnor"}}},
        "ContentsCode": {"label": "tabellinnehåll", "category": {"label": {"0000A": "Andel, procent"}}},
        "Tid": {"label": "år", "category": {"index": {"2022": 0, "2023": 1}}},
    },
    "value": [1, 2.5, None, 4, 5, 6, 7, 8],
    "extension": {"px": {"tableid": "TAB638"}},
}


def table(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(TABLE) | changes


def opened(document: dict[str, Any], name: str = "scb_utbildning.json") -> Reading:
    return read(json.dumps(document).encode(), name, ReadOptions())


def told(reading: Reading) -> list[tuple[Any, ...]]:
    rows = reading.tables["indicator__values"].to_pylist()
    return [(row["municipality_code"], row["group_code"], row["year"], row["value"], row["status"]) for row in rows]


def test_cells_are_read_in_row_major_order() -> None:
    reading = opened(TABLE)

    assert told(reading) == [
        ("0000", "men", 2022, Decimal(1), "final"),
        ("0000", "men", 2023, Decimal("2.5"), "final"),
        ("0000", "women", 2022, None, "missing"),
        ("0000", "women", 2023, Decimal(4), "final"),
        ("1489", "men", 2022, Decimal(5), "final"),
        ("1489", "men", 2023, Decimal(6), "final"),
        ("1489", "women", 2022, Decimal(7), "final"),
        ("1489", "women", 2023, Decimal(8), "final"),
    ]
    row = reading.tables["indicator__values"].to_pylist()[-1]
    assert (row["source_name"], row["external_code"], row["external_name"]) == ("SCB", "TAB638/0000A", "Andel, procent")
    assert (row["unit_text"], row["reported_on"], row["row_no"]) == ("procent", date(2024, 2, 22), 8)
    assert (reading.part, reading.problems, reading.rows_in) == ("SCB 2024-02-22 TAB638", (), 8)


def test_a_sparse_table_has_the_same_cells() -> None:
    sparse = table(value={str(place): value for place, value in enumerate(TABLE["value"]) if value is not None})
    assert told(opened(sparse)) == told(opened(TABLE))


def test_parts_are_known_by_name_where_no_role_is_said() -> None:
    without = table(updated=None)
    del without["role"]
    reading = opened(without, "scb_utbildning_2024-03-01.json")
    assert told(reading) == told(opened(TABLE))
    assert reading.part == "SCB 2024-03-01 TAB638"


def test_other_dimensions_make_other_measures() -> None:
    by_age = table(id=["Region", "Alder", "ContentsCode", "Tid"])
    by_age["dimension"]["Alder"] = {"label": "ålder", "category": {"index": ["20-24", "tot"]}}
    rows = opened(by_age).tables["indicator__values"].to_pylist()
    assert {row["external_code"] for row in rows} == {"TAB638/20-24/0000A", "TAB638/tot/0000A"}
    assert {row["group_code"] for row in rows} == {"total"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"size": [2, 2, 1, 3]}, r"mått \(size\) stämmer inte"),
        ({"value": [1, 2, 3]}, "inte de 8 celler"),
        ({"value": {"0": 1, "99": 2}}, "inte de 8 celler"),
        ({"value": "12"}, "inte de 8 celler"),
        ({"id": ["Region", "Okänd"]}, "följer inte JSON-stat 2"),
        ({"dimension": None}, "följer inte JSON-stat 2"),
        ({"updated": None}, "säger inte när den uppdaterades"),
        ({"role": {"time": ["Tid"]}, "id": ["Kon", "ContentsCode", "Tid"], "size": [2, 1, 2]}, "saknar år eller reg"),
    ],
)
def test_a_table_that_does_not_hold_together_is_rejected(change: dict[str, Any], says: str) -> None:
    with pytest.raises(Rejected, match=says):
        opened(table(**change))


def test_what_is_no_year_and_no_number_is_a_problem() -> None:
    months = table(value=["1", *TABLE["value"][1:]])
    months["dimension"]["Tid"]["category"]["index"] = ["2023M01", "2023"]
    problems = [(p.row_no, p.column, p.value) for p in opened(months).problems]
    assert problems == [(1, "year", "2023M01"), (1, "value", "1"), *((n, "year", "2023M01") for n in (3, 5, 7))]
