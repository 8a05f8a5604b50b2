"""Corrections as data: a supplier's known error put right until the supplier has mended it.

    sources/<source>/corrections.yml  ->  load_corrections  ->  apply_corrections(reading)  ->  Corrected

A file holds a list of entries; ``corrections.md`` beside this module shows one. Every entry says what is expected to
be found. The day the supplier's file holds something else, the error has been mended, and a correction left standing
would make a right figure wrong: the delivery is refused until somebody removes the entry.

Belongs here: the format of an entry, every way it can be wrong, and what it does to a reading. Not here: when readings
are corrected and where dropped rows are counted (``orchestration.loading``).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sources.reading import Problem, Reading, Rejected

if TYPE_CHECKING:
    import pyarrow as pa

#: Columns that say which deliveries an entry is for: it is for those that hold any row with these values.
SCOPE = ("fiscal_year", "period", "forecast_month", "reported_on")
#: What a row is known by, and the year its delivery speaks for, are no errors to put right.
_FIXED = ("row_no", "fiscal_year")
VERSION_FACT = "corrections_version"


class CorrectionsError(Exception):
    """A corrections file that cannot be used; the message (Swedish) names file, entry and what is wrong."""


class Correction(BaseModel):
    """One error at a supplier, and what is done about it.

    ``match`` and ``expect`` hold ``table`` and ``rows`` beside column values; see the properties. ``path`` is the file
    the entry stands in. ``status``: reported, confirmed (will be mended) or declined (will not be).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{2,63}$")
    match: dict[str, Any]
    action: Literal["set", "drop"]
    set: dict[str, Any] = {}
    expect: dict[str, Any]
    reason: str = Field(min_length=10)
    reported_to: str = Field(min_length=2)
    reported_on: date
    status: Literal["reported", "confirmed", "declined"]
    path: Path

    @model_validator(mode="after")
    def _whole(self) -> Correction:
        if not isinstance(self.match.get("table"), str) or len(self.match) < 2:
            raise ValueError("match ska ange table och minst en kolumn")
        rows = self.expect.get("rows")
        if not isinstance(rows, int) or isinstance(rows, bool) or rows < 1:
            raise ValueError("expect ska ange rows, antalet rader som rättas (minst 1)")
        if (self.action == "set") != bool(self.set):
            raise ValueError("set ska ange de nya värdena, och bara när action är set")
        if untold := sorted(self.set.keys() - self.expect.keys()):
            raise ValueError(f"expect ska ange nuvarande värde även för {', '.join(untold)}")
        if fixed := sorted(self.set.keys() & set(_FIXED)):
            raise ValueError(f"{', '.join(fixed)} kan inte ändras")
        return self

    @property
    def table(self) -> str:
        """The raw table the entry is about."""
        return str(self.match["table"])

    @property
    def found_by(self) -> dict[str, Any]:
        """The column values that find the rows."""
        return {name: value for name, value in self.match.items() if name != "table"}

    @property
    def expected(self) -> dict[str, Any]:
        """The column values that every row found must have."""
        return {name: value for name, value in self.expect.items() if name != "rows"}


@dataclass(frozen=True, slots=True)
class Corrected:
    """A reading after its corrections.

    ``reading`` still holds every row; ``dropped`` names those that are not to be loaded, with the reason (Swedish).
    """

    reading: Reading
    dropped: tuple[Problem, ...] = ()


def load_corrections(paths: Sequence[Path], schemas: Mapping[str, pa.Schema]) -> tuple[Correction, ...]:
    """Return the entries of the files that exist, with values typed as the columns of ``schemas`` (raw tables).

    Raises ``CorrectionsError`` for a file that is no list of entries, an unknown key, table or column, a value of the
    wrong type, and an id used twice.
    """
    entries = [entry for path in paths if path.exists() for entry in _entries(path, schemas)]
    if twice := sorted(name for name, count in Counter(entry.id for entry in entries).items() if count > 1):
        raise CorrectionsError(f"{', '.join(map(str, paths))}: id {', '.join(twice)} står flera gånger; ge var sitt.")
    return tuple(entries)


