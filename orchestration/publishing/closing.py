"""What is closed does not change: which changed totals may not be published.

Belongs here: the judgement and its words to the data owner. Not here: what has changed (``totals``), the configuration
(``settings``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from orchestration.publishing.totals import ChangedTotal
from orchestration.settings_of_releases import Closing, Reopened

# All of them are in diff.json; a message that cannot be read helps nobody.
_TOLD = 20


def changes_in_closed(changed: Sequence[ChangedTotal], closing: Closing, day: date) -> list[str]:
    """Return what stops a release of ``day``, in Swedish: outcome that changed in closed periods; else nothing.

    Budget may change: it is decided anew, not closed. A reopening counts from ``opened_on`` to ``until``, both within.
    """
    closed = [total for total in changed if _is_concerned(total, closing) and not _opened(total, closing, day)]
    if not closed:
        return []
    lines = [f"{total} – perioden är stängd." for total in closed[:_TOLD]]
    if len(closed) > _TOLD:
        lines.append(f"… och {len(closed) - _TOLD} ändrade summor till i stängda perioder.")
    return [*lines, _what_to_do(closed, closing)]


def changes_in_reopened(changed: Sequence[ChangedTotal], closing: Closing, day: date) -> list[str]:
    """Return what a release of ``day`` changes in closed periods because they are reopened, a line per reopening."""
    found = Counter(
        opened for total in changed if _is_concerned(total, closing) and (opened := _opened(total, closing, day))
    )
    return [
        f"Öppnat {opened.board or 'alla nämnder'} {opened.period_from}–{opened.period_to} från {opened.opened_on} till "
        f"{opened.until}: {count} ändrade summor. Skäl: {opened.reason}"
        for opened, count in found.items()
    ]


def _is_concerned(total: ChangedTotal, closing: Closing) -> bool:
    through = closing.closed_through
    return through is not None and total.period <= through and total.outcome_before != total.outcome_after


def _opened(total: ChangedTotal, closing: Closing, day: date) -> Reopened | None:
    return next(
        (
            opened
            for opened in closing.reopened
            if opened.board in (None, total.board_code)
            and opened.period_from <= total.period <= opened.period_to
            and opened.opened_on <= day <= opened.until
        ),
        None,
    )


def _what_to_do(closed: Sequence[ChangedTotal], closing: Closing) -> str:
    boards = sorted({total.board_code or "" for total in closed})
    board = f'board = "{boards[0]}", ' if len(boards) == 1 and boards[0] else ""
    first, last = min(total.period for total in closed), max(total.period for total in closed)
    return (
        f"Perioderna till och med {closing.closed_through} är stängda. Rätta leveransen, eller öppna dem i "
        f"bokslut.toml: [[closing.reopened]] {board}period_from = {first}, period_to = {last}, "
        "opened_on, until och reason."
    )
