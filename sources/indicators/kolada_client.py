"""Ask Kolada's API v3, one page at a time, as its rules say and as long as it may take.

Belongs here: one request with everything that can go wrong with it. Not here: what is asked for and kept
(``kolada_fetch``), what a page says (``kolada_page``). Source: Kolada API v3, RKA: at most 25 ids and five requests a
second; ``429`` says in Retry-After how long to wait.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from sources.indicators.documents import MAX_BYTES, parse_document
from sources.reading import Rejected

if TYPE_CHECKING:
    import httpx
    from tenacity import RetryCallState

_log = logging.getLogger(__name__)

MAX_IDS = 25
PER_PAGE = 5000
ATTEMPTS = 5
PAUSE_SECONDS = 0.2
# Kolada's own message of a failure is shown no longer than this.
_SHOWN = 200
_KEPT = "det som har hämtats är kvar till nästa gång"


class KoladaError(Exception):
    """Kolada could not be asked, or answered what cannot be used; the message is Swedish."""


class _Passing(Exception):
    """What may be gone the next time: no contact, a server that fails, an answer cut off. ``after`` is in seconds."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class KoladaClient(AbstractContextManager["KoladaClient"]):
    """A connection to Kolada.

    No request begins later than ``max_seconds`` after the client was made, and none may take longer than what is left.
    ``pause_seconds`` is the least time between requests; ``sleep`` and ``clock`` are given by tests.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout_seconds: float = 30,
        max_seconds: float = 300,
        pause_seconds: float = PAUSE_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        import httpx

        self._base = urlsplit(url.rstrip("/"))
        self._sleep, self._clock, self._pause = sleep, clock, pause_seconds
        self._ends = clock() + max_seconds
        self._free_at = clock()
        self._http = httpx.Client(
            timeout=timeout_seconds, headers={"Accept": "application/json", "User-Agent": "bokslut"}
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def address(self, path: str) -> str:
        """Return the address of a question, ``/data/kpi/U07453/municipality/1489``, its first page."""
        return f"{urlunsplit(self._base)}{path}?per_page={PER_PAGE}"

    def follow(self, next_url: Any) -> str | None:
        """Return the address of the page that follows, None after the last; raises where it leads to another place."""
        if not next_url:
            return None
        try:
            parts = urlsplit(str(next_url))
        except ValueError:
            raise KoladaError(f"Kolada hänvisar till något som inte är en adress ({next_url}).") from None
        if parts.netloc != self._base.netloc or not parts.path.startswith(self._base.path):
            raise KoladaError(f"Kolada hänvisar till en annan plats ({parts.netloc or next_url}); inget mer hämtas.")
        # Behind a proxy the server may think that it is spoken to without encryption: the scheme stays ours.
        return urlunsplit((self._base.scheme, *parts[1:4], ""))

    def get(self, address: str) -> Mapping[str, Any]:
        """Return one page as sent, its numbers exact.

        Tried again, after a while or when Kolada says, where there is no contact, no answer in time, an answer that is
        cut off or no JSON, 429 and 5xx. Raises :class:`KoladaError` where that does not help, where time is up, for
        any other refusal, and for an answer that is no page.
        """
        from tenacity import RetryError, Retrying, retry_if_exception_type

        retrying = Retrying(
            retry=retry_if_exception_type(_Passing), stop=self._is_enough, wait=self._wait, sleep=self._sleep
        )
        try:
            page: Mapping[str, Any] = retrying(self._once, address)
        except RetryError as error:
            last = error.last_attempt
            raise KoladaError(f"Kolada: {last.exception()} efter {last.attempt_number} försök; {_KEPT}.") from None
        return page

    def _is_enough(self, state: RetryCallState) -> bool:
        """Tell whether to give up: after so many times, or where the next would begin after time is up."""
        return state.attempt_number >= ATTEMPTS or self._clock() + self._wait(state) > self._ends

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        after = error.after if isinstance(error, _Passing) else None
        return float(2 ** (state.attempt_number - 1)) / 2 if after is None else after

    def _once(self, address: str) -> Mapping[str, Any]:
        import httpx

        pause = self._free_at - self._clock()
        if pause > 0:
            self._sleep(pause)
        self._refuse_late()
        self._free_at = self._clock() + self._pause
        try:
            with self._http.stream("GET", address) as answer:
                body = self._body(answer)
        except httpx.TimeoutException:
            raise _Passing("inget svar i tid") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _Passing(f"ingen kontakt ({type(error).__name__})") from None
        _log.debug("%s %s", answer.status_code, address)
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise _Passing("för många frågor (429)", _retry_after(answer.headers))
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise _Passing(f"fel hos Kolada ({answer.status_code})", _retry_after(answer.headers))
        if answer.status_code != httpx.codes.OK:
            said = " ".join(body[:_SHOWN].decode("utf-8", "replace").split())
            raise KoladaError(f"Kolada svarade {answer.status_code} på {address}: {said}")
        return _page(body, address)

    def _body(self, answer: httpx.Response) -> bytes:
        """Return the whole answer; a server that sends a little at a time gets no more than the time that is left."""
        parts: list[bytes] = []
        size = 0
        for part in answer.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > MAX_BYTES:
                raise KoladaError(f"Kolada svarade med mer än {MAX_BYTES // 1_000_000} MB; fråga om färre nyckeltal.")
            self._refuse_late()
        return b"".join(parts)

    def _refuse_late(self) -> None:
        if self._clock() > self._ends:
            raise KoladaError(f"Kolada: tiden för hämtningen är slut; {_KEPT}.")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds to wait, said as seconds or as a moment; None where nothing usable is said."""
    said = headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
        now = parsedate_to_datetime(headers["Date"]) if "Date" in headers else datetime.now(UTC)
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError):
        return None


def _page(body: bytes, address: str) -> Mapping[str, Any]:
    try:
        page = parse_document(body)
    except Rejected:
        raise _Passing("svaret är trasigt eller avbrutet") from None
    rows = page.get("values") if isinstance(page, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise KoladaError(f"Svaret på {address} har inte v3:s form; se efter om Kolada har bytt version.")
    assert isinstance(page, dict)
    return page
