"""Which labels SIE 4 has, which table each feeds and in what order its fields stand.

Belongs here: the specification's tables as data (SIE 4B, 2008-09-30, chapter 5). Not here: how a line is cut into
fields, what type a field has.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """One table of an export: the labels that feed it and their fields in file order.

    ``objects_at`` is the number of fields before an object list ``{dim object ...}``; None where there is none.
    """

    labels: tuple[str, ...]
    fields: tuple[str, ...]
    objects_at: int | None = None


LAYOUTS = {
    "vouchers": Layout(("VER",), ("series", "number", "voucher_date", "text", "registered_on", "signature")),
    "postings": Layout(
        ("TRANS", "RTRANS", "BTRANS"),
        ("account", "amount", "transaction_date", "text", "quantity", "signature"),
        objects_at=1,
    ),
    "balances": Layout(("IB", "UB", "RES", "OIB", "OUB"), ("year_no", "account", "amount", "quantity"), objects_at=2),
    "period_amounts": Layout(
        ("PSALDO", "PBUDGET"), ("year_no", "period", "account", "amount", "quantity"), objects_at=3
    ),
    "accounts": Layout(("KONTO",), ("account", "name")),
    "dimensions": Layout(("DIM", "UNDERDIM"), ("dimension_no", "name", "parent_no")),
    "objects": Layout(("OBJEKT",), ("dimension_no", "object_no", "name")),
    "fiscal_years": Layout(("RAR",), ("year_no", "start_on", "end_on")),
}
"""Tables of an export; every other item is kept in ``header`` with its fields as they stand."""

# fmt: off
HEADER_LABELS = frozenset({
    "FLAGGA", "KSUMMA", "PROGRAM", "FORMAT", "GEN", "SIETYP", "PROSA", "FTYP", "FNR", "ORGNR", "BKOD", "ADRESS",
    "FNAMN", "TAXAR", "OMFATTN", "KPTYP", "VALUTA", "KTYP", "ENHET", "SRU",
})
# fmt: on

OBJECTS_AT = {label: layout.objects_at for layout in LAYOUTS.values() for label in layout.labels if layout.objects_at}
"""Labels whose items hold an object list, with the number of fields before it."""

KNOWN_LABELS = HEADER_LABELS | {label for layout in LAYOUTS.values() for label in layout.labels}

RESERVED_DIMENSIONS = {1: "Kostnadsställe", 2: "Kostnadsbärare", 6: "Projekt"}
"""Names a dimension has when the file declares none (the reserved numbers that a follow-up can use)."""

ACCOUNT_TYPES = ("T", "S", "K", "I")
"""#KTYP: tillgång, skuld, kostnad, intäkt."""
