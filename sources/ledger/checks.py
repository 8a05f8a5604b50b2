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
from sources.ledger.fast import CLOSED, IN_VOUCHER
from sources.ledger.labels import ACCOUNT_TYPES, KNOWN_LABELS, LAYOUTS, RESERVED_DIMENSIONS
from sources.ledger.objects import ObjectList, with_object_key
from sources.ledger.typing_rules import MEND, issue_rows

_ENCODED_AS_DECLARED = "cp437"
_LOST_LETTER = "\ufffd"


def issues_of_file(data: bytes, verdict: Verdict, ksumma_says: str, lines: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield what is odd about character set, checksum and lines."""
    yield from _of_encoding(data, verdict, lines)
    if ksumma_says == ksumma.UNOPENED:
        yield issue_rows(_first(lines, pl.col("label") == "KSUMMA"), "warning", f"Kontrollsumman {ksumma_says}.")
    is_brace = pl.col("line").is_in(["", "{", "}"])
    yield issue_rows(
        lines.filter(pl.col("label").is_null() & ~is_brace),
        "warning",
        "Raden hör inte till någon post: den är inte läst. En radbrytning inne i en text kan vara orsaken.",
    )
    unknown = lines.filter(~pl.col("label").is_in(list(KNOWN_LABELS))).with_columns(pl.len().over("label"))
    said = pl.format("Okänd post ({} rader): den är sparad i filhuvudet men används inte.", "len")
    yield issue_rows(unknown.unique("label", keep="first", maintain_order=True), "info", said)
    yield from _of_structure(lines)


def issues_of_tables(
    tables: Mapping[str, pl.DataFrame], header: pl.DataFrame, lists: dict[str, ObjectList]
) -> Iterator[pl.DataFrame]:
    """Yield what is odd inside and between the typed tables."""
    yield issue_rows(header.filter(pl.col("fault").is_not_null()), "warning", pl.col("fault"))
    yield from _of_header(header, tables)
    yield from _of_postings(tables["postings"])
    yield from _of_dates(tables)
    yield from _repeats(tables, lists)
    yield from _references(tables, lists)


def _of_encoding(data: bytes, verdict: Verdict, lines: pl.DataFrame) -> Iterator[pl.DataFrame]:
    if verdict.encoding != _ENCODED_AS_DECLARED:
        reason = f"Filen är skriven i {verdict.encoding} ({verdict.evidence}), inte i CP437 som formatet kräver."
        yield issue_rows(_first(lines, pl.col("label") == "FORMAT"), "info", reason)
    if verdict.odd_byte_at is not None:
        row = data.count(b"\n", 0, verdict.odd_byte_at) + 1
        reason = f"Filen blandar teckenkodningar ({verdict.evidence}): kontrollera å, ä och ö här."
        yield issue_rows(lines.filter(pl.col("row_no") == row), "warning", reason)
    lost = lines.filter(pl.col("line").str.contains(_LOST_LETTER, literal=True))
    reason = f"Bokstäver är förlorade redan i filen (ersättningstecken, {len(lost)} rader). {MEND}"
    yield issue_rows(lost.head(1), "warning", reason)


def _of_structure(lines: pl.DataFrame) -> Iterator[pl.DataFrame]:
    marks = lines.filter((pl.col("label") == "VER") | pl.col("line").is_in(["{", "}"])).with_columns(
        pl.col("mark").shift(-1).alias("then"), pl.col("mark").shift(1).alias("before")
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
    bare = postings.filter(pl.col("object_list").is_null())
    yield issue_rows(
        bare.head(1), "warning", f"Posten saknar objektlista, den ska minst vara {{}} ({len(bare)} rader)."
    )
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


def _of_dates(tables: Mapping[str, pl.DataFrame]) -> Iterator[pl.DataFrame]:
    this_year = tables["fiscal_years"].filter(pl.col("year_no") == 0).head(1)
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


def _references(tables: Mapping[str, pl.DataFrame], lists: dict[str, ObjectList]) -> Iterator[pl.DataFrame]:
    users = [tables[name] for name, layout in LAYOUTS.items() if layout.objects_at]
    known = tables["accounts"]["account"].drop_nulls().unique()
    if len(known):  # a 4I file may leave the chart out
        used = pl.concat(table.select("row_no", "label", "account") for table in users).drop_nulls("account")
        strange = used.filter(~pl.col("account").is_in(known.implode())).unique("account", keep="first")
        reason = "Kontot finns inte bland filens #KONTO (första förekomsten)."
        yield issue_rows(strange.sort("row_no"), "warning", reason)
    used = pl.concat(table.select("row_no", "label", "object_list") for table in users).drop_nulls("object_list")
    faults = {text: each.fault for text, each in lists.items() if each.fault}
    if faults:
        bad = used.filter(pl.col("object_list").is_in(list(faults)))
        yield issue_rows(bad, "error", pl.col("object_list").replace_strict(faults) + pl.lit(f" {MEND}"))
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


def _first(lines: pl.DataFrame, where: pl.Expr) -> pl.DataFrame:
    """Return the first line that fits, or the first of the file."""
    found = lines.filter(where).head(1)
    return found if len(found) else lines.head(1)
