"""What a delivery is judged against: units, thresholds, the delivery it replaces, what came beside it.

Belongs here: gathering what is known at the moment of judging. Not here: judging (``arrival``), which deliveries stand
beside each other (``companions``, ``staff``), the rules (``expectations``).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from orchestration.home import Home
from orchestration.loading.companions import (
    accounts,
    came_after,
    headers_beside,
    questions_beside,
    survey_questions,
    voucher_headers,
)
from orchestration.loading.lines import statement_lines
from orchestration.loading.measures import known_of_values
from orchestration.loading.raw_files import QUARANTINE, raw_path
from orchestration.loading.repeated import repeated_rows
from orchestration.loading.staff import SOURCE as STAFF
from orchestration.loading.staff import kind_of, staff_beside, staff_rows
from orchestration.settings import Settings
from sources.register import Delivery, Register
from sources.registry import Source, source_by_code

if TYPE_CHECKING:
    import pyarrow as pa

    from expectations.arrival import ArrivalContext


def arrival_context(
    home: Home, settings: Settings, register: Register, source: Source, delivery: Delivery
) -> ArrivalContext:
    """Return what is known when a delivery is judged; what holds now is read anew for each."""
    from expectations.arrival import ArrivalContext

    current = register.current()
    key_years = [(source.code, delivery.organisation_number or "", delivery.part, year) for year in delivery.years]
    replaced = {current[key].load_id: current[key] for key in key_years if key in current}
    replaced.pop(delivery.load_id, None)
    older = [other for other in replaced.values() if other.age_key < delivery.age_key]
    ledgers = {other.load_id for other in current.values() if other.source_code == "ledger" and other is not delivery}
    headers = headers_beside(delivery, current.values())
    beside, kind = staff_beside(register, delivery), kind_of(delivery.part)
    lines = statement_lines()
    return ArrivalContext(
        own_organisation_number=settings.municipality.organisation_number,
        organisation_number=delivery.organisation_number,
        board_codes=frozenset(board.code for board in settings.boards),
        units=_register_rows(home, current.values(), "organisation"),
        projects=_register_rows(home, current.values(), "project"),
        known_accounts=frozenset(settings.ledger.grant_accounts) | accounts(home, sorted(ledgers)),
        fiscal_years=delivery.fiscal_years,
        line_accounts=frozenset(settings.ledger.grant_accounts),
        line_codes=lines.codes,
        line_components=lines.components,
        other_rounds=_other_rounds(delivery, current.values()),
        voucher_headers=voucher_headers(home, delivery, headers, QUARANTINE),
        headers_are_later=came_after(headers, delivery),
        survey_questions=survey_questions(home, delivery, questions_beside(delivery, current.values())),
        employments=staff_rows(home, "employments", beside.employments, QUARANTINE),
        scheduled_hours=staff_rows(home, "scheduled_hours", beside.scheduled_hours, QUARANTINE),
        same_table=staff_rows(home, kind, beside.same_table, QUARANTINE),
        is_part=source.code == STAFF and delivery.part != kind,
        superseded_rows=sum(other.rows_in for other in older) if older else None,
        repeated_rows=repeated_rows(home, source, delivery, older),
        min_share_of_superseded=settings.thresholds.min_share_of_superseded,
        max_quarantined_share=settings.max_quarantined_share(source.code),
        indicators=_register_rows(home, current.values(), "goal"),
        **known_of_values(home, settings, register, delivery),
    )


def _register_rows(home: Home, current: Iterable[Delivery], source_code: str) -> pa.Table | None:
    """Return the rows of the register that holds now, without quarantined ones; None where there is no register."""
    for delivery in current:
        if delivery.source_code == source_code:
            tables = (source_by_code(source_code).tables[0], QUARANTINE)
            paths = [raw_path(home, table, delivery.load_id) for table in tables]
            return _not_set_aside(*((str(path), path.stat().st_mtime_ns) for path in paths))
    return None


@lru_cache(maxsize=8)
def _not_set_aside(rows: tuple[str, int], quarantine: tuple[str, int]) -> pa.Table:
    """Return the rows of one file without those of another: a night asks for them with each delivery.

    A file is named with when it was written, which is all that tells one that was read or judged again.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    every, aside = (pq.read_table(path) for path, _ in (rows, quarantine))
    return every.filter(pc.invert(pc.is_in(every.column("row_no"), value_set=aside.column("row_no"))))


def _other_rounds(delivery: Delivery, current: Iterable[Delivery]) -> frozenset[str]:
    """Return the forecast rounds, year first, that older deliveries with other rounds beside them hold."""
    return frozenset(
        f"{year} {each}"
        for other in current
        if delivery.source_code == other.source_code == "forecast"
        and other.part != delivery.part
        and other.age_key < delivery.age_key
        for year in other.years
        for each in other.part.split(", ")
    )
