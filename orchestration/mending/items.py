"""What there is to mend when a run has ended: one item per file, row or check.

Belongs here: gathering it from where it is kept, and whose it is. Not here: the workbook. An item says what the
messages say and holds no value of its own: what may be shown of a row is decided where the message is written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from expectations.messages import DRAGGED, NOT_READ, apart
from orchestration.home import Home
from orchestration.loading.arrival import missing_deliveries
from orchestration.loading.dropped import CHECK_NAME as CORRECTION
from orchestration.loading.raw_files import QUARANTINE, raw_path
from orchestration.loading.snapshot import Build
from orchestration.publishing.audit import BLOCKED, FILE, Audit, dbt_rows
from orchestration.reuse import BUILT
from orchestration.settings import Settings
from sources.register import CheckRow, Delivery, Register
from sources.registry import SOURCES

#: The sheets, in this order.
MISSING, REJECTED, ROWS, WARNINGS, TABLES = (
    "Filer som saknas",
    "Avvisade filer",
    "Rader i karantän",
    "Varningar",
    "Tabeller",
)
CATEGORIES = (MISSING, REJECTED, ROWS, WARNINGS, TABLES)
#: Who runs the installation: what nobody else owns is theirs.
OPERATIONS = "drift"
#: How many rows of one file that fail one rule are told one by one; the rest are counted.
ROWS_TOLD = 1_000
# Who has the sources that somebody with this role mends; other roles are owners themselves.
_OWNERS = {
    **dict.fromkeys(("redovisning", "controller", "registeransvarig"), "ekonomi"),
    **{"personal": "hr", "upphandling": "kvalitet"},
}
_SOURCE_OWNERS = {source.code: source.owner for source in SOURCES}
_ROW_NO = re.compile(r"(?:^|; )rad (\d+): ")
_SEND_AGAIN = "Rätta i källan, exportera igen och lägg filen i inkorgen."
_LOOK = "Se körningen i `bokslut ui`."


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to mend: a row of a workbook.

    ``owner`` has the workbook, ``category`` is its sheet and ``who`` the role that mends. ``row`` is the row or rows
    of the file, ``key`` what people know the row by; both may be empty.
    """

    owner: str
    category: str
    check: str
    file: str
    row: str
    key: str
    wrong: str
    action: str
    who: str


def gather(home: Home, settings: Settings, register: Register, run_id: str) -> list[Item]:
    """Return all there is to mend after a run: by owner and category, in the order of files and rows.

    Of files: those that hold, and those rejected that nothing newer has made up for. Of tables: what the run built.
    """
    rejected = register.open_rejections()
    holding = {delivery.load_id: delivery for delivery in register.current().values()}
    shown = sorted([*holding.values(), *rejected], key=lambda each: (each.source_code, each.file_name, each.load_id))
    failed = [check for check in register.checks() if not check.passed]
    items = [
        *_missing(register, settings),
        *(item for delivery in rejected for item in reasons_of(delivery, failed)),
        *(item for delivery in shown for item in rows_of(home, delivery)),
        *(item for delivery in shown for item in _warnings(delivery, failed)),
        *_tables(home, run_id),
    ]
    return sorted(dict.fromkeys(items), key=lambda item: (item.owner, CATEGORIES.index(item.category)))


def _missing(register: Register, settings: Settings) -> Iterator[Item]:
    for source in SOURCES:
        for message in missing_deliveries(register, source.code, settings.municipality.organisation_number):
            wrong, action = apart(message)
            yield Item(source.owner, MISSING, "leverans", "", "", "", _sentence(wrong), action, source.owner)


def reasons_of(delivery: Delivery, failed: Sequence[CheckRow]) -> Iterator[Item]:
    """Yield why a file was rejected: what the rules about the file said, else what its reader did."""
    own = [check for check in failed if check.load_id == delivery.load_id and check.severity == "critical"]
    own = [check for check in own if NOT_READ in check.message]
    # A file that was judged once, and has been rejected by its reader since, has another message.
    if any(delivery.message.startswith(check.message) for check in own):
        for check in own:
            yield _of_file(delivery, REJECTED, check.check_name, check.message, check.who_fixes)
    else:
        yield _of_file(delivery, REJECTED, "läsning", delivery.message, OPERATIONS)


