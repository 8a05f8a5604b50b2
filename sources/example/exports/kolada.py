"""Write pages of Kolada as they are stored when fetched: our values, an invented group's, and who is in the group.

Belongs here: the pages of one fetch. Not here: the envelope and what its fields mean (``sources.indicators``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sources.example.goal_catalog import OUR_CODE, GoalCatalog
from sources.indicators.kolada_page import enveloped

FETCHED_ON = date(2024, 1, 15)
_ROOT = "https://api.kolada.se/v3"
_GROUP, _GROUP_NAME = "G99001", "Exempelkommunens jämförelsegrupp (påhittad)"
# Two pages, so that a fetch is more than one file, as it mostly is.
_PAGES = (("U07451", "U07453"), ("N00610", "N00669"))


def write_kolada(out: Path, catalog: GoalCatalog) -> list[Path]:
    """Write ``kolada_<day>_<no>.json`` for the values and one for the group, and return the files."""
    values = _values(catalog)
    names = {each.external_code: each.indicator_name for each in catalog.definitions if each.source_name == "Kolada"}
    files = [
        _write(out, f"values_{number}", _data_address(kpis, catalog), _rows(kpis, values), names)
        for number, kpis in enumerate(_PAGES, start=1)
    ]
    members = [{"id": code, "title": name} for code, name in catalog.municipalities.items()]
    group = {"id": _GROUP, "title": _GROUP_NAME, "members": members}
    return [*files, _write(out, "group", f"{_ROOT}/municipality_groups/{_GROUP}", [group], {})]


def _values(catalog: GoalCatalog) -> dict[tuple[str, str, int], Decimal]:
    """Return every value by KPI, municipality and year; ours are those the institutes had reported as final."""
    final = {(each.indicator_code, each.year): each.value for each in catalog.reports if not each.is_preliminary}
    ours = {
        (each.external_code, OUR_CODE, year): value
        for each in catalog.definitions
        if each.source_name == "Kolada"
        for (indicator, year), value in final.items()
        if indicator == each.indicator_code and each.from_year <= year <= (each.to_year or year)
    }
    return dict(catalog.comparison) | ours


def _rows(kpis: Sequence[str], values: Mapping[tuple[str, str, int], Decimal]) -> list[dict[str, Any]]:
    return [
        {
            "kpi": kpi,
            "municipality": code,
            "period": year,
            "values": [{"gender": "T", "status": "", "count": 1, "value": value, "isdeleted": False}],
        }
        for (kpi, code, year), value in sorted(values.items())
        if kpi in kpis
    ]


def _data_address(kpis: Sequence[str], catalog: GoalCatalog) -> str:
    codes = ",".join(catalog.municipalities)
    return f"{_ROOT}/data/kpi/{','.join(kpis)}/municipality/{codes}/year/2018,2019,2020,2021,2022,2023?per_page=5000"


def _write(out: Path, name: str, address: str, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Path:
    response = {"values": rows, "count": len(rows), "next_url": None, "previous_url": None}
    told = {row["kpi"]: names[row["kpi"]] for row in rows if "kpi" in row}
    path = out / f"kolada_{FETCHED_ON}_{name}.json"
    path.write_bytes(enveloped(response, address=address, fetched_on=FETCHED_ON, names=told))
    return path
