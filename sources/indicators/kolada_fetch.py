"""Fetch what is asked of Kolada into files to be delivered: all of it or nothing, once, whatever happens meanwhile.

    plan -> ongoing/ (a file per page) -> ready/ -> inbox

Belongs here: which questions are asked, what has been answered, what is worth delivering. Not here: one request
(``kolada_client``), what a page says (``kolada_page``), when to fetch (the orchestration).

The pages on disk are the state. A page is written whole or not at all; a fetch that was cut off goes on after its
last page. When every question is answered the folder is renamed, and each file moved, so that a page is always in
exactly one place. An answer that is as it was the last time is not delivered again: a vintage is what has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sources.indicators.kolada_client import MAX_IDS, KoladaClient, KoladaError
from sources.indicators.kolada_page import ENVELOPE, asked, enveloped
from sources.indicators.kolada_state import (
    FAILURE,
    LATEST,
    alone,
    deliver,
    dumped,
    opened,
    read_json,
    settle,
    write_bytes,
    write_json,
)

_SUBJECTS = {
    "kpi": "nyckeltal",
    "municipality": "kommuner",
    "municipality_groups": "kommungrupp",
    "data": "värden",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be fetched: values of KPIs for municipalities (and the members of a group), years from - to."""

    kpis: tuple[str, ...]
    municipalities: tuple[str, ...]
    group: str | None
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a fetch: files delivered, questions answered as before, KPIs that Kolada no longer has."""

    files: tuple[Path, ...]
    unchanged: int
    gone: tuple[str, ...]


def fetch(
    plan: Plan, client: KoladaClient, folder: Path, inbox: Path, today: date, tell: Callable[[str], None]
) -> Fetched:
    """Fetch what ``plan`` says and move what is new into ``inbox``; raises :class:`KoladaError`.

    ``folder`` keeps the state between fetches, on the same file system as ``inbox``. A fetch cut off within a day is
    taken up where it was; one that finds another at work raises. ``tell`` is told (Swedish) how far it has come.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        try:
            delivered, latest = deliver(folder, inbox)
            if latest and latest["plan"] == _plain(plan) and latest["fetched_on"] == today.isoformat():
                # All was answered today, by a fetch that was killed while it delivered.
                return Fetched(tuple(delivered), latest["unchanged"], tuple(latest["gone"]))
            work = _Fetch(plan, client, opened(folder, _plain(plan), today), today, tell)
            finished = work.run()
            settle(folder, work.folder, finished.files, finished.latest)
        except KoladaError as error:
            write_json(folder / FAILURE, {"failure": str(error)})
            raise
        return Fetched((*delivered, *deliver(folder, inbox)[0]), finished.unchanged, finished.gone)


@dataclass(frozen=True, slots=True)
class _Finished:
    """What every question's answer came to: files to deliver by name, and what to remember."""

    files: Mapping[str, bytes]
    latest: Mapping[str, Any]
    unchanged: int
    gone: tuple[str, ...]


