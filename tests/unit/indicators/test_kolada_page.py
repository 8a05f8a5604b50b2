"""Pages from Kolada as they are dropped by hand: what is read, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sources.indicators import read
from sources.indicators.kolada_page import enveloped
from sources.indicators.schema import SCHEMAS
from sources.reading import Reading, ReadOptions, Rejected

DAY = date(2024, 1, 15)
ADDRESS = "https://api.kolada.se/v3/data/kpi/U07453/municipality/1489/year/2022,2023?per_page=5000"


def answer(*rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"values": list(rows), "count": len(rows), "next_url": None, "previous_url": None} | changes


def row(value: Any, status: str = "", **changes: Any) -> dict[str, Any]:
    one = {"gender": "T", "status": status, "count": 1, "value": value, "isdeleted": False}
    sent = {"kpi": "U07453", "municipality": "1489", "period": 2023, "values": [one]}
    one |= {name: changed for name, changed in changes.items() if name in one}
    return sent | {name: changed for name, changed in changes.items() if name in sent}


def opened(document: Any, name: str = "kolada_2024-01-15.json") -> Reading:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return read(data, name, ReadOptions())


def values(reading: Reading) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = reading.tables["indicator__values"].to_pylist()
    return rows


def test_a_page_keeps_every_value_with_its_status_and_day() -> None:
    page = answer(
        row(72.333333), row(None, "Missing", gender="K"), row(70, gender="M", isdeleted=True), row(71, period="2022")
    )
    reading = opened(enveloped(page, address=ADDRESS, fetched_on=DAY, names={"U07453": "Företagsklimat"}), "k.json")

    assert reading.tables["indicator__values"].schema == SCHEMAS["indicator__values"]
    assert values(reading)[0] == {
        "row_no": 1,
        "source_name": "Kolada",
        "external_code": "U07453",
        "external_name": "Företagsklimat",
        "municipality_code": "1489",
        "year": 2023,
        "group_code": "total",
        "value": Decimal("72.3333"),
        "status": "final",
        "reported_on": DAY,
        "answers": None,
        "margin_of_error": None,
        "unit_text": None,
    }
    told = [(each["group_code"], each["year"], each["value"], each["status"]) for each in values(reading)[1:]]
    assert told == [
        ("women", 2023, None, "missing"),
        ("men", 2023, None, "withdrawn"),
        ("total", 2022, Decimal(71), "final"),
    ]
    assert (reading.rows_in, reading.fiscal_years, reading.generated_on, reading.problems) == (4, (), DAY, ())
    assert (reading.period_from, reading.period_to) == (202201, 202312)


def test_pages_of_a_day_stand_beside_each_other_and_the_same_page_replaces_itself() -> None:
    def part(address: str, day: date = DAY) -> str:
        return opened(enveloped(answer(row(1)), address=address, fetched_on=day, names={}), "k.json").part

    assert part(ADDRESS) == part(ADDRESS)
    assert part(ADDRESS).startswith("Kolada 2024-01-15 ")
    assert len({part(ADDRESS), part(ADDRESS + "&page=2"), part(ADDRESS, date(2024, 2, 1))}) == 3


def test_a_bare_answer_takes_its_day_from_the_file_name() -> None:
    assert values(opened(answer(row(1)), "kolada_U07453_20240115.json"))[0]["reported_on"] == DAY
    first, second = answer(row(1), next_url="x?page=2"), answer(row(2, period=2022), next_url=None)
    assert opened(first).part != opened(second).part
    for name in ("kolada.json", "kolada_2024-13-40.json"):
        with pytest.raises(Rejected, match="säger inte när värdena rapporterades"):
            opened(answer(row(1)), name)


@pytest.mark.parametrize(
    ("sent", "column", "reason"),
    [
        (row(1, municipality="0180"), "municipality_code", "efterfrågades inte (1489); hämta sidan igen"),
        (row(1, kpi="U07451"), "external_code", "efterfrågades inte (U07453); hämta sidan igen"),
        (row(1, "Unknown"), "status", "status Unknown är okänd; anmäl den till den som förvaltar Bokslut"),
        (row("72,5"), "value", "är inte ett tal; hämta värdet igen"),
        (row(1e20), "value", "värdet är för stort; rätta det i källan"),
        (row(1, period="2023-2024"), "year", "är inte ett år; hämta värdet igen"),
        (row(1, gender="X"), "group_code", "är inget kön i Kolada (T, K, M); hämta det igen"),
    ],
)
def test_a_row_that_cannot_be_used_is_a_problem(sent: dict[str, Any], column: str, reason: str) -> None:
    reading = opened(enveloped(answer(row(1, period=2022), sent), address=ADDRESS, fetched_on=DAY, names={}), "k.json")

    assert [(p.row_no, p.column, p.reason) for p in reading.problems] == [(2, column, reason)]
    assert reading.rows_in == 2


def test_a_value_given_twice_is_a_problem_on_both_rows() -> None:
    reading = opened(answer(row(1), row(2)))

    assert [problem.row_no for problem in reading.problems] == [1, 2]
    assert "rad 1 och 2 har samma nyckel" in reading.problems[0].reason


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (answer(), "har inga rader"),
        (answer(row(1) | {"values": []}), "har inga värden"),
        (answer({"id": "U07453", "title": "Företagsklimat"}), "varken värden, kommuner eller kommungrupper"),
        (answer({"id": "G1", "title": "Grupp", "members": []}), "Kommungruppen saknar medlemmar"),
        ({"values": {"kpi": 1}, "count": 1}, "har inte v3:s form"),
        ({"kolada_page": 3, "fetched_on": "igår", "response": answer(row(1))}, "inte när värdena rapporterades"),
        ({"a": 1}, "varken ett svar från Kolada"),
        (b'{"values": [{"kpi"', "trasig eller avbruten"),
        (b'{"values": [NaN], "count": 1}', "trasig eller avbruten"),
        (b"[" * 100_000, "trasig eller avbruten"),
        ('{"å": 1}'.encode("latin-1"), "inte skriven i UTF-8"),
    ],
)
def test_what_is_no_page_is_rejected(document: Any, says: str) -> None:
    with pytest.raises(Rejected, match=says):
        opened(document)


def test_municipalities_and_groups_are_registers_that_replace_themselves() -> None:
    page = answer({"id": "1489", "title": "Alingsås", "type": "K"}, {"id": "0000", "title": "Riket", "type": "L"})
    reading = opened(page)
    assert reading.tables["indicator__municipalities"].to_pylist()[0] == {
        "row_no": 1,
        "municipality_code": "1489",
        "municipality_name": "Alingsås",
    }
    assert (reading.rows_in, reading.generated_on) == (2, DAY)
    assert reading.part == opened(page, "kolada_2025-01-15.json").part
    group = answer({"id": "G1", "title": "Lika", "members": [{"id": "0180"}, {"member_id": "1440"}, "1489"]})
    members = opened(group).tables["indicator__group_members"].to_pylist()
    assert [member["municipality_code"] for member in members] == ["0180", "1440", "1489"]
