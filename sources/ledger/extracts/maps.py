"""Headers of a ledger system to our columns, and its code string to unit, activity, project and counterparty.

Belongs here: the maps as data (``sources/ledger/column_maps``), which of them a file follows, what a company has
decided otherwise. Not here: cells (``values``). A column that is missing, unknown or there twice stops the file and is
named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from sources.reading import ColumnMeaning, Company, Rejected
from sources.tabular.table import Wanted
from sources.tabular.values import folded

FieldType = Literal["amount", "code", "date", "period", "quantity", "side", "text", "whole", "year"]
MEANINGS: tuple[ColumnMeaning, ...] = ("account", "unit", "activity", "project", "counterparty")
NAMES = "names"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Field(_Model):
    """One of our columns: the headers it goes under, how its cells are read, whether column and cells must be there."""

    headers: tuple[str, ...]
    type: FieldType
    required: bool = False
    filled: bool = False


class Code(_Model):
    """One part of the code string: what it means, and what people call it."""

    meaning: ColumnMeaning
    name: str


class Kind(_Model):
    """One table of a system; a file that has any column of ``told_by`` may be it. ``codes``: it has the code string."""

    told_by: tuple[str, ...]
    columns: dict[str, Field]
    codes: bool = False
    ignored: tuple[str, ...] = ()


class SystemMap(_Model):
    """What one system calls our columns in each of its tables; ``no_date`` are the dates it writes for none."""

    system: str
    no_date: tuple[date, ...]
    codes: dict[str, Code]
    kinds: dict[str, Kind]

    @property
    def name(self) -> str:
        """The system as it is written in facts and settings: ``raindance``, ``unit4``."""
        return self.system.casefold()


@dataclass(frozen=True, slots=True)
class CodeColumn:
    """A part of the code string in a file: its header, its place, what it means and what people call it."""

    header: str
    place: int
    meaning: ColumnMeaning
    name: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Which system and table a file is of, and where each of our columns stands in it."""

    system: SystemMap
    kind: str
    headers: tuple[str, ...]
    places: Mapping[str, int]


@cache
def load_systems() -> tuple[SystemMap, ...]:
    """Return the maps of every system, by file name."""
    folder = files("sources.ledger") / "column_maps"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yml"))
    return tuple(SystemMap(**yaml.safe_load((folder / name).read_text(encoding="utf-8"))) for name in names)


def wanted() -> Wanted:
    """Return what to look for in a file that may be any table of any system."""
    systems = load_systems()
    kinds = [kind for system in systems for kind in system.kinds.values()]
    headers = [header for kind in kinds for field in kind.columns.values() for header in field.headers]
    codes = [code for system in systems for code in system.codes]
    stems = [code.removesuffix("_ID") for code in codes if code.endswith("_ID")]
    pairs = [f"{stem}{end}" for stem in stems for end in ("_TEXT", "_ID_TEXT")]
    amounts = [h for kind in kinds for f in kind.columns.values() if f.type == "amount" for h in f.headers]
    return Wanted(
        headers=frozenset(map(folded, [*headers, *codes, *pairs])),
        amounts=frozenset(map(folded, amounts)),
        examples=("FORETAG, VERTYP, VERNR", "client, voucher_no"),
    )


def recognise(headers: Sequence[str]) -> Layout:
    """Return the layout of a file with these headers.

    Raises ``Rejected`` where they are of no known table, where a required column is missing and where a header stands
    twice.
    """
    if twice := sorted(header for header, count in Counter(headers).items() if header and count > 1):
        raise Rejected(f"Kolumnen {', '.join(twice)} finns flera gånger; behåll en.")
    known = {folded(header) for header in headers}
    hits = [
        (len(known & set(map(folded, kind.told_by))), _fit(headers, kind), system, name)
        for system in load_systems()
        for name, kind in system.kinds.items()
    ]
    told, places, system, name = max(hits, key=lambda hit: (hit[0] > 0, len(hit[1]), hit[0]))
    if told:
        _refuse_missing(headers, system.kinds[name], places)
        return Layout(system, name, tuple(headers), places)
    if pairs := dimension_pairs(headers):
        raindance = next(each for each in load_systems() if each.name == "raindance")
        return Layout(raindance, NAMES, tuple(headers), pairs)
    raise Rejected(
        f"Kolumnerna är inte någon känd tabells i Raindance eller Unit4: {', '.join(headers)}. Exportera "
        "EK_FAKTA_VERIFIKAT, EK_FAKTA_VERHUVUD eller agltransact med kolumnernas egna namn."
    )


