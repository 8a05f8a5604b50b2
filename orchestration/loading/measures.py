"""What indicator values are judged against: the goals' register, the municipalities, and older vintages.

Belongs here: finding it among the deliveries. Not here: the rules (``expectations``).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.home import Home
from orchestration.loading.raw_files import raw_path
from orchestration.settings import Settings
from sources.corrections import VERSION_FACT
from sources.register import Delivery, Register

if TYPE_CHECKING:
    import pyarrow as pa

SOURCE = "indicator"
_VALUES = "indicator__values"
_COMPARED = (
    "source_name",
    "external_code",
    "municipality_code",
    "year",
    "group_code",
    "value",
    "status",
    "reported_on",
)


def known_of_values(home: Home, settings: Settings, register: Register, delivery: Delivery) -> dict[str, Any]:
    """Return what is known when values arrive, by the names of ``ArrivalContext``; nothing for other sources."""
    if delivery.source_code != SOURCE:
        return {}
    usable = register.deliveries(source_code=SOURCE, status=("read", "loaded"))
    compared = set(settings.comparison.municipalities)
    members = _rows(_existing(home, "indicator__group_members", usable), ("group_code", "municipality_code"))
    if members is not None:
        groups, codes = members["group_code"].to_pylist(), members["municipality_code"].to_pylist()
        compared |= {code for group, code in zip(groups, codes, strict=True) if group == settings.comparison.group}
    municipalities = _rows(_existing(home, "indicator__municipalities", usable), ("municipality_code",))
    known = None if municipalities is None else frozenset(municipalities["municipality_code"].to_pylist())
    return {
        "municipality_code": settings.municipality.code,
        "compared_codes": frozenset(compared),
        "municipality_codes": known and known | compared | {settings.municipality.code},
        "earlier_values": _earlier(home, usable, delivery),
    }


def _earlier(home: Home, usable: list[Delivery], delivery: Delivery) -> pa.Table | None:
    """Return what older deliveries say of the measures of this one; those it replaces say nothing any more."""
    import pyarrow.compute as pc

    own = _rows(_existing(home, _VALUES, [delivery]), ("external_code",))
    older = [d for d in usable if d.age_key < delivery.age_key and d.part != delivery.part]
    values = _all_values(tuple(str(path) for path in _existing(home, _VALUES, usable)), _versions(usable))
    if own is None or values is None:
        return None
    import pyarrow as pa

    is_older = pc.is_in(values["load_id"], value_set=pa.array([d.load_id for d in older], pa.string()))
    is_same = pc.is_in(values["external_code"], value_set=own["external_code"].unique())
    return values.filter(pc.and_(is_older, is_same)).select(list(_COMPARED))


def _versions(deliveries: list[Delivery]) -> tuple[str, ...]:
    """Return by which corrections each was read: a raw file never changes but by them."""
    return tuple(each.facts.get(VERSION_FACT, "") for each in deliveries)


@lru_cache(maxsize=1)
def _all_values(paths: tuple[str, ...], versions: tuple[str, ...]) -> pa.Table | None:
    # Every delivery of a night is judged against the same files: they are read once.
    del versions
    return _rows([Path(path) for path in paths], ("load_id", *_COMPARED))


def _existing(home: Home, table: str, deliveries: list[Delivery]) -> list[Path]:
    return [path for each in deliveries if (path := raw_path(home, table, each.load_id)).exists()]


def _rows(paths: list[Path], columns: tuple[str, ...]) -> pa.Table | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pa.concat_tables([pq.read_table(path, columns=list(columns)) for path in paths]) if paths else None
