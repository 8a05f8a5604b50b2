"""Read SIE 4 ledger exports, types 1 to 4, exported (4E) or to be imported (4I).

    *.se, *.si  ->  vouchers, postings, accounts, dimensions, objects, balances, period amounts, header, issues

Knows the SIE 4 text format and nothing else: what dimensions mean to the warehouse is in ``canonical``, intake and
checksums of deliveries in ``sources.delivery``. Try it alone: ``python -m sources.ledger path/to/file.se``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from sources.ledger import checks, ksumma
from sources.ledger.fast import CLOSED, line_frame, split_header, split_items
from sources.ledger.labels import KNOWN_LABELS
from sources.ledger.objects import ObjectList, parse_lists
from sources.ledger.rejections import EmptyExport, refuse_without_labels
from sources.ledger.slices import SLICE_BYTES, Slice, slices, survey
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
    reader = SieReader(io.BytesIO(data), encoding=encoding, exact=exact)
    parts = list(reader)
    return reader.export(pl.concat([part.vouchers for part in parts]), pl.concat([part.postings for part in parts]))


@dataclass(frozen=True, slots=True)
class SiePart:
    """What one slice of a file says, with the columns of ``SieExport``; ``lists`` are all object lists so far.

    ``issues`` are those of the slice's own rows; what takes the whole file to see is among the issues of the export.
    """

    vouchers: pl.DataFrame
    postings: pl.DataFrame
    balances: pl.DataFrame
    period_amounts: pl.DataFrame
    issues: pl.DataFrame
    lists: dict[str, ObjectList]


class SieReader:
    """Reads a SIE file a slice at a time: iterate once over the parts, then ask for the ``export``.

    Only what is small is kept: all but vouchers and postings. ``declared`` are the tables ``fiscal_years`` and
    ``dimensions`` of the whole file, known from the first part on.
    """

    def __init__(
        self, file: BinaryIO, *, encoding: str | None = None, exact: bool = False, slice_bytes: int = SLICE_BYTES
    ) -> None:
        self._survey = survey(file, forced=encoding)
        self._slices = slices(file, self._survey, slice_bytes)
        self._exact = exact
        self._checksum = ksumma.Verifier(self._survey.verdict.encoding)
        self._labels: set[str] = set()
        self._lists: dict[str, ObjectList] = {}
        self._kept: dict[str, list[pl.DataFrame]] = {"header": [], "issues": []}
        self._uses = checks.Uses()
        self._rows = 0
        declared = split_items(line_frame(self._survey.declarations))
        self.declared = {name: type_table(name, declared[name])[0] for name in ("fiscal_years", "dimensions")}

    def __iter__(self) -> Iterator[SiePart]:
        """Yield the parts in file order; raises Rejected when a forced character set cannot read the bytes."""
        for each in self._slices:
            yield self._part(each)

    def _part(self, each: Slice) -> SiePart:
        lines = line_frame(each.text, first_row_no=each.first_row_no)
        self._labels |= set(lines["label"].drop_nulls().unique())
        self._checksum.add(lines)
        header = split_header(lines)
        typed = {name: type_table(name, fields) for name, fields in split_items(lines, exact=self._exact).items()}
        tables = {name: table for name, (table, _) in typed.items()}
        tables["vouchers"] = tables["vouchers"].with_columns(pl.col("series", "number").fill_null(""))
        if not self._survey.can_be_cut:
            self.declared = {name: tables[name] for name in self.declared}
        self._lists |= parse_lists(tables.values(), known=self._lists)
        found = [issues for _, issues in typed.values()]
        found += checks.issues_of_lines(each, lines, self._survey.verdict)
        found += checks.issues_of_rows(tables, header, self._lists, self.declared["fiscal_years"])
        issues = pl.concat(found).sort("row_no", maintain_order=True)
        self._uses.add(lines, tables)
        self._rows += sum(len(tables[name]) for name in ("vouchers", "postings", "balances", "period_amounts"))
        tidy = {name: _tidy(name, table) for name, table in tables.items()}
        for name, table in {**tidy, "header": header, "issues": issues}.items():
            if name not in ("vouchers", "postings"):
                self._kept.setdefault(name, []).append(table)
        return SiePart(
            tidy["vouchers"], tidy["postings"], tidy["balances"], tidy["period_amounts"], issues, self._lists
        )

    def export(self, vouchers: pl.DataFrame | None = None, postings: pl.DataFrame | None = None) -> SieExport:
        """Return what the file says, once all parts have been read, with the vouchers and postings given.

        Raises ``NotSie``, ``TruncatedSie``, ``WrongChecksum`` or ``EmptyExport``.
        """
        refuse_without_labels(self._labels, KNOWN_LABELS)
        ksumma_says = self._checksum.verdict()
        if not self._rows:
            raise EmptyExport(
                "Filen har varken verifikat eller saldon. Välj räkenskapsår och SIE typ 4 i ekonomisystemet och "
                "exportera igen."
            )
        kept = {name: pl.concat(parts) for name, parts in self._kept.items()}
        header, of_rows = kept.pop("header"), kept.pop("issues")
        verdict = self._survey.verdict
        found = [of_rows, *checks.issues_of_file(verdict, ksumma_says, header, self._uses)]
        found += checks.issues_of_tables(kept, header, self._uses, self._lists)
        return SieExport(
            encoding=verdict.encoding,
            evidence=verdict.evidence,
            ksumma=ksumma_says,
            object_lists=self._lists,
            header=header.drop("fault"),
            issues=pl.concat(found).sort("row_no", maintain_order=True),
            vouchers=pl.DataFrame() if vouchers is None else vouchers,
            postings=pl.DataFrame() if postings is None else postings,
            **kept,
        )


def _tidy(name: str, table: pl.DataFrame) -> pl.DataFrame:
    if name == "postings":
        inside = pl.when(pl.col("mark") != CLOSED).then("voucher_row_no")
        table = table.with_columns((pl.col("label") == "TRANS").alias("counts"), inside.alias("voucher_row_no"))
        return table.drop("mark")
    if name in {"balances", "period_amounts"}:
        return table.drop("mark", "voucher_row_no")
    return table.drop("mark", "voucher_row_no", "object_list")
