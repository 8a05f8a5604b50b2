"""What a delivery is judged beside that came in a file of its own: voucher headers, names of accounts, questions.

Belongs here: which deliveries are companions of which, and what they say together. Not here: the rules that compare
(``expectations``), what is in a file (``sources.ledger``, ``sources.surveys``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from orchestration.home import Home
from orchestration.loading import staff
from orchestration.loading.raw_files import raw_path
from sources.ledger import is_companion
from sources.register import Delivery
from sources.surveys import is_questions

if TYPE_CHECKING:
    import pyarrow as pa

_HEADERS = "ledger__voucher_headers"
_ACCOUNTS = "ledger__accounts"
_QUESTIONS = "survey__questions"


def stands_beside(source_code: str, part: str) -> bool:
    """Tell whether a delivery stands beside the postings, or the answers, of its source and says nothing without."""
    return (source_code == "ledger" and is_companion(part)) or (source_code == "survey" and is_questions(part))


def judging_order(delivery: Delivery) -> tuple[int, date, datetime, str]:
    """Return the order to judge in: what others are judged beside first, then the oldest."""
    if delivery.source_code == staff.SOURCE:
        return (staff.judging_stage(delivery.part), *delivery.age_key)
    return (int(not stands_beside(delivery.source_code, delivery.part)), *delivery.age_key)


def headers_beside(delivery: Delivery, current: Iterable[Delivery]) -> list[Delivery]:
    """Return the deliveries of voucher headers for a ledger delivery's years and organisation, none for a companion."""
    if delivery.source_code != "ledger" or stands_beside("ledger", delivery.part):
        return []
    found = {
        other.load_id: other
        for other in current
        if other.source_code == "ledger"
        and other.part == f"headers {delivery.part}".strip()
        and other.organisation_number == delivery.organisation_number
        and set(other.years) & set(delivery.years)
    }
    return [found[load_id] for load_id in sorted(found)]


def questions_beside(delivery: Delivery, current: Iterable[Delivery]) -> list[Delivery]:
    """Return the files of questions that tell what was asked in the years of a survey's answers."""
    if delivery.source_code != "survey" or stands_beside("survey", delivery.part):
        return []
    found = {
        other.load_id: other
        for other in current
        if stands_beside("survey", other.part)
        and other.source_code == "survey"
        and set(other.years) & set(delivery.years)
    }
    return [found[load_id] for load_id in sorted(found)]


def survey_questions(home: Home, delivery: Delivery, beside: Iterable[Delivery]) -> pa.Table | None:
    """Return the questions that answers are judged by, those of their own file first; None where there are none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    paths = [raw_path(home, _QUESTIONS, each.load_id) for each in (delivery, *beside)]
    tables = [pq.read_table(path) for path in paths if path.exists()]
    return pa.concat_tables(tables) if tables else None


def voucher_headers(home: Home, delivery: Delivery, headers: Iterable[Delivery], quarantine: str) -> pa.Table | None:
    """Return the voucher headers of a ledger delivery's years, without quarantined ones; None where there are none."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    tables = []
    for other in headers:
        rows = pq.read_table(raw_path(home, _HEADERS, other.load_id))
        aside = pq.read_table(raw_path(home, quarantine, other.load_id)).column("row_no")
        in_years = pc.is_in(rows["fiscal_year"], value_set=pa.array(delivery.fiscal_years, pa.int32()))
        tables.append(rows.filter(pc.and_(in_years, pc.invert(pc.is_in(rows["row_no"], value_set=aside)))))
    return pa.concat_tables(tables) if tables else None


def came_after(headers: Iterable[Delivery], delivery: Delivery) -> bool:
    """Tell whether headers came in a later run than the postings: they may then name vouchers booked since."""
    return any(other.run_id != delivery.run_id and other.received_at > delivery.received_at for other in headers)


def accounts(home: Home, load_ids: Iterable[str]) -> frozenset[str]:
    """Return every account that these deliveries name."""
    import pyarrow.parquet as pq

    known: set[str] = set()
    for path in (raw_path(home, _ACCOUNTS, load_id) for load_id in load_ids):
        if path.exists():
            known.update(pq.read_table(path, columns=["account"])["account"].to_pylist())
    return frozenset(account for account in known if account)


def named_accounts(home: Home, current: Iterable[Delivery]) -> frozenset[str]:
    """Return the accounts of charts that came in files of their own."""
    names = {each.load_id for each in current if stands_beside(each.source_code, each.part)}
    return accounts(home, sorted(names))


def fingerprint_beside(
    base: str, delivery: Delivery, current: Iterable[Delivery], named: frozenset[str], others: Iterable[str] = ()
) -> str:
    """Return ``base`` with what a verdict on this delivery depends on besides: headers, questions, ``named`` accounts,
    and the load ids of ``others``.

    A verdict changes when a chart gets an account, not whenever a table of names is sent anew.
    """
    companions = [*headers_beside(delivery, current), *questions_beside(delivery, current)]
    is_judged_by_names = delivery.source_code == "ledger" and not stands_beside("ledger", delivery.part)
    beside = [*(each.load_id for each in companions), *others, *(sorted(named) if is_judged_by_names else ())]
    return hashlib.sha256("\n".join([base, *beside]).encode()).hexdigest()[:16] if beside else base
