"""The board's goals, their indicators and the yearly targets, in one workbook.

    Excel  ->  read  ->  goal__indicators, goal__goals, goal__targets, goal__assessments, goal__occasions

Belongs here: what makes the workbook whole. Not here: results of indicators (``sources.indicators``), or whether a goal
is met (the warehouse).
"""

from sources.reading import Reading, ReadOptions


def read(data: bytes, file_name: str, _: ReadOptions) -> Reading:
    """Return the tables of one workbook; see ``sources.followup.goals.read_workbook.read_goals``.

    Options make no difference: a workbook says its own character set.
    """
    from sources.followup.goals.read_workbook import read_goals

    return read_goals(data, file_name)
