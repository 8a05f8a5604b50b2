"""Decide what of a delivery may be loaded.

    tables as read + the reader's problems + what we know  ->  outcomes, quarantine, or the whole file rejected

Belongs here: the order of the checks and what each failure leads to. Not here: the rules (``suites/arrival``), the
sums they look at (``controls``), the wording (``messages``), the writing of anything. Light to import: the libraries
are imported by the first check.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sources.reading import Problem

if TYPE_CHECKING:
    import pyarrow as pa

    from expectations.batches import Rows
    from expectations.runner import CheckOutcome

#: The table whose rows a delivery's row counts count.
PRINCIPAL_TABLES = {
    "organisation": "organisation__units",
    "project": "project__nodes",
    "ledger": "ledger__postings",
    "budget": "budget__lines",
    "investment_budget": "investment_budget__lines",
    "forecast": "forecast__lines",
    "goal": "goal__indicators",
    "indicator": "indicator__values",
    "followup": "followup__internal_control",
    "hr": "hr__employments",
    "survey": "survey__answers",
    "statement": "statement__claims",
}
#: Tables that may come in a file of their own; the first that is there is then the one whose rows are counted.
_ALONE = {
    "ledger": ("ledger__voucher_headers", "ledger__accounts", "ledger__dimension_values"),
    "indicator": ("indicator__municipalities", "indicator__group_members"),
    "followup": (
        "followup__assignments",
        "followup__contract_reviews",
        "followup__contract_measures",
        "followup__sustainability",
    ),
    "hr": ("hr__scheduled_hours", "hr__absences", "hr__worked_hours", "hr__incidents"),
    "survey": ("survey__questions",),
}


@dataclass(frozen=True, slots=True)
class ArrivalContext:
    """What is known when a delivery arrives.

    ``units`` is the current ``organisation__units`` and ``projects`` the current ``project__nodes``, None before there
    is a register. ``known_accounts`` are those of other current ledgers and of the configuration. ``superseded_rows``
    is the row count of the delivery this one replaces, ``repeated_rows`` how many of them it says again.
    ``line_accounts`` are the accounts given a line by configuration, None to leave that rule out. ``line_codes`` are
    the lines of the statement, None to leave that rule out, and ``line_components`` the base lines of each total among
    them. ``other_rounds`` are the forecast rounds, ``2023 08 2023-09-20``, that older deliveries hold.
    ``voucher_headers`` are the ``ledger__voucher_headers`` of a ledger's years, None where there are none;
    ``headers_are_later`` says that they were sent later. ``survey_questions`` are the ``survey__questions`` that
    answers are judged by: those of their own file first, then those that came in a file of their own. ``employments``
    and ``scheduled_hours`` are what the other deliveries of staff that hold say (``hr__*``), None where there are none;
    ``same_table`` is what they say in the table that is tried, and ``is_part`` tells that the file is one of several.
    Shares are 0-1 of the rows of the principal table.

    For indicators: ``compared_codes`` are the municipalities we compare with, ``municipality_codes`` all there are,
    None before there is a register of them. ``indicators`` is the current ``goal__indicators``, None before there is
    one, and ``earlier_values`` what older deliveries say in ``indicator__values`` of the same measures.
    """

    own_organisation_number: str
    organisation_number: str | None
    board_codes: frozenset[str]
    units: pa.Table | None
    known_accounts: frozenset[str]
    fiscal_years: tuple[int, ...]
    superseded_rows: int | None
    max_quarantined_share: float
    min_share_of_superseded: float = 0.8
    repeated_rows: int | None = None
    line_accounts: frozenset[str] | None = None
    projects: pa.Table | None = None
    line_codes: frozenset[str] | None = None
    line_components: Mapping[str, frozenset[str]] = field(default_factory=dict)
    other_rounds: frozenset[str] = frozenset()
    voucher_headers: pa.Table | None = None
    headers_are_later: bool = False
    municipality_code: str = "1489"
    compared_codes: frozenset[str] = frozenset()
    municipality_codes: frozenset[str] | None = None
    indicators: pa.Table | None = None
    earlier_values: pa.Table | None = None
    survey_questions: pa.Table | None = None
    employments: pa.Table | None = None
    scheduled_hours: pa.Table | None = None
    same_table: pa.Table | None = None
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class ArrivalVerdict:
    """What became of a delivery.

    ``quarantine`` has ``quarantine.SCHEMA``: one row per row set aside and rule. ``rejected_reason`` is Swedish and
    set when nothing is to be loaded; all rows then count as quarantined. ``messages`` hold one Swedish text for each
    rule that failed, ``said`` the same by the rule's name. Row counts are of the source's principal table: in = loaded
    + quarantined.
    """

    outcomes: list[CheckOutcome]
    quarantine: pa.Table
    rejected_reason: str | None
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    messages: tuple[str, ...]
    said: Mapping[str, str] = field(default_factory=dict)


def check_arrival(
    source_code: str,
    load_id: str,
    file_name: str,
    reading_tables: Mapping[str, pa.Table | Rows],
    problems: Sequence[Problem],
    context: ArrivalContext,
    *,
    batch_rows: int | None = None,
) -> ArrivalVerdict:
    """Try every rule for ``source_code`` and return what may be loaded.

    Tables are gone through ``batch_rows`` rows at a time, so that one larger than memory can be tried; the verdict is
    the same whatever the size.

    Rows that fail a critical rule go to quarantine, postings with their whole voucher; a critical rule about the file,
    or one that could not be tried, rejects the file. Raises ``SuiteError`` for a source without suites and
    ``ValueError`` where the principal table, or the table of a problem, is not among ``reading_tables``, or where rows
    are not numbered.
    """
    from expectations import loader, quarantine
    from expectations.batches import BATCH_ROWS, as_rows
    from expectations.trial import Trial

    suites = loader.arrival_suites(source_code)
    principal = principal_table(source_code, reading_tables)
    if absent := sorted({principal, *(p.table for p in problems)} - reading_tables.keys()):
        raise ValueError(f"{source_code}/{file_name}: the reading has no table {', '.join(absent)}")
    tables = {name: as_rows(table) for name, table in reading_tables.items()}
    if unnumbered := sorted(n for n, t in tables.items() if n in suites and "row_no" not in t.schema.names):
        raise ValueError(f"{source_code}/{file_name}: no row_no in {', '.join(unnumbered)}")
    origin = quarantine.Origin(load_id, source_code, file_name)
    trial = Trial(origin, suites, tables, problems, context, principal=principal, batch_rows=batch_rows or BATCH_ROWS)
    trial.try_rows()
    set_aside, gone = trial.set_aside()
    rows_in = tables[principal].num_rows
    quarantine.assert_conserved(rows_in, loaded=trial.rows_tried - gone.height, quarantined=gone.height)
    trial.try_file(gone)
    rows_loaded = 0 if trial.rejections else rows_in - gone.height
    return ArrivalVerdict(
        outcomes=trial.outcomes,
        quarantine=set_aside,
        rejected_reason="\n".join(trial.rejections) or None,
        rows_in=rows_in,
        rows_loaded=rows_loaded,
        rows_quarantined=rows_in - rows_loaded,
        messages=tuple(trial.messages),
        said=trial.said,
    )


def principal_table(source_code: str, tables: Container[str]) -> str:
    """Return the table whose rows are counted: the source's principal one, or the first of those that came alone."""
    principal = PRINCIPAL_TABLES[source_code]
    if principal in tables:
        return principal
    return next((table for table in _ALONE.get(source_code, ()) if table in tables), principal)
