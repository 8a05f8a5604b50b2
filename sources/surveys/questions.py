"""What was asked: the sheet Frågor of a workbook, or a file of questions alone.

Belongs here: questions as records, which of them are read, and what their table is refused for. Not here: answers
(``answers``), what the headers are called (``column_maps/questions.yml``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sources.column_map import ColumnMap, load_maps, typed
from sources.reading import Problem, Rejected
from sources.surveys.schema import SURVEY_QUESTIONS
from sources.table_checks import repeated_keys
from sources.tabular.table import TextTable

TABLE = "survey__questions"
KEY = ("survey_code", "year", "round_no", "question_code")
FREE_TEXT = "free_text"
_UNITS = {"share": "percent", "mean": "points", "index": "index"}
_DECIMALS = {"share": 0, "mean": 1, "index": 0}
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the table of questions. ``no_opinion`` are the words, or numbers, of an answer without an opinion.

    A question of free text has ``statistic`` free_text: its column is known so that it can be left alone.
    """

    row_no: int
    survey_code: str
    survey_name: str
    year: int
    round_no: int | None
    question_code: str
    question_text: str
    statistic: str
    scale_min: int | None
    scale_max: int | None
    favourable_from: int | None
    decimals: int | None
    min_answers: int | None
    no_opinion: str | None

    @property
    def is_free_text(self) -> bool:
        """Whether the answers are the respondents' own words, which are never read."""
        return self.statistic == FREE_TEXT

    @property
    def unit(self) -> str | None:
        """What the figure is counted in."""
        return _UNITS.get(self.statistic)

    def raw_row(self) -> dict[str, Any]:
        """Return the row of ``survey__questions``."""
        row = {name: getattr(self, name) for name in SURVEY_QUESTIONS.names}
        return row | {"decimals": _DECIMALS[self.statistic] if self.decimals is None else self.decimals}


def column_map() -> ColumnMap:
    """Return the map of a table of questions."""
    return next(each for each in load_maps("surveys") if each.profile == "questions")


def read_questions(table: TextTable) -> tuple[Question, ...]:
    """Return the questions of a table, in its order.

    Raises ``Rejected`` where any cell cannot be read or a question stands there twice: without its questions no answer
    means anything, so there is nothing to set aside.
    """
    rows = typed(table, [column_map()], TABLE)
    columns: dict[str, list[Any]] = {**rows.columns, "row_no": list(rows.row_nos)}
    for name in ("survey_code", "question_code"):
        columns[name] = [code and tidy(code) for code in columns[name]]
    advice = "en fråga står en gång per omgång, så ta bort den som är fel"
    if problems := [*rows.problems, *repeated_keys(TABLE, KEY, columns, rows.problems, advice)]:
        raise Rejected(_refusal(problems))
    names = Question.__dataclass_fields__
    questions = tuple(
        Question(**dict(zip(names, values, strict=True)))
        for values in zip(*(columns[name] for name in names), strict=True)
    )
    if len({question.survey_code for question in questions}) > 1:
        raise Rejected("Frågorna hör till flera enkäter; lämna en fil per enkät.")
    return questions


def tidy(code: str) -> str:
    """Return a code as the warehouse writes it: lower case, an underscore for each blank."""
    return "_".join(code.casefold().split())


def table_of(questions: tuple[Question, ...]) -> pa.Table:
    """Return ``survey__questions``; questions of free text are not in it."""
    rows = [question.raw_row() for question in questions if not question.is_free_text]
    return pa.Table.from_pylist(rows, schema=SURVEY_QUESTIONS)


def _refusal(problems: list[Problem]) -> str:
    named = "; ".join(f"rad {each.row_no} ({each.column}): {each.reason}" for each in problems[:_SHOWN])
    more = f"; och {len(problems) - _SHOWN} till" if len(problems) > _SHOWN else ""
    return f"Frågorna går inte att använda: {named}{more}. Rätta frågelistan och lämna filen igen."