def rows_of(home: Home, delivery: Delivery) -> Iterator[Item]:
    """Yield the rows of a file that are in quarantine for what they hold; those their voucher drags along are not.

    A voucher that is wrong as a whole is told once, by the row it begins on.
    """
    import pyarrow.parquet as pq

    path = raw_path(home, QUARANTINE, delivery.load_id)
    if not path.exists() or not pq.read_metadata(path).num_rows:
        return
    columns = ["row_key", "check_name", "message", "who_fixes"]
    rows = [
        (row["check_name"], row["message"], row["who_fixes"], row["row_key"] or "")
        for row in pq.read_table(path, columns=columns).to_pylist()
        if row["check_name"] != CORRECTION and DRAGGED not in row["message"]
    ]
    told: Counter[str] = Counter()
    for check, message, who, key in dict.fromkeys(rows):
        told[check] += 1
        if told[check] <= ROWS_TOLD:
            yield _of_file(delivery, ROWS, check, message, who, key)
    for check, count in told.items():
        if count > ROWS_TOLD:
            message = f"… och {count - ROWS_TOLD} till med samma fel; rätta dem på samma sätt"
            yield _of_file(delivery, ROWS, check, message, next(row[2] for row in rows if row[0] == check))


def _warnings(delivery: Delivery, failed: Iterable[CheckRow]) -> Iterator[Item]:
    for check in failed:
        # A rule without a message has failed on what another has told of already.
        if check.load_id == delivery.load_id and check.severity == "warning" and check.message:
            yield _of_file(delivery, WARNINGS, check.check_name, check.message, check.who_fixes)


def _tables(home: Home, run_id: str) -> Iterator[Item]:
    """Yield the rules on built tables that failed, and what else stopped the release."""
    build = Build.of(home, run_id)
    audit = Audit.load(build) if (build.folder / FILE).exists() else None
    if audit is None and not (build.folder / BUILT).exists():
        return
    failed = [row for row in (audit.checks if audit else dbt_rows(build, run_id)) if not row["passed"]]
    for row in failed:
        if row["source_code"] is None and row["run_id"] == run_id:
            who = row["who_fixes"]
            wrong = f"Regeln håller inte ({row['failed_rows']} rader): {row['description']}"
            action = _LOOK if who == OPERATIONS else _SEND_AGAIN
            yield Item(owner_of(who), TABLES, row["check_name"], "", "", row["mart"], wrong, action, who)
    told = {f"{row['mart']}: {row['description']}" for row in failed}
    for reason in audit.reasons if audit and audit.verdict == BLOCKED else ():
        if not any(reason.startswith(rule) for rule in told):
            yield Item(OPERATIONS, TABLES, "publicering", "", "", "", _sentence(reason), _LOOK, OPERATIONS)


def owner_of(role: str) -> str:
    """Return whose workbook has what somebody with this role mends."""
    return _OWNERS.get(role, role)


def _of_file(delivery: Delivery, category: str, check: str, message: str, who: str, key: str = "") -> Item:
    """Return an item of a file: its source's owner has it, also where a rule for all files names the operators."""
    owner = _SOURCE_OWNERS.get(delivery.source_code, OPERATIONS)
    wrong, action = apart(message)
    # What has a column of its own is not said again.
    wrong = wrong.removeprefix(f"{delivery.source_code}/").removeprefix(delivery.file_name).lstrip(": ")
    rows = _ROW_NO.findall(wrong)
    wrong = wrong.removeprefix(f"rad {rows[0]}: ") if len(rows) == 1 else wrong
    who = owner if who == OPERATIONS else who
    named = (delivery.file_name, ", ".join(rows), key)
    return Item(owner, category, check, *named, _sentence(wrong), action or _SEND_AGAIN, who)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
