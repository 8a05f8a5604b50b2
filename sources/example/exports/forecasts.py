"""Write the forecasts of the example municipality: one workbook per round.

Belongs here: the layout in which a controller sends them. Not here: amounts (``invented/forecasts.csv``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

from sources.example.catalog import BOARD, Catalog, ForecastRound
from sources.example.exports.spreadsheets import Cell, Heading, kronor, write_workbook

_HEADER = ("År", "Månad", "Tillfälle", "Rapporterad", "Nämnd", "Segment", "Rad", "Prognos")
_NOTE = "Helårsprognos i kronor med resultaträkningens tecken: intäkt är plus, kostnad är minus."
_LINE_NAMES = {
    "revenue": "Verksamhetens intäkter",
    "personnel": "Personalkostnader",
    "rent": "Lokalhyror",
    "services": "Köp av tjänster",
    "other": "Övriga kostnader",
    "municipal_grant": "Kommunbidrag",
    "financial_net": "Finansnetto",
}
_RESULT_NAME = "Årets resultat"


def write_forecasts(out: Path, catalog: Catalog) -> list[Path]:
    """Write ``prognos_<year>_<month>.xlsx`` for each round; the last row of a segment is its result, as a control."""
    return [_write_round(out, forecast) for forecast in catalog.forecasts]


def _write_round(out: Path, forecast: ForecastRound) -> Path:
    reported = date.fromisoformat(forecast.reported_on)
    title = f"Prognos {forecast.year}, {forecast.occasion_name.lower()} per månad {forecast.month}"
    heading = Heading("Prognos", title, _NOTE, datetime.combine(reported, time(8)))
    path = out / f"prognos_{forecast.year}_{forecast.month:02}.xlsx"
    return write_workbook(path, heading, _HEADER, _rows(forecast, reported))


def _rows(forecast: ForecastRound, reported: date) -> Iterator[tuple[Cell, ...]]:
    of_round = (forecast.year, forecast.month, forecast.occasion_name, reported, BOARD)
    for segment in dict.fromkeys(segment for segment, _ in forecast.ore):
        for (of_segment, line), ore in forecast.ore.items():
            if of_segment == segment:
                yield *of_round, segment, _LINE_NAMES[line], kronor(ore)
        yield *of_round, segment, _RESULT_NAME, kronor(forecast.result(segment))
