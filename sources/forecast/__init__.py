"""Forecasts of the year's result, round by round; every round is kept with the day it was reported.

    CSV or Excel  ->  read  ->  forecast__lines

Belongs here: what a forecast line and a round are. Not here: which lines there are and how they add up (the
warehouse's statement), how near a forecast came.
"""

from sources.reading import Reading, ReadOptions


def read(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return the lines of one forecast; see ``sources.forecast.read_export.read_forecast``."""
    from sources.forecast.read_export import read_forecast

    return read_forecast(data, file_name, options)
