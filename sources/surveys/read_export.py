"""One survey file, CSV or Excel: answers, questions or both, of one survey, year and round.

Belongs here: which tables a file holds, and which survey, year and round it is of. Not here: what a question
(``questions``) or an answer (``answers``) is, how files and cells are read (``sources.tabular``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

import pyarrow as pa

from sources.column_map import wanted
from sources.reading import Problem, Reading, ReadOptions, Rejected
from sources.surveys import QUESTIONS_PART, answers, questions
from sources.surveys.questions import Question
from sources.surveys.schema import SURVEY_ANSWERS
from sources.tabular.table import TextTable, Wanted, read_table
from sources.tabular.values import folded
from sources.tabular.workbook import is_workbook, workbook_rows

_SHEETS_OF_QUESTIONS = frozenset({"fragor", "fragelista"})
# puls_2023_1, enkat_chefer_2023, puls 2023 omgång 4
_NAMED = re.compile(r"(?P<survey>.*?)[ _-]*(?P<year>(?:19|20)\d\d)(?:[ _-]*(?:omgång|omg)?[ _-]*(?P<round>\d{1,2}))?")
_SURVEY = ("survey_code", "year", "round_no")
_CALLED = {"survey_code": "enkät", "year": "år", "round_no": "omgång"}


def read_survey(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return ``survey__answers``, one row per respondent and question, and ``survey__questions`` where the file has it.

    A file of questions alone has only that table. ``part`` is the survey and its round (``puls 1``), so that rounds
    stand beside each other and only the same round replaces itself; of questions alone it is ``frågor puls``. Raises
    ``Rejected`` for questions that cannot be used, a column that is neither a question nor known, answers of several
    surveys, years or rounds, and for answers that do not say which survey and year they are of.
    """
    asked = _questions_of_workbook(data, file_name)
    if asked is not None and asked[1]:
        return _questions_alone(asked[0])
    own = () if asked is None else asked[0]
    table = read_table(data, file_name, _wanted(own), encoding=options.encoding, sheets=_is_of_answers)
    if not own and _is_of_questions(table):
        return _questions_alone(questions.read_questions(table), table)
    rows, problems = answers.read_answers(table, own)
    return _with_answers(table, own, rows, problems, file_name)


def _questions_of_workbook(data: bytes, file_name: str) -> tuple[tuple[Question, ...], bool] | None:
    """Return the questions of a workbook's sheet for them, and whether there is no other; None without that sheet."""
    if not is_workbook(data, file_name):
        return None
    sheets = workbook_rows(data, file_name)
    if not any(folded(name) in _SHEETS_OF_QUESTIONS for name in sheets):
        return None
    others = any(any(map(str.strip, row)) for name in sheets if _is_of_answers(name) for row in sheets[name])
    table = read_table(data, file_name, wanted([questions.column_map()]), sheets=lambda name: not _is_of_answers(name))
    return questions.read_questions(table), not others


def _is_of_answers(sheet: str) -> bool:
    return folded(sheet) not in _SHEETS_OF_QUESTIONS


def _wanted(own: Sequence[Question]) -> Wanted:
    """Return the headers to look for: of answers with their questions and, where those are not known, of questions."""
    maps = [answers.column_map()] if own else [answers.column_map(), questions.column_map()]
    known = wanted(maps)
    return Wanted(known.headers | answers.question_columns(own).keys(), examples=("Enhet", "Svarande", "frågorna"))


def _is_of_questions(table: TextTable) -> bool:
    headers = {folded(header) for header in questions.column_map().columns["statistic"].headers}
    return bool(headers & set(map(folded, table.headers)))


def _questions_alone(asked: tuple[Question, ...], table: TextTable | None = None) -> Reading:
    rows = questions.table_of(asked)
    years = tuple(sorted({question.year for question in asked}))
    return Reading(
        tables={questions.TABLE: rows},
        rows_in=rows.num_rows,
        fiscal_years=years,
        period_from=years[0] * 100 + 1,
        period_to=years[-1] * 100 + 12,
        part=f"{QUESTIONS_PART} {asked[0].survey_code}",
        facts=dict(table.facts) if table else {},
    )


def _with_answers(
    table: TextTable,
    own: tuple[Question, ...],
    rows: list[dict[str, Any]],
    problems: list[Problem],
    file_name: str,
) -> Reading:
    survey = _survey(own, rows, file_name)
    columns = {name: [row[name] for row in rows] for name in SURVEY_ANSWERS.names if name not in survey}
    columns |= {name: [value] * len(rows) for name, value in survey.items()}
    found = pa.table({name: columns[name] for name in SURVEY_ANSWERS.names}, schema=SURVEY_ANSWERS)
    code, year, round_no = (survey[name] for name in _SURVEY)
    tables = {answers.TABLE: found} | ({questions.TABLE: questions.table_of(own)} if own else {})
    return Reading(
        tables=tables,
        rows_in=found.num_rows,
        fiscal_years=(year,),
        period_from=year * 100 + 1,
        period_to=year * 100 + 12,
        part=code if round_no is None else f"{code} {round_no}",
        problems=tuple(problems),
        facts=_facts(table) | {"respondents": str(len(set(columns["respondent_no"])))},
    )


def _facts(table: TextTable) -> dict[str, str]:
    """Return what was found of the file; the sheet of questions is not one that was left unread."""
    unread = [name for name in table.facts.get("sheets_not_read", "").split(", ") if name and _is_of_answers(name)]
    facts = {name: value for name, value in table.facts.items() if name != "sheets_not_read"}
    return facts | ({"sheets_not_read": ", ".join(unread)} if unread else {})


def _survey(own: Sequence[Question], rows: Sequence[Mapping[str, Any]], file_name: str) -> dict[str, Any]:
    """Return the survey, year and round of a file: what its questions say, else its columns, else its name.

    Raises ``Rejected`` where these say several things, or nothing of the survey or the year.
    """
    named = _NAMED.fullmatch(PurePath(file_name).stem.casefold())
    of_name = {
        "survey_code": questions.tidy(named["survey"]) if named else None,
        "year": int(named["year"]) if named else None,
        "round_no": int(named["round"]) if named and named["round"] else None,
    }
    survey: dict[str, Any] = {}
    for name in _SURVEY:
        said = {getattr(question, name) for question in own} | {row[name] for row in rows}
        values = {questions.tidy(value) if isinstance(value, str) else value for value in said - {None}}
        if len(values) > 1:
            several = ", ".join(sorted(map(str, values)))
            raise Rejected(f"Filen gäller mer än en {_CALLED[name]} ({several}); lämna en fil per enkät och omgång.")
        survey[name] = next(iter(values), of_name[name])
    if absent := [_CALLED[name] for name in _SURVEY[:2] if survey[name] in (None, "")]:
        raise Rejected(
            f"Det framgår inte vilken {' och vilket '.join(absent)} svaren gäller; lägg till kolumnen Enkät och År, "
            "eller döp filen som puls_2023_1.csv."
        )
    return survey
