"""What is odd in a SIE file without making it unreadable: each finding is one issue.

Belongs here: findings that need more than one field (structure, repeats, references, declared against found). Not
here: fields that cannot be typed (``typing_rules``), reasons to refuse a file (``rejections``), the sums of vouchers
and balances (reconciliation, in the warehouse).

Every function returns frames with the columns of ``typing_rules.ISSUES``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from sources.ledger import ksumma
from sources.ledger.encoding import Verdict
from sources.ledger.fast import CLOSED, IN_VOUCHER, VOUCHER
from sources.ledger.labels import ACCOUNT_TYPES, KNOWN_LABELS, LAYOUTS, RESERVED_DIMENSIONS
from sources.ledger.objects import ObjectList, with_object_key
from sources.ledger.slices import Slice
from sources.ledger.typing_rules import MEND, issue_rows

_ENCODED_AS_DECLARED = "cp437"
_LOST_LETTER = "\ufffd"


class Uses:
    """What is remembered of the lines of a file that is read a slice at a time, for what takes all of it to see.

    ``accounts`` and ``lists`` have the first use of each account and object list (row_no, label, value) by table.
    """

    def __init__(self) -> None:
        self.first_line = pl.DataFrame()
        self.lost = _Tally()
        self.bare = _Tally()
        self.accounts: dict[str, pl.DataFrame] = {}
        self.lists: dict[str, pl.DataFrame] = {}

    def add(self, lines: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> None:
        """Take in the next slice."""
        if self.first_line.is_empty():
            self.first_line = lines.select("row_no", "label").head(1)
        self.lost.add(lines.filter(pl.col("line").str.contains(_LOST_LETTER, literal=True)))
        self.bare.add(tables["postings"].filter(pl.col("object_list").is_null()))
        for name in _USERS:
            for column, first in (("account", self.accounts), ("object_list", self.lists)):
                uses = tables[name].select("row_no", "label", column).drop_nulls(column)
                uses = uses.unique(column, keep="first", maintain_order=True)
                before = [first[name]] if name in first else []
                first[name] = pl.concat([*before, uses]).unique(column, keep="first", maintain_order=True)


class _Tally:
    """A number of lines and the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.first = pl.DataFrame(schema={"row_no": pl.Int64, "label": pl.String})

    def add(self, rows: pl.DataFrame) -> None:
        self.count += len(rows)
        if self.first.is_empty():
            self.first = rows.select("row_no", "label").head(1)


_USERS = [name for name, layout in LAYOUTS.items() if layout.objects_at]


def issues_of_lines(where: Slice, lines: pl.DataFrame, verdict: Verdict) -> Iterator[pl.DataFrame]:
    """Yield what is odd about the lines of one slice."""
    if where.odd_row_no is not None:
        reason = f"Filen blandar teckenkodningar ({verdict.evidence}): kontrollera å, ä och ö här."
        yield issue_rows(lines.filter(pl.col("row_no") == where.odd_row_no), "warning", reason)
    is_brace = pl.col("line").is_in(["", "{", "}"])
    yield issue_rows(
        lines.filter(pl.col("label").is_null() & ~is_brace),
        "warning",
        "Raden hör inte till någon post: den är inte läst. En radbrytning inne i en text kan vara orsaken.",
    )
    yield from _of_structure(lines, is_last=where.is_last)


