"""A server on this machine that speaks Kolada's API v3, and fails as it is told to.

Belongs here: what Kolada would answer. Not here: what is asserted about it. Invented values.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

Row = dict[str, Any]
#: Takes the handler and the answer it would give; returns whether it has answered.
Fault = Callable[["_Handler", Row], bool]

TITLES = {
    "U07451": "Företagsklimat, gammal definition",
    "U07453": "Företagsklimat",
    "N00671": "Bemötande",
    "U99999": "Rensat",
}
MUNICIPALITIES = {"1489": "Alingsås", "0180": "Stockholm", "1480": "Göteborg", "1440": "Ale"}


@dataclass
class Kolada:
    """What the server holds. ``values`` are by KPI, municipality, year and gender; None is a value that is missing.

    ``faults`` are used up one request at a time; ``asked`` lists the addresses of every request that came.
    """

    values: dict[tuple[str, str, int, str], float | None]
    titles: dict[str, str] = field(default_factory=lambda: dict(TITLES))
    deleted: set[tuple[str, str, int, str]] = field(default_factory=set)
    page_rows: int = 3
    faults: list[Fault | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def rows(self, parts: list[str]) -> list[Row]:
        if parts[0] == "kpi":
            return [{"id": kpi, "title": self.titles[kpi]} for kpi in parts[1].split(",") if kpi in self.titles]
        if parts[0] == "municipality":
            return [{"id": code, "title": name, "type": "K"} for code, name in MUNICIPALITIES.items()]
        if parts[0] == "municipality_groups":
            members = [{"member_id": "0180", "member_title": "Stockholm"}, {"member_id": "1440", "member_title": "Ale"}]
            return [{"id": parts[1], "title": "Liknande kommuner", "members": members}]
        kpis, codes, years = (part.split(",") for part in (parts[2], parts[4], parts[6]))
        return [self._row(kpi, code, int(year)) for kpi in kpis for code in codes for year in years]

    def _row(self, kpi: str, code: str, year: int) -> Row:
        values = [
            {
                "gender": gender,
                "status": "" if value is not None else "Missing",
                "count": 1,
                "value": value,
                "isdeleted": (kpi, code, year, gender) in self.deleted,
            }
            for (own, municipality, period, gender), value in sorted(self.values.items(), key=str)
            if (own, municipality, period) == (kpi, code, year)
        ]
        return {"kpi": kpi, "municipality": code, "period": year, "values": values}

    def answer(self, address: str) -> Row:
        split = urlsplit(address)
        page = int(parse_qs(split.query).get("page", ["1"])[0])
        rows = [row for row in self.rows(split.path.strip("/").split("/")[1:]) if row.get("values", True)]
        start, end = (page - 1) * self.page_rows, page * self.page_rows
        following = f"{self.url[:-3]}{split.path}?{urlencode({'page': page + 1, 'per_page': self.page_rows})}"
        return {
            "values": rows[start:end],
            "count": len(rows[start:end]),
            "next_url": following if end < len(rows) else None,
            "previous_url": None,
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    kolada: Kolada

    def do_GET(self) -> None:
        self.kolada.asked.append(self.path)
        answer = self.kolada.answer(self.path)
        fault = self.kolada.faults.pop(0) if self.kolada.faults else None
        if fault is None or not fault(self, answer):
            self.send(200, json.dumps(answer).encode())

    def send(self, status: int, body: bytes, *, promised: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if promised is None else promised))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        if promised is not None:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing: the tests look at ``asked``."""


def status(code: int, **headers: str) -> Fault:
    """Answer with this status."""

    def fault(handler: _Handler, _: Row) -> bool:
        handler.send(code, b'{"detail": "no"}', **headers)
        return True

    return fault


def cut_off(handler: _Handler, answer: Row) -> bool:
    """Promise the whole page, send half of it and hang up."""
    body = json.dumps(answer).encode()
    handler.send(200, body[: len(body) // 2], promised=len(body))
    return True


def malformed(handler: _Handler, answer: Row) -> bool:
    """Send half a page as if it were the whole."""
    body = json.dumps(answer).encode()
    handler.send(200, body[: len(body) // 2])
    return True


def slow(seconds: float) -> Fault:
    """Keep silent for a while, then answer."""

    def fault(_: _Handler, __: Row) -> bool:
        time.sleep(seconds)
        return False

    return fault


def changed(change: Callable[[Row], Any]) -> Fault:
    """Change the answer before it is sent."""

    def fault(_: _Handler, answer: Row) -> bool:
        change(answer)
        return False

    return fault


@contextmanager
def serving(kolada: Kolada) -> Iterator[Kolada]:
    """Serve on a free port of this machine; ``kolada.url`` is where."""
    handler = type("Handler", (_Handler,), {"kolada": kolada})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    kolada.url = f"http://127.0.0.1:{server.server_address[1]}/v3"
    try:
        yield kolada
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def small_kolada(**changes: Any) -> Kolada:
    """Return a Kolada with two KPIs of four municipalities and three years."""
    values: dict[tuple[str, str, int, str], float | None] = {}
    for k, kpi in enumerate(("U07453", "N00671")):
        for m, code in enumerate(MUNICIPALITIES):
            for year in (2021, 2022, 2023):
                values[kpi, code, year, "T"] = 60.0 + 5 * k + m + (year - 2021) / 3
    values["U07453", "0180", 2023, "T"] = None
    return Kolada(values, **changes)