class _Fetch:
    """One fetch at work in its folder."""

    def __init__(self, plan: Plan, client: KoladaClient, folder: Path, today: date, tell: Callable[[str], None]):
        self._plan, self._client, self.folder, self._today, self._tell = plan, client, folder, today, tell

    def run(self) -> _Finished:
        """Ask what has not been answered, and return what all of it comes to."""
        titles = [page for path in _in_parts("/kpi", self._plan.kpis) for page in self._pages(path, {})]
        names = {str(row["id"]): str(row.get("title", "")) for page in titles for row in _rows(page)}
        kpis = [kpi for kpi in self._plan.kpis if kpi in names]
        if not kpis:
            raise KoladaError(f"Inget av nyckeltalen {', '.join(self._plan.kpis)} finns i Kolada; rätta inställningen.")
        questions = {"/municipality": self._pages("/municipality", {})}
        municipalities = set(self._plan.municipalities)
        if self._plan.group:
            path = f"/municipality_groups/{self._plan.group}"
            questions[path] = self._pages(path, {})
            municipalities |= _members(questions[path])
        years = ",".join(map(str, range(self._plan.first_year, self._plan.last_year + 1)))
        # One KPI in each question: one that is revised, or chosen anew, is then a vintage of its own.
        for kpi in kpis:
            for path in _in_parts(f"/data/kpi/{kpi}/municipality", sorted(municipalities)):
                questions[f"{path}/year/{years}"] = self._pages(f"{path}/year/{years}", names)
        gone = tuple(sorted(set(self._plan.kpis) - set(kpis)))
        return self._finished(questions, gone)

    def _pages(self, path: str, names: Mapping[str, str]) -> list[Mapping[str, Any]]:
        """Return every page of a question in its envelope, asking for those that are not on disk."""
        folder = self.folder / _key(path)
        folder.mkdir(exist_ok=True)
        pages = [_stored(file) for file in sorted(folder.glob("*.json"))]
        address: str | None = self._client.address(path)
        if pages:
            address = self._client.follow(pages[-1]["response"].get("next_url"))
        while address is not None:
            seen = {page["address"] for page in pages}
            if address in seen:
                raise KoladaError(f"Kolada upprepar en sida ({address}); hämtningen görs om nästa gång.")
            self._tell(f"Kolada: {_SUBJECTS[path.split('/')[1]]}, sida {len(pages) + 1}")
            response = self._client.get(address)
            _refuse_odd(response, pages, address)
            following = self._client.follow(response.get("next_url"))
            data = enveloped(response, address=address, fetched_on=self._today, names=_named(response, names))
            file = folder / f"{len(pages) + 1:05d}.json"
            write_bytes(file, data)
            pages.append(_stored(file))
            address = following
        return pages

    def _finished(self, questions: Mapping[str, list[Mapping[str, Any]]], gone: tuple[str, ...]) -> _Finished:
        before = (read_json(self.folder.parent / LATEST) or {}).get("series", {})
        files: dict[str, bytes] = {}
        series: dict[str, Any] = {}
        unchanged = 0
        for path, pages in questions.items():
            key = _key(path)
            rows = [row for page in pages for row in _rows(page)]
            digest, keys = _digest(pages), sorted(_keys(rows, with_value=True))
            known = before.get(key, {"keys": []})
            if known.get("digest") == digest:
                series[key] = known
                unchanged += 1
                continue
            series[key] = {"digest": digest, "changed_on": self._today.isoformat(), "keys": keys}
            for number, page in enumerate((page for page in pages if _rows(page)), start=1):
                files[f"kolada_{page['fetched_on']}_{key}_{number}.json"] = _bytes(page)
            # A value that is given as missing or deleted says so itself; what is not mentioned does not.
            left = {tuple(each) for each in known["keys"]} - _keys(rows)
            if withdrawn := sorted(left):
                files[f"kolada_{self._today}_{key}_withdrawn.json"] = self._withdrawn(path, withdrawn)
        latest = {"fetched_on": self._today.isoformat(), "plan": _plain(self._plan), "series": series}
        return _Finished(files, latest | {"unchanged": unchanged, "gone": gone}, unchanged, gone)

    def _withdrawn(self, path: str, keys: Sequence[tuple[Any, ...]]) -> bytes:
        """Return a page of our own that says which values Kolada gave before and no longer gives."""
        rows = [
            {"kpi": kpi, "municipality": code, "period": year, "values": [{"gender": gender, "isdeleted": True}]}
            for kpi, code, year, gender in keys
        ]
        response = {"values": rows, "count": len(rows), "next_url": None, "previous_url": None}
        address = f"{self._client.address(path)}&withdrawn"
        return enveloped(response, address=address, fetched_on=self._today, names={})


def _plain(plan: Plan) -> dict[str, Any]:
    """Return a plan as it reads in JSON."""
    as_read: dict[str, Any] = json.loads(dumped(asdict(plan)))
    return as_read


