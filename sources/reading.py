"""What a reader takes and gives: the one shape all sources share.

Belongs here: the types between a reader and those that use it. Not here: how any format is read, where files lie,
what is done with the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

ColumnMeaning = Literal["account", "unit", "activity", "project", "counterparty", "other", "ignored"]


class Rejected(Exception):
    """A file that cannot be used at all.

    ``str(error)`` is a Swedish sentence for the data owner: what is wrong and what to do. The file name is added by
    the caller, so that the same bytes under two names give the same reason.
    """


class KeyMissing(Exception):
    """A source of personal data is read without the key that makes its pseudonyms: nothing of it may be stored."""


@dataclass(frozen=True, slots=True)
class Company:
    """What one company of a ledger system (FORETAG, client) means by its extracts.

    ``columns`` maps headers to what they mean, where that is not what the system's column map says. ``amount_unit``
    is what its amounts are counted in. ``organisation_number`` is whose ledger it is: the extracts do not say.
    """

    columns: Mapping[str, ColumnMeaning] = field(default_factory=dict)
    amount_unit: Literal["sek", "ore"] = "sek"
    organisation_number: str | None = None


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a reader may know besides the bytes.

    ``dimensions`` maps a dimension's name in the ledger (case-folded) to its meaning: ``unit``, ``activity``,
    ``project`` or ``counterparty``. ``encoding`` forces a character set where the guess is wrong. ``companies`` are
    those whose extracts may be read, by their code in the ledger system. ``organisation_number`` is our own: whose a
    file is that does not say. ``pseudonym_key`` makes pseudonyms of persons; without it no such source is read.
    The municipality is our own too: what a file is about that says nothing of it.
    """

    dimensions: Mapping[str, str] = field(
        default_factory=lambda: {
            "ansvar": "unit",
            "kostnadsställe": "unit",
            "verksamhet": "activity",
            "projekt": "project",
            "motpart": "counterparty",
        }
    )
    encoding: str | None = None
    companies: Mapping[str, Company] = field(default_factory=lambda: {"1489": Company()})
    municipality_code: str = "1489"
    municipality_name: str = "Exempelkommunen"
    organisation_number: str | None = None
    pseudonym_key: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that could not be typed: its row is kept with null there and is quarantined.

    ``reason`` is Swedish and says what to do; ``value`` is the text as it stood in the file.
    """

    table: str
    row_no: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one file says.

    ``tables`` maps a raw table's name (``ledger__postings``) to its rows, without ``load_id``. ``rows_in`` counts the
    rows of the source's principal table as the file holds them. ``fiscal_years`` is empty for registers that belong
    to no year; ``organisation_number`` is None where the format does not carry one. ``facts`` are findings for people
    (program, encoding and its evidence), never personal. ``part`` tells apart files of one source and year that do not
    replace each other (vouchers against balances only).
    """

    tables: Mapping[str, pa.Table]
    rows_in: int
    organisation_number: str | None = None
    fiscal_years: tuple[int, ...] = ()
    period_from: int | None = None
    period_to: int | None = None
    generated_on: date | None = None
    part: str = ""
    problems: tuple[Problem, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