def version(corrections: Sequence[Correction]) -> str:
    """Return what tells these entries from others, empty without any: a delivery read under others is read again."""
    if not corrections:
        return ""
    text = "\n".join(entry.model_dump_json(exclude={"path"}) for entry in corrections)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def apply_corrections(reading: Reading, corrections: Sequence[Correction]) -> Corrected:
    """Return the reading with every entry that is meant for it applied; each looks at the rows as they were read.

    A value that is set is no problem any more. Raises ``Rejected`` where an entry meant for this delivery does not find
    what it expects: the error has been mended and the entry is to be removed, or two entries are about one row.
    """
    tables = dict(reading.tables)
    problems, dropped, told = list(reading.problems), list[Problem](), list[str]()
    taken: dict[tuple[str, int], str] = {}
    for entry in corrections:
        row_nos = _rows_of(entry, reading.tables)
        for row_no in row_nos:
            if (other := taken.setdefault((entry.table, row_no), entry.id)) != entry.id:
                raise Rejected(f"Rättelserna {other} och {entry.id} gäller samma rad ({row_no}); behåll en av dem.")
        if not row_nos:
            continue
        if entry.action == "drop":
            dropped += [Problem(entry.table, row_no, "row_no", entry.id, entry.reason) for row_no in row_nos]
        else:
            tables[entry.table] = _with_values(tables[entry.table], row_nos, entry.set)
        gone = {(entry.table, row_no) for row_no in row_nos}
        problems = [p for p in problems if (p.table, p.row_no) not in gone or not _settled(p, entry)]
        what = f"ändrade ({', '.join(entry.set)})" if entry.set else "borttagna"
        told.append(f"{entry.id}: {len(row_nos)} rader {what}")
    facts = dict(reading.facts)
    if corrections:
        facts |= {"corrections": "; ".join(told) or "ingen gäller filen", VERSION_FACT: version(corrections)}
    return Corrected(replace(reading, tables=tables, problems=tuple(problems), facts=facts), tuple(dropped))


