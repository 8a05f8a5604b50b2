"""Judge each delivery that was read: load it, set rows aside, or reject it whole.

Belongs here: the order of judging, rivals, and which verdict is stored. Not here: what a delivery is judged against
(``context``), the rules themselves (``expectations``).
"""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.home import Home
from orchestration.loading.companions import fingerprint_beside, judging_order, named_accounts, stands_beside
from orchestration.loading.dropped import CHECK_NAME, quarantined
from orchestration.loading.intake import set_aside
from orchestration.loading.lines import statement_lines
from orchestration.loading.raw_files import QUARANTINE, raw_path, read_dropped, write_parquet
from orchestration.loading.staff import staff_beside
from orchestration.loading.trial import Trials
from orchestration.settings import Settings
from sources.delivery import archived_path
from sources.ledger import BUDGET_FACT
from sources.register import CheckRow, Delivery, Register
from sources.registry import Source, source_by_code

if TYPE_CHECKING:
    import pyarrow as pa

    from expectations.arrival import ArrivalVerdict

_log = logging.getLogger(__name__)

# A source whose files must hold for each year that another of these holds for.
YEARLY = ("ledger", "budget")
# Settings that no verdict depends on: a change of them is no reason to judge anything again.
_OF_NO_DELIVERY = {"inbox", "kolada", "database", "mail", "heartbeat", "query", "releases", "closing", "calendar"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one delivery; ``messages`` are Swedish, for its owner, the most important first."""

    load_id: str
    file_name: str
    status: str
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    messages: tuple[str, ...] = ()


def judge_deliveries(
    home: Home, settings: Settings, register: Register, source: Source, run_id: str
) -> list[Judgement]:
    """Judge what was read since the last run, and again what was judged against a register that has changed since."""
    refused = _refuse_rivals(home, register, source)
    base = _fingerprint(settings, register, source)
    every = sorted(
        register.deliveries(source_code=source.code, status=("read", "loaded", "rejected")), key=judging_order
    )
    judged: list[Judgement] = []
    trials = Trials(home, settings, register, source)
    # In two goes, so that postings are judged beside the headers and names of tonight.
    for _, stage in groupby(every, key=lambda delivery: judging_order(delivery)[0]):
        current = list(register.current().values())
        named = named_accounts(home, current) if source.code == "ledger" else frozenset()
        deliveries = list(stage)
        trials.begin(deliveries)
        for delivery in deliveries:
            beside = staff_beside(register, delivery)
            fingerprint = fingerprint_beside(base, delivery, current, named, beside.load_ids)
            is_old = delivery.check_fingerprint is not None and delivery.check_fingerprint != fingerprint
            if delivery.status == "read" or is_old:
                _log.info("checking %s", delivery.load_id)
                judged.append(_judge(home, register, source, delivery, trials.verdict(delivery), fingerprint, run_id))
    register.supersede()
    return refused + judged


def _refuse_rivals(home: Home, register: Register, source: Source) -> list[Judgement]:
    """Set aside files that came together, claim the same year and cannot be told apart by age."""
    rivals: dict[tuple[Any, ...], list[Delivery]] = defaultdict(list)
    for delivery in register.deliveries(source_code=source.code, status=("read",)):
        for year in delivery.years:
            # Together is in one run: a file that is only read again did not come tonight.
            key = (delivery.organisation_number, delivery.part, year, delivery.generated_on, delivery.run_id)
            rivals[key].append(delivery)
    refused: dict[str, tuple[Delivery, str]] = {}
    for (_, _, year, _, _), group in rivals.items():
        for delivery in group if len(group) > 1 else ():
            others = ", ".join(sorted(other.file_name for other in group if other is not delivery))
            what = f"gör anspråk på {year}" if year else "gör anspråk på att gälla"
            message = (
                f"{source.code}/{delivery.file_name}: även {others} {what} och kom samtidigt, och inget datum i "
                "filerna säger vilken som är nyast. Båda är lagda åt sidan; lägg bara den rätta i inkorgen igen."
            )
            refused[delivery.load_id] = (delivery, message)
    for delivery, message in refused.values():
        set_aside(home, archived_path(home.archive, delivery.sha256), delivery.file_name, message)
    # All at once: a kill between two would leave a rival with nobody to be told apart from.
    register.refuse({load_id: message for load_id, (_, message) in refused.items()})
    return [
        Judgement(each.load_id, each.file_name, "rejected", each.rows_in, 0, each.rows_in, (message,))
        for each, message in refused.values()
    ]


def _judge(
    home: Home,
    register: Register,
    source: Source,
    delivery: Delivery,
    verdict: ArrivalVerdict,
    fingerprint: str,
    run_id: str,
) -> Judgement:
    from expectations.arrival import principal_table

    dropped = read_dropped(home, delivery.load_id)
    tables = [table for table in source.tables if raw_path(home, table, delivery.load_id).exists()]
    quarantine = quarantined(verdict.quarantine, dropped, delivery)
    write_parquet(quarantine, raw_path(home, QUARANTINE, delivery.load_id))
    status = "rejected" if verdict.rejected_reason else "loaded"
    messages = _messages(verdict, quarantine)
    rows_loaded = 0 if verdict.rejected_reason else verdict.rows_loaded
    rows_quarantined = verdict.rows_quarantined + sum(
        each.table == principal_table(source.code, tables) for each in dropped
    )
    # Before the register says so: what a kill leaves undone is done again only for a file that has no verdict.
    if verdict.rejected_reason:
        set_aside(home, archived_path(home.archive, delivery.sha256), delivery.file_name, "\n".join(messages))
    register.judge(
        delivery.load_id,
        _check_rows(verdict, delivery, run_id),
        status=status,
        rows_loaded=rows_loaded,
        rows_quarantined=rows_quarantined,
        message=_shortened(messages),
        check_fingerprint=fingerprint,
        superseded_by=None,
    )
    return Judgement(
        delivery.load_id, delivery.file_name, status, delivery.rows_in, rows_loaded, rows_quarantined, messages
    )


def _messages(verdict: ArrivalVerdict, quarantine: pa.Table) -> tuple[str, ...]:
    """Return why the file was rejected, if it was, then one text per rule that failed and per correction that dropped.

    Warnings are included; ``quarantine`` also holds the rows that corrections dropped.
    """
    import pyarrow.compute as pc

    reason = verdict.rejected_reason.split("\n") if verdict.rejected_reason else []
    by_correction = quarantine.filter(pc.equal(quarantine["check_name"], CHECK_NAME))["message"].to_pylist()
    return tuple(dict.fromkeys([*reason, *verdict.messages, *by_correction]))


def _shortened(messages: tuple[str, ...], shown: int = 3) -> str:
    more = f" … och {len(messages) - shown} meddelanden till." if len(messages) > shown else ""
    return " ".join(messages[:shown]) + more


def _check_rows(verdict: ArrivalVerdict, delivery: Delivery, run_id: str) -> list[CheckRow]:
    return [
        CheckRow(
            load_id=delivery.load_id,
            run_id=run_id,
            source_code=delivery.source_code,
            table_name=outcome.table,
            check_name=outcome.name,
            severity=outcome.severity,
            passed=outcome.passed,
            failed_rows=outcome.failed_rows,
            total_rows=outcome.total_rows,
            who_fixes=outcome.who_fixes,
            description=outcome.description,
            message=verdict.said.get(outcome.name, ""),
        )
        for outcome in verdict.outcomes
    ]


def _fingerprint(settings: Settings, register: Register, source: Source) -> str:
    """Identify what verdicts depend on besides the delivery itself: configuration, rules, lines, registers."""
    import expectations

    digest = hashlib.sha256(settings.model_dump_json(exclude=_OF_NO_DELIVERY).encode())
    for suite in sorted((Path(expectations.__file__).parent / "suites" / "arrival").glob("*.yml")):
        digest.update(suite.read_bytes())
    lines = statement_lines()
    digest.update(repr([sorted(lines.codes), sorted((t, sorted(p)) for t, p in lines.components.items())]).encode())
    for delivery in register.current().values():
        if delivery.source_code in source.judged_against:
            digest.update(delivery.load_id.encode())
    return digest.hexdigest()[:16]


def missing_deliveries(register: Register, source_code: str, own_number: str) -> list[str]:
    """Say (in Swedish) for which years a source lacks a delivery that holds, so that nothing true can be published.

    An optional source never stops the night: without a delivery its tables are empty, and what it sent amiss is told
    of the delivery.
    """
    if source_by_code(source_code).optional:
        return []
    holding = register.current()
    current = {(source, year) for source, _, part, year in holding if not stands_beside(source, part)}
    # A ledger may carry the budget itself: then no file need say it again.
    current |= {("budget", key[-1]) for key, delivery in holding.items() if BUDGET_FACT in delivery.facts}
    messages = []
    if not any(source == source_code for source, _ in current):
        messages.append(f"Källan {source_code} har ingen godkänd leverans. Lägg en fil i inkorgen.")
    for delivery in register.deliveries(source_code=source_code, status=("rejected",)):
        foreign = delivery.organisation_number not in (None, own_number)
        for year in () if foreign else delivery.fiscal_years:
            needed = any((other, year) in current for other in YEARLY if other != source_code)
            if needed and (source_code, year) not in current:
                messages.append(
                    f"{source_code}/{delivery.file_name}: leveransen för {year} är avvisad och ingen tidigare gäller. "
                    "Inget kan publiceras förrän en godkänd fil har kommit."
                )
    return list(dict.fromkeys(messages))
