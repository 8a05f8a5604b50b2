"""Read SIE 4 ledger exports, types 1 to 4, exported (4E) or to be imported (4I).

    *.se, *.si  ->  vouchers, postings, accounts, dimensions, objects, balances, period amounts, header, issues

Knows the SIE 4 text format and nothing else: what dimensions mean to the warehouse is in ``canonical``, intake and
checksums of deliveries in ``sources.delivery``. Try it alone: ``python -m sources.ledger path/to/file.se``.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sources.ledger import checks, ksumma
from sources.ledger import encoding as charset
from sources.ledger.fast import CLOSED, line_frame, split_header, split_items
from sources.ledger.labels import KNOWN_LABELS
from sources.ledger.objects import ObjectList, parse_lists
from sources.ledger.rejections import EmptyExport, refuse_other_formats, refuse_without_labels
from sources.ledger.typing_rules import type_table


@dataclass(frozen=True, slots=True)
class SieExport:
    """Everything one SIE file says; every frame has row_no (physical line, 1-based) and keeps the file's order.

    Amounts are decimal(18, 2) in the file's sign (debit +). ``object_list`` is the text between the braces, null where
    the item has none. Empty texts are null, except ``series`` and ``number``, which are ``""`` (4I leaves them empty).

    - object_lists: what each different ``object_list`` says
    - header: label, fields (list of text): every item without a table of its own, unknown labels too
    - fiscal_years: year_no, start_on, end_on
    - accounts: account, name; dimensions: label (DIM, UNDERDIM), dimension_no, name, parent_no
    - objects: dimension_no, object_no, name
    - vouchers: series, number, voucher_date, text, registered_on, signature
    - postings: label (TRANS, RTRANS, BTRANS), counts, voucher_row_no, account, object_list, amount, transaction_date,
      text, quantity, signature
    - balances: label (IB, UB, RES, OIB, OUB), year_no, account, object_list, amount, quantity
    - period_amounts: label (PSALDO, PBUDGET), year_no, period, account, object_list, amount, quantity
    - issues: label, severity (error, warning, info), reason, column, value; row_no 1 stands for the file as a whole
    """

    encoding: str
    evidence: str
    ksumma: str
    object_lists: dict[str, ObjectList]
    header: pl.DataFrame
    fiscal_years: pl.DataFrame
    accounts: pl.DataFrame
    dimensions: pl.DataFrame
    objects: pl.DataFrame
    vouchers: pl.DataFrame
    postings: pl.DataFrame
    balances: pl.DataFrame
    period_amounts: pl.DataFrame
    issues: pl.DataFrame

    def said(self, label: str) -> list[str]:
        """Return the fields of the first ``#label`` of the header, or an empty list."""
        rows = self.header.filter(pl.col("label") == label)["fields"]
        return rows[0].to_list() if len(rows) else []

    @property
    def sie_type(self) -> int:
        """The type, 1 to 4: a file that does not say is type 1, as specified."""
        stated = (self.said("SIETYP") or ["1"])[0]
        return int(stated) if stated in {"1", "2", "3", "4"} else 1

    @property
    def program(self) -> str:
        """The program that wrote the file, with its version."""
        return " ".join(field for field in self.said("PROGRAM") if field)


def read_sie(data: bytes, *, encoding: str | None = None, exact: bool = False) -> SieExport:
    """Return everything one SIE export says.

    ``postings`` has one row per #TRANS, #RTRANS and #BTRANS, in file order, ``amount`` decimal(18, 2) with SIE's sign
    (debit +); only #TRANS ``counts``. Rows that do not follow the specification are in ``issues`` with line and
    reason, never dropped. ``encoding`` forces a character set; ``exact`` takes the slow path for every line.
    Raises ``NotSie``, ``TruncatedSie`` (KSUMMA opened but not closed), ``WrongChecksum`` or ``EmptyExport``, all
    ``Rejected``. Source: SIE 4B, 2008-09-30.
    """
    refuse_other_formats(data)
    verdict = charset.judge(data, forced=encoding)
    lines = line_frame(charset.decode(data, verdict))
    refuse_without_labels(set(lines["label"].drop_nulls().unique()), KNOWN_LABELS)
    ksumma_says = ksumma.verify(lines, verdict.encoding)
    header = split_header(lines)
    typed = {name: type_table(name, fields) for name, fields in split_items(lines, exact=exact).items()}
    tables = {name: table for name, (table, _) in typed.items()}
    tables["vouchers"] = tables["vouchers"].with_columns(pl.col("series", "number").fill_null(""))
    _refuse_empty(tables)
    lists = parse_lists(tables.values())
    found = [issues for _, issues in typed.values()]
    found += checks.issues_of_file(data, verdict, ksumma_says, lines)
    found += checks.issues_of_tables(tables, header, lists)
    return SieExport(
        encoding=verdict.encoding,
        evidence=verdict.evidence,
        ksumma=ksumma_says,
        object_lists=lists,
        header=header.drop("fault"),
        issues=pl.concat(found).sort("row_no", maintain_order=True),
        **{name: _tidy(name, table) for name, table in tables.items()},
    )


def _refuse_empty(tables: dict[str, pl.DataFrame]) -> None:
    if all(tables[name].is_empty() for name in ("vouchers", "postings", "balances", "period_amounts")):
        raise EmptyExport(
            "Filen har varken verifikat eller saldon. Välj räkenskapsår och SIE typ 4 i ekonomisystemet och "
            "exportera igen."
        )


def _tidy(name: str, table: pl.DataFrame) -> pl.DataFrame:
    if name == "postings":
        inside = pl.when(pl.col("mark") != CLOSED).then("voucher_row_no")
        table = table.with_columns((pl.col("label") == "TRANS").alias("counts"), inside.alias("voucher_row_no"))
        return table.drop("mark")
    if name in {"balances", "period_amounts"}:
        return table.drop("mark", "voucher_row_no")
    return table.drop("mark", "voucher_row_no", "object_list")