def issues_of_rows(
    tables: Mapping[str, pl.DataFrame], header: pl.DataFrame, lists: dict[str, ObjectList], years: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """Yield what is odd inside and between the rows of one slice; ``years`` are the fiscal years of the file."""
    yield issue_rows(header.filter(pl.col("fault").is_not_null()), "warning", pl.col("fault"))
    yield from _of_postings(tables["postings"])
    yield from _of_dates(tables, years)
    faults = {text: each.fault for text, each in lists.items() if each.fault}
    if faults:
        used = pl.concat(tables[name].select("row_no", "label", "object_list") for name in _USERS)
        bad = used.filter(pl.col("object_list").is_in(list(faults)))
        yield issue_rows(bad, "error", pl.col("object_list").replace_strict(faults) + pl.lit(f" {MEND}"))


def issues_of_file(verdict: Verdict, ksumma_says: str, header: pl.DataFrame, uses: Uses) -> Iterator[pl.DataFrame]:
    """Yield what is odd about character set, checksum and labels of the whole file."""
    if verdict.encoding != _ENCODED_AS_DECLARED:
        reason = f"Filen är skriven i {verdict.encoding} ({verdict.evidence}), inte i CP437 som formatet kräver."
        declared = header.filter(pl.col("label") == "FORMAT").head(1)
        yield issue_rows(uses.first_line if declared.is_empty() else declared, "info", reason)
    reason = f"Bokstäver är förlorade redan i filen (ersättningstecken, {uses.lost.count} rader). {MEND}"
    yield issue_rows(uses.lost.first, "warning", reason)
    if ksumma_says == ksumma.UNOPENED:
        stated = header.filter(pl.col("label") == "KSUMMA").head(1)
        yield issue_rows(stated, "warning", f"Kontrollsumman {ksumma_says}.")
    unknown = header.filter(~pl.col("label").is_in(list(KNOWN_LABELS))).with_columns(pl.len().over("label"))
    said = pl.format("Okänd post ({} rader): den är sparad i filhuvudet men används inte.", "len")
    yield issue_rows(unknown.unique("label", keep="first", maintain_order=True), "info", said)
    reason = f"Posten saknar objektlista, den ska minst vara {{}} ({uses.bare.count} rader)."
    yield issue_rows(uses.bare.first, "warning", reason)


def issues_of_tables(
    tables: Mapping[str, pl.DataFrame], header: pl.DataFrame, uses: Uses, lists: dict[str, ObjectList]
) -> Iterator[pl.DataFrame]:
    """Yield what is odd inside and between the whole file's tables, vouchers and postings apart."""
    yield from _of_header(header, tables)
    yield from _repeats(tables, lists)
    yield from _references(tables, uses, lists)


def _of_structure(lines: pl.DataFrame, *, is_last: bool) -> Iterator[pl.DataFrame]:
    # After a slice that is not the last comes a #VER.
    marks = lines.filter((pl.col("label") == "VER") | pl.col("line").is_in(["{", "}"])).with_columns(
        pl.col("mark").shift(-1, fill_value=None if is_last else VOUCHER).alias("then"),
        pl.col("mark").shift(1).alias("before"),
    )
    yield issue_rows(
        marks.filter((pl.col("label") == "VER") & (pl.col("then").fill_null(0) != IN_VOUCHER)),
        "info",
        "Verifikatet saknar { och }: poster fram till nästa verifikat räknas till det.",
    )
    opened = marks.filter(pl.col("line") == "{")
    yield issue_rows(
        opened.filter(pl.col("then").is_null()),
        "error",
        "Sista verifikatet saknar }: filen kan vara avklippt. Exportera igen och jämför sista verifikatet.",
    )
    yield issue_rows(opened.filter(pl.col("then") != CLOSED), "warning", "Verifikatet saknar avslutande }.")
    stray = (pl.col("line") == "}") & (pl.col("before").fill_null(0) != IN_VOUCHER)
    yield issue_rows(marks.filter(stray), "warning", "En } utan motsvarande {.")


def _of_header(header: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> Iterator[pl.DataFrame]:
    first = header.with_columns(pl.col("fields").list.first().fill_null("").alias("first"))
    odd_type = (pl.col("label") == "SIETYP") & ~pl.col("first").is_in(["1", "2", "3", "4"])
    yield issue_rows(first.filter(odd_type), "warning", "Okänd SIE-typ: filen är läst som typ 1.")
    foreign = (pl.col("label") == "VALUTA") & ~pl.col("first").is_in(["SEK", ""])
    yield issue_rows(first.filter(foreign), "warning", "Beloppen är inte i kronor: de är lästa som de står.")
    untyped = (pl.col("label") == "KTYP") & ~pl.col("fields").list.get(1, null_on_oob=True).is_in(ACCOUNT_TYPES)
    yield issue_rows(first.filter(untyped.fill_null(True)), "warning", "Kontotypen ska vara T, S, K eller I.")
    years = tables["fiscal_years"]
    if years.filter(pl.col("year_no") == 0).is_empty():
        whole_file = pl.DataFrame({"row_no": [1], "label": ["RAR"]})
        yield issue_rows(whole_file, "info", "#RAR 0 saknas: räkenskapsåret är taget från verifikatens datum.")


def _of_postings(postings: pl.DataFrame) -> Iterator[pl.DataFrame]:
    loose = postings.filter(pl.col("mark").is_null() | (pl.col("mark") == CLOSED))
    yield issue_rows(loose, "error", f"Posten står utanför verifikat. {MEND}")
    added = pl.col("label") == "RTRANS"
    if postings.filter(added).is_empty():
        return
    same = pl.all_horizontal(
        pl.col(column).eq_missing(pl.col(column).shift(-1))
        for column in ("voucher_row_no", "account", "object_list", "amount")
    )
    is_followed = (same & (pl.col("label").shift(-1) == "TRANS")).fill_null(False)
    reason = "#RTRANS följs inte av en likadan #TRANS: beloppet räknas inte. Kontrollera verifikatet."
    yield issue_rows(postings.filter(added & ~is_followed), "warning", reason)


def _of_dates(tables: Mapping[str, pl.DataFrame], years: pl.DataFrame) -> Iterator[pl.DataFrame]:
    this_year = years.filter(pl.col("year_no") == 0).head(1)
    start, end = (this_year[name].first() if len(this_year) else None for name in ("start_on", "end_on"))
    if start is not None and end is not None:
        outside = tables["vouchers"].filter(~pl.col("voucher_date").is_between(start, end))
        yield issue_rows(outside, "warning", f"Verifikatdatum ligger utanför räkenskapsåret {start} till {end}.")
    if tables["vouchers"].is_empty():
        return
    used = tables["postings"]["voucher_row_no"].unique().drop_nulls()
    without = tables["vouchers"].filter(~pl.col("row_no").is_in(used.implode()))
    yield issue_rows(without, "info", "Verifikatet har inga poster.")


_KEYS = {
    "accounts": (["account"], "Kontot", "name"),
    "dimensions": (["dimension_no"], "Dimensionen", "name"),
    "objects": (["dimension_no", "object_no"], "Objektet", "name"),
    "balances": (["label", "year_no", "account", "object_key"], "Saldot", "amount"),
    "period_amounts": (["label", "year_no", "period", "account", "object_key"], "Periodsaldot", "amount"),
    "fiscal_years": (["year_no"], "Räkenskapsåret", "end_on"),
}


def _repeats(tables: Mapping[str, pl.DataFrame], lists: dict[str, ObjectList]) -> Iterator[pl.DataFrame]:
    for name, (keys, called, said) in _KEYS.items():
        table = with_object_key(tables[name], lists) if "object_key" in keys else tables[name]
        table = table.drop_nulls(keys)
        again = table.filter(~pl.struct(keys).is_first_distinct())
        if again.is_empty():
            continue
        first = table.unique(keys, keep="first").select(*keys, pl.col(said).alias("first"))
        again = again.join(first, on=keys, how="left", maintain_order="left")
        differs = ~pl.col(said).eq_missing(pl.col("first"))
        yield issue_rows(again.filter(~differs), "info", f"{called} står flera gånger, likadant.")
        yield issue_rows(again.filter(differs), "warning", f"{called} står flera gånger, med olika innehåll.")


def _references(tables: Mapping[str, pl.DataFrame], uses: Uses, lists: dict[str, ObjectList]) -> Iterator[pl.DataFrame]:
    known = tables["accounts"]["account"].drop_nulls().unique()
    if len(known):  # a 4I file may leave the chart out
        used = pl.concat(uses.accounts[name] for name in _USERS)
        strange = used.filter(~pl.col("account").is_in(known.implode())).unique("account", keep="first")
        reason = "Kontot finns inte bland filens #KONTO (första förekomsten)."
        yield issue_rows(strange.sort("row_no"), "warning", reason)
    used = pl.concat(uses.lists[name] for name in _USERS)
    yield from _undeclared(used.unique("object_list", keep="first").sort("row_no"), tables, lists)


def _undeclared(
    used: pl.DataFrame, tables: Mapping[str, pl.DataFrame], lists: dict[str, ObjectList]
) -> Iterator[pl.DataFrame]:
    """Yield undeclared dimensions and objects: one issue per dimension, at its first use."""
    declared = set(tables["dimensions"]["dimension_no"].drop_nulls()) | set(RESERVED_DIMENSIONS)
    objects = set(tables["objects"].select("dimension_no", "object_no").drop_nulls().iter_rows())
    missing: dict[int, set[str]] = {}
    place: dict[int, tuple[int, str]] = {}
    for row_no, label, object_list in used.iter_rows():
        for number, value in lists[object_list].pairs:
            if number not in declared or (objects and (number, value) not in objects):
                missing.setdefault(number, set()).add(value)
                place.setdefault(number, (row_no, label))
    rows = [
        (*place[number], f"{len(values)} objekt i dimension {number} saknar #OBJEKT (första förekomsten).")
        if number in declared
        else (*place[number], f"Dimension {number} saknar #DIM (första förekomsten).")
        for number, values in missing.items()
    ]
    found = pl.DataFrame(rows, {"row_no": pl.Int64, "label": pl.String, "reason": pl.String}, orient="row")
    yield issue_rows(found, "info", pl.col("reason"))