def _in_parts(path: str, ids: Sequence[str]) -> list[str]:
    """Return the paths that ask for all ids, as many in each as Kolada takes."""
    unique = list(dict.fromkeys(ids))
    return [f"{path}/{','.join(unique[at : at + MAX_IDS])}" for at in range(0, len(unique), MAX_IDS)]


def _key(path: str) -> str:
    """Return a question's name on disk: its kind, and what tells it from the others."""
    return f"{path.split('/')[1]}-{hashlib.sha256(path.encode()).hexdigest()[:10]}"


def _rows(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = page["response"]["values"]
    return rows


def _members(pages: Sequence[Mapping[str, Any]]) -> set[str]:
    members = [member for page in pages for group in _rows(page) for member in group.get("members") or ()]
    if not members:
        raise KoladaError("Kommungruppen har inga medlemmar i Kolada; rätta [comparison] group i inställningarna.")
    return {str(each.get("id", each.get("member_id"))) if isinstance(each, Mapping) else str(each) for each in members}


def _named(response: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    kpis = {str(row.get("kpi")) for row in response["values"]}
    return {kpi: name for kpi, name in names.items() if kpi in kpis}


def _refuse_odd(response: Mapping[str, Any], pages: Sequence[Mapping[str, Any]], address: str) -> None:
    """Raise where a page is one that has been, or holds what was not asked for or cannot be read."""
    rows = response["values"]
    kpis, municipalities = asked(address)
    if not all(_is_sound(row, is_value=bool(kpis)) for row in rows):
        raise KoladaError(f"Svaret på {address} har inte v3:s form; se efter om Kolada har bytt version.")
    # What is on disk has been through JSON once more, so that numbers compare as they stand there.
    if rows and any(_rows(page) == json.loads(dumped(rows)) for page in pages):
        raise KoladaError(f"Kolada upprepar en sida ({address}); hämtningen görs om nästa gång.")
    odd = {str(row["kpi"]) for row in rows} - kpis if kpis else set()
    odd |= {str(row["municipality"]) for row in rows} - municipalities if municipalities else set()
    if odd:
        raise KoladaError(f"Kolada svarade om {', '.join(sorted(odd))}, som inte efterfrågades ({address}).")


def _is_sound(row: Mapping[str, Any], *, is_value: bool) -> bool:
    """Say whether a row has the fields that are relied on here."""
    if not is_value:
        return "id" in row and isinstance(row.get("members", []), list)
    values = row.get("values")
    has_key = {"kpi", "municipality", "period"} <= row.keys()
    return has_key and isinstance(values, list) and all(isinstance(value, dict) for value in values)


def _digest(pages: Sequence[Mapping[str, Any]]) -> str:
    """Identify what a question's answer says, however it is cut into pages."""
    rows = sorted(dumped(row) for page in pages for row in _rows(page))
    names = {kpi: name for page in pages for kpi, name in page["names"].items()}
    return hashlib.sha256(dumped([rows, sorted(names.items())]).encode()).hexdigest()


def _keys(rows: Sequence[Mapping[str, Any]], *, with_value: bool = False) -> set[tuple[str, str, int, str]]:
    """Return which values an answer mentions, or gives: KPI, municipality, year, gender."""
    return {
        (str(row["kpi"]), str(row["municipality"]), int(row["period"]), str(value.get("gender")))
        for row in rows
        if "kpi" in row and str(row["period"]).isdecimal()
        for value in row["values"]
        if not with_value
        or (value.get("value") is not None and not value.get("isdeleted") and not row.get("isdeleted"))
    }


def _stored(file: Path) -> Mapping[str, Any]:
    page: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    assert ENVELOPE in page
    return page


def _bytes(page: Mapping[str, Any]) -> bytes:
    day = date.fromisoformat(page["fetched_on"])
    return enveloped(page["response"], address=page["address"], fetched_on=day, names=page["names"])
