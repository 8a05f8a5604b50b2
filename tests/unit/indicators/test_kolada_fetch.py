"""Fetching from Kolada: what is asked, what comes of it, and everything that can go wrong on the way."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sources.indicators import read
from sources.indicators.kolada_client import KoladaClient, KoladaError
from sources.indicators.kolada_fetch import Fetched, Plan, fetch
from sources.indicators.kolada_state import last_fetch
from sources.reading import ReadOptions
from tests.kolada_server import Kolada, changed, cut_off, malformed, serving, slow, small_kolada, status

DAY = date(2024, 1, 15)
PLAN = Plan(("U07453", "N00671"), ("1489", "0180"), None, 2021, 2023)
# Titles, municipalities on two pages, and two KPIs of six rows each on two pages.
PAGES = 1 + 2 + 2 * 2


@pytest.fixture
def kolada() -> Iterator[Kolada]:
    with serving(small_kolada()) as server:
        yield server


class Place:
    """A place to fetch to, and what has been waited."""

    def __init__(self, root: Path) -> None:
        self.folder, self.inbox = root / "kolada", root / "inbox"
        self.inbox.mkdir()
        self.waited: list[float] = []
        self.told: list[str] = []

    def fetch(self, kolada: Kolada, plan: Plan = PLAN, day: date = DAY, **limits: float) -> Fetched:
        options: dict[str, Any] = {"pause_seconds": 0, "timeout_seconds": 5, "sleep": self.waited.append, **limits}
        with KoladaClient(kolada.url, **options) as client:
            return fetch(plan, client, self.folder, self.inbox, day, self.told.append)

    def files(self) -> dict[str, bytes]:
        # The server's port differs between servers, and is in every address.
        return {file.name: file.read_bytes() for file in sorted(self.inbox.iterdir())}

    def values(self) -> dict[tuple[str, str, int], tuple[Any, str]]:
        rows = [row for name, data in self.files().items() for row in _values(name, data)]
        return {
            (row["external_code"], row["municipality_code"], row["year"]): (
                None if row["value"] is None else float(row["value"]),
                row["status"],
            )
            for row in rows
        }


def _values(name: str, data: bytes) -> list[dict[str, Any]]:
    reading = read(data, name, ReadOptions())
    assert reading.problems == ()
    return reading.tables["indicator__values"].to_pylist() if "indicator__values" in reading.tables else []


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_every_page_becomes_a_delivery_with_the_names_and_the_day(kolada: Kolada, place: Place) -> None:
    fetched = place.fetch(kolada)

    assert len(kolada.asked) == PAGES
    assert len(fetched.files) == PAGES - 1
    assert (fetched.unchanged, fetched.gone) == (0, ())
    values = place.values()
    assert len(values) == 12
    assert values["U07453", "1489", 2023] == (60.6667, "final")
    assert values["U07453", "0180", 2023] == (None, "missing")
    rows = [row for name, data in place.files().items() for row in _values(name, data)]
    assert {row["external_name"] for row in rows} == {"Företagsklimat", "Bemötande"}
    assert {row["reported_on"] for row in rows} == {DAY}
    assert place.told[0] == "Kolada: nyckeltal, sida 1"
    assert last_fetch(place.folder).told(DAY + timedelta(days=3)) == (
        "Kolada hämtades senast 2024-01-15, för 3 dagar sedan, senaste år med värde 2023."
    )


def test_no_question_names_more_than_25_ids(kolada: Kolada, place: Place) -> None:
    codes = tuple(f"{number:04}" for number in range(1000, 1060))
    kolada.titles |= {f"N{number:05}": "Mått" for number in range(30)}
    place.fetch(
        kolada, replace(PLAN, kpis=("U07453", *(f"N{number:05}" for number in range(30))), municipalities=codes)
    )

    for address in kolada.asked:
        assert all(part.count(",") < 25 for part in address.split("?")[0].split("/"))
    assert sum("/data/kpi/U07453/" in address for address in kolada.asked) == 3


def test_the_members_of_a_group_are_fetched_too(kolada: Kolada, place: Place) -> None:
    place.fetch(kolada, replace(PLAN, group="G1"))

    assert {municipality for _, municipality, _ in place.values()} == {"1489", "0180", "1440"}
    readings = [read(data, name, ReadOptions()) for name, data in place.files().items()]
    members = next(r.tables["indicator__group_members"] for r in readings if "indicator__group_members" in r.tables)
    assert members.to_pylist()[1] == {
        "row_no": 2,
        "group_code": "G1",
        "group_name": "Liknande kommuner",
        "municipality_code": "1440",
    }


def test_what_is_as_it_was_is_not_delivered_again(kolada: Kolada, place: Place) -> None:
    place.fetch(kolada)
    shutil.rmtree(place.inbox)
    place.inbox.mkdir()
    kolada.values["U07453", "1489", 2023, "T"] = 61.0

    fetched = place.fetch(kolada, day=DAY + timedelta(days=1))

    assert fetched.unchanged == 2
    assert {kpi for kpi, _, _ in place.values()} == {"U07453"}
    assert place.values()["U07453", "1489", 2023] == (61.0, "final")
    assert place.fetch(kolada, day=DAY + timedelta(days=2)).files == ()
    last = last_fetch(place.folder)
    assert (last.fetched_on, last.changed_on) == (DAY + timedelta(days=2), DAY + timedelta(days=1))


def test_a_value_that_is_no_longer_given_is_withdrawn(kolada: Kolada, place: Place) -> None:
    place.fetch(kolada)
    del kolada.values["N00671", "1489", 2022, "T"]
    kolada.deleted.add(("N00671", "1489", 2021, "T"))
    kolada.values["N00671", "1489", 2023, "T"] = None

    place.fetch(kolada, day=DAY + timedelta(days=1))

    assert place.values()["N00671", "1489", 2022] == (None, "withdrawn")
    assert place.values()["N00671", "1489", 2021] == (None, "withdrawn")
    assert place.values()["N00671", "1489", 2023] == (None, "missing")
    (page,) = place.inbox.glob("*withdrawn*")
    assert [row["period"] for row in json.loads(page.read_text())["response"]["values"]] == [2022]


def test_a_kpi_that_is_gone_is_named_and_the_others_fetched(kolada: Kolada, place: Place) -> None:
    place.fetch(kolada)
    del kolada.titles["N00671"]
    kolada.values["U07453", "1489", 2023, "T"] = 61.0

    fetched = place.fetch(kolada, day=DAY + timedelta(days=1))

    assert fetched.gone == ("N00671",)
    assert not any(status == "withdrawn" for _, status in place.values().values())
    with pytest.raises(KoladaError, match="Inget av nyckeltalen X00001 finns i Kolada"):
        place.fetch(kolada, replace(PLAN, kpis=("X00001",)))


@pytest.mark.parametrize(
    "fault",
    [status(500), status(503), cut_off, malformed, slow(0.4)],
    ids=["500", "503", "cut off", "malformed", "slow"],
)
@pytest.mark.parametrize("at", [0, 4])
def test_what_may_pass_is_tried_again(kolada: Kolada, place: Place, tmp_path: Path, fault: Any, at: int) -> None:
    kolada.faults = [None] * at + [fault]
    place.fetch(kolada, timeout_seconds=0.2)

    assert len(kolada.asked) == PAGES + 1
    assert len(place.values()) == 12
    assert [seconds for seconds in place.waited if seconds] == [0.5]


def test_too_many_questions_waits_as_long_as_kolada_says(kolada: Kolada, place: Place) -> None:
    moments = {"Retry-After": "Mon, 15 Jan 2024 10:00:20 GMT"}
    kolada.faults = [status(429, Retry_After="7"), status(429, Retry_After=moments["Retry-After"])]
    place.fetch(kolada)

    # The server's own clock is long after 2024: what is past needs no wait.
    assert [seconds for seconds in place.waited if seconds] == [7.0]
    assert len(place.values()) == 12


def test_no_wait_is_longer_than_the_time_there_is(kolada: Kolada, place: Place) -> None:
    kolada.faults = [None, status(429, Retry_After="3600")]

    with pytest.raises(KoladaError, match=r"för många frågor \(429\) efter 1 försök; det som har hämtats är kvar"):
        place.fetch(kolada, max_seconds=60)
    assert place.waited == []
    assert place.files() == {}


def test_a_server_that_never_ends_is_left(kolada: Kolada, place: Place) -> None:
    ticks = iter(range(0, 1000, 20))
    options: dict[str, Any] = {"clock": lambda: float(next(ticks)), "max_seconds": 45, "pause_seconds": 0}

    with pytest.raises(KoladaError, match="tiden för hämtningen är slut"):
        place.fetch(kolada, **options)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (status(404), r"Kolada svarade 404 på http.*no"),
        (changed(lambda answer: answer.update(values={"a": 1})), "har inte v3:s form"),
        (changed(lambda answer: answer["values"][0].update(values="x")), "har inte v3:s form"),
        (changed(lambda answer: answer["values"][0].pop("period")), "har inte v3:s form"),
        (changed(lambda answer: answer.update(next_url="http://[::1/v3")), "inte är en adress"),
        (changed(lambda answer: answer["values"][0].update(municipality="1480")), "svarade om 1480, som inte eft"),
        (changed(lambda answer: answer["values"][0].update(kpi="U00000")), "svarade om U00000, som inte eft"),
        (changed(lambda answer: answer.update(next_url="http://example.org/v3/data")), r"annan plats \(example.org\)"),
    ],
    ids=[
        "404",
        "other version",
        "no values",
        "no year",
        "no address",
        "other municipality",
        "other KPI",
        "other place",
    ],
)
def test_what_cannot_be_used_stops_the_fetch_and_delivers_nothing(
    kolada: Kolada, place: Place, fault: Any, says: str
) -> None:
    kolada.faults = [None, None, None, fault]

    with pytest.raises(KoladaError, match=says):
        place.fetch(kolada)
    assert place.files() == {}
    assert last_fetch(place.folder).failure.startswith(("Kolada", "Svaret"))
    assert len(kolada.asked) == 4
    place.fetch(kolada)
    assert len(kolada.asked) == PAGES + 1
    assert last_fetch(place.folder).failure == ""


@pytest.mark.parametrize("by", ["address", "content"])
def test_a_page_that_repeats_stops_the_fetch(kolada: Kolada, place: Place, by: str) -> None:
    first: dict[str, Any] = {}

    def again(answer: dict[str, Any]) -> None:
        if by == "content":
            answer["values"] = first["values"]
        else:
            answer["next_url"] = f"{kolada.url[:-3]}{kolada.asked[-1]}"

    kolada.faults = [None, None, None, changed(first.update), changed(again)]

    with pytest.raises(KoladaError, match="Kolada upprepar en sida"):
        place.fetch(kolada)
    assert place.files() == {}


def test_no_contact_is_told_with_the_age_of_what_there_is(kolada: Kolada, place: Place) -> None:
    place.fetch(kolada)
    gone = SimpleNamespace(url="http://127.0.0.1:1/v3")

    with pytest.raises(KoladaError, match=r"Kolada: ingen kontakt \(ConnectError\) efter 5 försök"):
        place.fetch(gone, day=DAY + timedelta(days=9))
    last = last_fetch(place.folder)
    assert (last.fetched_on, last.failure[:20]) == (DAY, "Kolada: ingen kontak")
    assert [seconds for seconds in place.waited if seconds] == [0.5, 1.0, 2.0, 4.0]


def test_requests_keep_their_distance(kolada: Kolada, place: Place) -> None:
    place.fetch(kolada, pause_seconds=0.2)

    assert len(place.waited) == PAGES - 1
    assert all(0 < seconds <= 0.2 for seconds in place.waited)


def test_a_fetch_cut_off_goes_on_within_a_day_and_begins_anew_after_that(kolada: Kolada, place: Place) -> None:
    for days, asked in ((1, PAGES + 1), (2, PAGES + 4)):
        kolada.asked.clear()
        kolada.faults = [None, None, None, status(400)]
        with pytest.raises(KoladaError):
            place.fetch(kolada)
        place.fetch(kolada, day=DAY + timedelta(days=days))
        assert len(kolada.asked) == asked


def test_another_plan_begins_anew(kolada: Kolada, place: Place) -> None:
    kolada.faults = [None, None, None, status(400)]
    with pytest.raises(KoladaError):
        place.fetch(kolada)
    place.fetch(kolada, replace(PLAN, kpis=("U07453",)))

    assert {kpi for kpi, _, _ in place.values()} == {"U07453"}


def test_pages_are_kept_as_they_were_sent(kolada: Kolada, place: Place) -> None:
    place.fetch(kolada)
    stored = [json.loads(data) for data in place.files().values()]

    for page in stored:
        assert kolada.answer(page["address"]) == page["response"]


def test_two_fetches_at_once_are_one(kolada: Kolada, place: Place) -> None:
    def meanwhile(_: dict[str, Any]) -> None:
        with pytest.raises(KoladaError, match="En annan hämtning från Kolada pågår"):
            Place.fetch(place, kolada)

    kolada.faults = [changed(meanwhile)]
    place.fetch(kolada)
    assert len(kolada.asked) == PAGES