def concerned(batches: Iterable[pa.Table], corrections: Sequence[Correction]) -> pa.Table:
    """Return the rows of one large table that ``apply_corrections`` needs to see; ``batches`` is at least one.

    Those the entries are about, and for each entry one that shows whether the delivery is meant.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kept, shown = list[pa.Table](), set[str]()
    for batch in batches:
        mask = pa.repeat(pa.scalar(value=False), batch.num_rows)
        for entry in corrections:
            mask = pc.or_(mask, _equal(batch, entry.found_by))
            in_scope = batch["row_no"].filter(_equal(batch, _scope(entry)))
            if len(in_scope) and entry.id not in shown:
                shown.add(entry.id)
                mask = pc.or_(mask, pc.equal(batch["row_no"], in_scope[0]))
        kept.append(batch.filter(mask))
    return pa.concat_tables(kept)


def _scope(entry: Correction) -> dict[str, Any]:
    return {name: value for name, value in entry.found_by.items() if name in SCOPE}


def _settled(problem: Problem, entry: Correction) -> bool:
    return entry.action == "drop" or problem.column in entry.set


def _rows_of(entry: Correction, tables: Mapping[str, pa.Table]) -> list[int]:
    """Return the numbers of the rows the entry is about, none where it is not meant for this delivery."""
    import pyarrow.compute as pc

    table = tables.get(entry.table)
    if table is None or not pc.any(_equal(table, _scope(entry))).as_py():
        return []
    found = table.filter(_equal(table, entry.found_by))
    if found.num_rows != entry.expect["rows"]:
        raise _mended(entry, f"den ska gälla {entry.expect['rows']} rader men {found.num_rows} hittades")
    for name, value in entry.expected.items():
        if others := found.filter(pc.invert(_equal(found, {name: value})))["row_no"].to_pylist():
            raise _mended(entry, f"{name} är inte {'tomt' if value is None else value} på rad {others[0]}")
    row_nos: list[int] = found["row_no"].to_pylist()
    return row_nos


def _mended(entry: Correction, found: str) -> Rejected:
    return Rejected(
        f"Rättelsen {entry.id} passar inte filen: {found}. Felet är troligen rättat i källan. Ta bort rättelsen ur "
        f"{entry.path}, så läses filen om i nästa körning."
    )


def _equal(table: pa.Table, values: Mapping[str, Any]) -> pa.ChunkedArray | pa.Array:
    """Return which rows have all the values; None is a value like any other."""
    import pyarrow as pa
    import pyarrow.compute as pc

    mask = pa.repeat(pa.scalar(value=True), table.num_rows)
    for name, value in values.items():
        column = table[name]
        same = pc.is_null(column) if value is None else pc.equal(column, pa.scalar(value, column.type))
        mask = pc.and_(mask, pc.fill_null(same, False))
    return mask


def _with_values(table: pa.Table, row_nos: Sequence[int], values: Mapping[str, Any]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    mask = pc.is_in(table["row_no"], value_set=pa.array(row_nos, pa.int64()))
    for name, value in values.items():
        field = table.schema.field(name)
        column = pc.if_else(mask, pa.scalar(value, field.type), table[name])
        table = table.set_column(table.schema.get_field_index(name), field, column)
    return table


def _entries(path: Path, schemas: Mapping[str, pa.Schema]) -> list[Correction]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorrectionsError(f"{path}: filen är inte giltig YAML ({error}).") from error
    if not isinstance(content, list):
        raise CorrectionsError(f"{path}: filen ska vara en lista av rättelser, se sources/corrections.md.")
    return [_entry(path, number, raw, schemas) for number, raw in enumerate(content, start=1)]


def _entry(path: Path, number: int, raw: Any, schemas: Mapping[str, pa.Schema]) -> Correction:
    where = f"{path}, rättelse {number}" + (f" ({raw['id']})" if isinstance(raw, dict) and "id" in raw else "")
    if not isinstance(raw, dict):
        raise CorrectionsError(f"{where}: ska vara nycklar och värden, se sources/corrections.md.")
    try:
        entry = Correction.model_validate({**raw, "path": path})
    except ValidationError as error:
        told = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}".removeprefix(": ") for e in error.errors()]
        raise CorrectionsError(f"{where}: {'; '.join(told)}.") from error
    schema = schemas.get(entry.table)
    if schema is None:
        raise CorrectionsError(f"{where}: tabellen {entry.table} finns inte; välj en av {', '.join(schemas)}.")
    if "fiscal_year" in schema.names and "fiscal_year" not in entry.match:
        raise CorrectionsError(f"{where}: match ska ange fiscal_year, som avgör vilka leveranser rättelsen gäller.")
    try:
        match = {"table": entry.table, **_typed(entry.found_by, schema)}
        expect = {"rows": entry.expect["rows"], **_typed(entry.expected, schema)}
        return entry.model_copy(update={"match": match, "expect": expect, "set": _typed(entry.set, schema)})
    except ValueError as error:
        raise CorrectionsError(f"{where}: {error}.") from error


def _typed(values: Mapping[str, Any], schema: pa.Schema) -> dict[str, Any]:
    if unknown := sorted(values.keys() - set(schema.names)):
        raise ValueError(f"kolumnen {', '.join(unknown)} finns inte; kända är {', '.join(schema.names)}")
    return {name: _value(name, value, schema.field(name).type) for name, value in values.items()}


def _value(name: str, value: Any, kind: pa.DataType) -> Any:
    """Return a YAML value as the column's type; nothing is guessed, so that a code keeps its leading zeros."""
    import pyarrow as pa

    if value is None:
        return None
    if pa.types.is_string(kind) and isinstance(value, str):
        return value
    if pa.types.is_boolean(kind) and isinstance(value, bool):
        return value
    if pa.types.is_integer(kind) and isinstance(value, int) and not isinstance(value, bool):
        return value
    if pa.types.is_date(kind) and isinstance(value, date) and not isinstance(value, datetime):
        return value
    if pa.types.is_decimal(kind) and isinstance(value, str | int) and not isinstance(value, bool):
        return _amount(name, value, kind.scale)
    wanted = {"string": 'text inom citattecken, till exempel "0110"', "bool": "true eller false"}
    form = wanted.get(str(kind), "en dag, ÅÅÅÅ-MM-DD" if pa.types.is_date(kind) else "ett heltal")
    form = 'ett belopp inom citattecken, till exempel "-1234.50"' if pa.types.is_decimal(kind) else form
    raise ValueError(f"{name}: {value!r} ska vara {form}")


def _amount(name: str, value: str | int, scale: int) -> Decimal:
    try:
        exact = Decimal(value).quantize(Decimal(1).scaleb(-scale))
    except InvalidOperation:
        exact = None
    if exact is None or exact != Decimal(value):
        raise ValueError(f"{name}: {value!r} ska vara ett tal med högst {scale} decimaler och decimalpunkt")
    return exact
