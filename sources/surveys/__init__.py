"""Surveys answered by people: what was asked, and what each respondent answered, without who the respondent is.

    CSV or Excel  ->  read  ->  survey__answers, survey__questions

Belongs here: what a survey, a round, a question and an answer are. Not here: shares, means and what may be shown of
them (the warehouse).
"""

from sources.reading import Reading, ReadOptions

#: How the ``part`` of a file of questions alone begins; answers that came in other files are judged beside it.
QUESTIONS_PART = "frågor"


def read(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return the answers or the questions of one file; see ``sources.surveys.read_export.read_survey``."""
    from sources.surveys.read_export import read_survey

    return read_survey(data, file_name, options)


def is_questions(part: str) -> bool:
    """Tell whether a delivery is a file of questions alone, by its part."""
    return part.startswith(f"{QUESTIONS_PART} ")