def _refuse_missing(headers: Sequence[str], kind: Kind, places: Mapping[str, int]) -> None:
    missing = [field for name, field in kind.columns.items() if field.required and name not in places]
    if missing:
        named = "; ".join(f"Kolumnen {' eller '.join(field.headers)} saknas" for field in missing)
        raise Rejected(f"{named}. Ta med den i exporten. I filen finns: {', '.join(headers)}.")


def _fit(headers: Sequence[str], kind: Kind) -> dict[str, int]:
    """Return our columns that the headers give, and where; of several names for one, the first listed in the map."""
    at = {folded(header): place for place, header in reversed(list(enumerate(headers)))}
    found = {
        name: [at[folded(header)] for header in field.headers if folded(header) in at]
        for name, field in kind.columns.items()
    }
    return {name: places[0] for name, places in found.items() if places}


def dimension_pairs(headers: Sequence[str]) -> dict[str, int]:
    """Return ``<dimension>_ID`` and ``<dimension>_TEXT`` with their places, for each dimension that has both."""
    at = {header.strip().upper(): place for place, header in enumerate(headers)}
    stems = [name.removesuffix("_ID") for name in at if name.endswith("_ID")]
    stems = [stem for stem in stems if f"{stem}_TEXT" in at]
    return {f"{stem}{end}": at[f"{stem}{end}"] for stem in stems for end in ("_ID", "_TEXT")}


def refuse_unknown(layout: Layout, company: Company, code: str) -> None:
    """Raise ``Rejected`` naming every header that neither the map nor the company explains."""
    kind = layout.system.kinds[layout.kind]
    known = {folded(header) for field in kind.columns.values() for header in field.headers}
    known |= set(map(folded, kind.ignored)) | set(map(folded, company.columns))
    if kind.codes:
        known |= set(map(folded, layout.system.codes))
    if unknown := [header for header in layout.headers if header and folded(header) not in known]:
        raise Rejected(
            f"Kolumnen {', '.join(unknown)} är okänd. Säg vad den betyder i {_where(code)}: unit, activity, project, "
            "counterparty, other eller ignored."
        )


def code_columns(layout: Layout, company: Company, code: str) -> list[CodeColumn]:
    """Return the code string's columns in the file, as the company means them, each meaning at most once.

    What the company has decided goes before the map; of two columns that mean the same by the map, the first listed
    there has the meaning and the other is ``other``. Raises ``Rejected`` for a column the company has decided on that
    the file lacks, for two with one meaning, and for a file without account or unit.
    """
    decided = {folded(header): meaning for header, meaning in company.columns.items()}
    at = {folded(header): (place, header) for place, header in enumerate(layout.headers)}
    if absent := [h for h, meaning in company.columns.items() if meaning != "ignored" and folded(h) not in at]:
        raise Rejected(
            f"Kolumnen {', '.join(absent)} saknas, men inställningarna för företag {code} säger vad den betyder. "
            "Ta med den i exporten eller rätta inställningarna."
        )
    by_map = {folded(header): each for header, each in layout.system.codes.items()}
    order = [*(key for key in decided if key in at), *(key for key in by_map if key in at and key not in decided)]
    found: list[CodeColumn] = []
    for key in order:
        place, header = at[key]
        meaning = decided.get(key) or by_map[key].meaning
        taken = meaning in MEANINGS and any(each.meaning == meaning for each in found)
        if taken and key in decided:
            raise Rejected(f"Inställningarna för företag {code} ger flera kolumner betydelsen {meaning}; behåll en.")
        name = by_map[key].name if key in by_map else header
        if meaning != "ignored":
            found.append(CodeColumn(header, place, "other" if taken else meaning, name))
    for meaning in ("account", "unit"):
        if not any(each.meaning == meaning for each in found):
            usual = " eller ".join(header for header, each in layout.system.codes.items() if each.meaning == meaning)
            raise Rejected(
                f"Kolumnen {usual} saknas. Ta med den, eller säg vilken kolumn som är {meaning} i {_where(code)}."
            )
    return sorted(found, key=lambda each: each.place)


def named_codes(system: SystemMap, company: Company) -> dict[str, tuple[ColumnMeaning, str]]:
    """Return the code string's columns, as the map writes them -> (meaning, name); the company decides first."""
    known = {header: (each.meaning, each.name) for header, each in system.codes.items()}
    written = {folded(header): header for header in known}
    for header, meaning in company.columns.items():
        column = written.get(folded(header), header)
        if meaning != "ignored":
            known[column] = (meaning, known[column][1] if column in known else header)
    return known


def _where(code: str) -> str:
    return f"[sources.ledger.companies.{code}] columns i bokslut.toml"
