"""What was answered: wide and long tables of answers become one row per respondent and question.

Belongs here: which columns are let through, respondents without their ids, and what an answer is. Not here: what was
asked (``questions``), which survey a file is of (``read_export``). What a cell holds is never told: a column may have
slipped, and then it is somebody's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sources.column_map import Column, ColumnMap, TypedTable, load_maps, typed
from sources.reading import Problem, Rejected
from sources.surveys.questions import Question, tidy
from sources.surveys.schema import ROWS_PER_LINE
from sources.tabular.table import TextTable
from sources.tabular.values import folded, is_missing, parse_number, plain

TABLE = "survey__answers"
HIDDEN = "(dolt värde)"
#: A question's column where the file does not hold its questions: ``F1``, ``Q12``.
CODES = tuple(f"{letter}{number}" for letter in "FQ" for number in range(1, 200))
NO_OPINION = ("vet ej", "vet inte", "ingen åsikt", "ingen uppfattning", "kan inte svara", "kan ej svara", "ej aktuellt")
# No scale reaches further; what does is a number of another kind, such as an employee's.
_LARGEST = 100
_LARGEST_WEIGHT = 100_000
# `4 - Instämmer`, `4. Instämmer`, `4 (instämmer)`; `Instämmer (4)`.
_LABELLED = (re.compile(r"(-?\d{1,3})\s*[-=.:)(]?\s*[^\W\d_].*"), re.compile(r"[^\W\d_].*\((-?\d{1,3})\)"))

_CODE = re.compile(r"(?=.*[\d_])[\w.-]{1,40}")

_Cell = tuple[Decimal | None, bool]


class _Answer(NamedTuple):
    """One answer as it stands: ``at`` is its row in the table, ``place`` its question's place in a wide one, else 0."""

    at: int
    place: int
    question_code: str | None
    cell: str
    no_opinion: Sequence[str]


def column_map() -> ColumnMap:
    """Return the map of a table of answers, without any question."""
    return next(each for each in load_maps("surveys") if each.profile == "answers")


def question_columns(questions: Sequence[Question]) -> dict[str, Question | str]:
    """Return each folded header of a question, its code or its text, with the question; bare codes without any."""
    if not questions:
        return {folded(code): tidy(code) for code in CODES}
    return {folded(name): each for each in questions for name in (each.question_code, each.question_text)}


def read_answers(table: TextTable, questions: Sequence[Question]) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Return the answers, as rows of ``survey__answers`` with what the file itself says of survey, year and round.

    Columns that are neither questions nor in the map's lists stop the file, since one of them may be a question. With
    ``questions`` each of them must have its column. Problems hide their values. Raises ``Rejected``.
    """
    known = question_columns(questions)
    columns = column_map()
    answer_headers = {folded(header) for header in columns.columns["answer"].headers}
    if answer_headers & set(map(folded, table.headers)):
        rows = typed(table, [columns], TABLE)
        return _finished(rows, _long(rows, known), _unnamed(rows, known))
    asked = [header for header in table.headers if folded(header) in known]
    _refuse_unasked(asked, questions, known)
    places = {f"question {place}": header for place, header in enumerate(asked)}
    rows = typed(table, [_with_questions(columns, places)], TABLE)
    return _finished(rows, _wide(rows, {name: known[folded(header)] for name, header in places.items()}))


def parse_answer(text: str, no_opinion: Sequence[str] = NO_OPINION) -> _Cell:
    """Return the point on the scale and whether the answer is one without an opinion; (None, False) for a blank.

    Reads ``4``, ``4,5``, ``4 - Instämmer`` and ``Instämmer (4)``. Raises ``ValueError`` in Swedish, without the text.
    """
    words = folded(text)
    if is_missing(text):
        return None, False
    if words in {folded(word) for word in no_opinion}:
        return None, True
    labelled = next((match[1] for form in _LABELLED if (match := form.fullmatch(plain(text)))), None)
    try:
        value = parse_number(labelled or text)
    except ValueError:
        value = None
    if value is None or abs(value) > _LARGEST or value != round(value, 2):
        raise ValueError("svaret är inte en punkt på skalan; skriv siffran, eller Vet ej")
    return round(value, 2), False


def _refuse_unasked(asked: Sequence[str], questions: Sequence[Question], known: Mapping[str, Question | str]) -> None:
    """Raise ``Rejected`` where no question has a column, or one that the file says was asked has none, or two."""
    if not asked:
        raise Rejected(
            "Ingen frågekolumn hittades; lägg frågorna i bladet Frågor, eller döp kolumnerna till F1, F2 och så vidare "
            "och lämna frågorna i en egen fil."
        )
    if len(asked) >= ROWS_PER_LINE:
        raise Rejected(f"Filen har {len(asked)} frågor; dela den så att varje fil har färre än {ROWS_PER_LINE}.")
    codes = [each.question_code for header in asked if isinstance(each := known[folded(header)], Question)]
    if absent := [each.question_code for each in questions if each.question_code not in codes]:
        raise Rejected(f"Frågan {', '.join(absent)} har ingen kolumn bland svaren; lägg till den eller rätta rubriken.")
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise Rejected(f"Frågan {', '.join(twice)} har två kolumner bland svaren; behåll en av dem.")


def _with_questions(columns: ColumnMap, places: Mapping[str, str]) -> ColumnMap:
    asked = {name: Column(headers=(header,), type="text") for name, header in places.items()}
    return columns.model_copy(update={"columns": {**columns.columns, **asked}})


def _wide(rows: TypedTable, asked: Mapping[str, Question | str]) -> Iterator[_Answer]:
    for at in range(len(rows.row_nos)):
        for place, (name, question) in enumerate(asked.items(), start=1):
            if isinstance(question, Question) and question.is_free_text:
                continue
            code = question.question_code if isinstance(question, Question) else question
            yield _Answer(at, place, code, rows.columns[name][at] or "", _no_opinion(question))


def _long(rows: TypedTable, known: Mapping[str, Question | str]) -> Iterator[_Answer]:
    for at, name in enumerate(rows.columns["question"]):
        question = _named(name, known)
        if isinstance(question, Question) and question.is_free_text:
            continue
        code = question.question_code if isinstance(question, Question) else question
        yield _Answer(at, 0, code, rows.columns["answer"][at] or "", _no_opinion(question))


def _named(name: str | None, known: Mapping[str, Question | str]) -> Question | str | None:
    """Return the question of a cell, or what looks like its code; None for other words, which may be anybody's."""
    text = plain(name or "")
    return known.get(folded(text)) or (tidy(text) if _CODE.fullmatch(text) else None)


def _unnamed(rows: TypedTable, known: Mapping[str, Question | str]) -> list[Problem]:
    """Return a problem for each row of a long table without respondent, or without a question's code."""
    problems = []
    for at, row_no in enumerate(rows.row_nos):
        if rows.columns["respondent"][at] is None:
            reason = "svarande saknas; ge varje svarande ett löpnummer"
            problems.append(Problem(TABLE, row_no, "respondent_no", HIDDEN, reason))
        if _named(rows.columns["question"][at], known) is None:
            reason = "frågan saknas eller är ingen frågekod; skriv koden som i frågelistan"
            problems.append(Problem(TABLE, row_no, "question_code", HIDDEN, reason))
    return problems


def _no_opinion(question: Question | str | None) -> Sequence[str]:
    own = question.no_opinion if isinstance(question, Question) else None
    return (*NO_OPINION, *own.split(",")) if own else NO_OPINION


def _finished(
    rows: TypedTable, found: Iterator[_Answer], faults: Sequence[Problem] = ()
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Return the rows of the answers, and the problems of a line once for each answer that stands on it."""
    numbers = _respondents(rows)
    weights, unweighted = _weights(rows)
    of_line: dict[int, list[Problem]] = {}
    for problem in (*rows.problems, *faults, *unweighted):
        of_line.setdefault(problem.row_no, []).append(replace(problem, value=HIDDEN))
    answers: list[dict[str, Any]] = []
    problems: list[Problem] = []
    parse = cache(_attempt)
    for at, place, code, cell, no_opinion in found:
        line = rows.row_nos[at]
        row_no = line * ROWS_PER_LINE + place
        value, has_no_opinion, fault = parse(cell, no_opinion)
        if fault:
            problems.append(Problem(TABLE, row_no, "answer_value", HIDDEN, fault))
        problems += [replace(problem, row_no=row_no) for problem in of_line.get(line, ())]
        answers.append(
            {name: rows.columns[name][at] for name in ("survey_code", "year", "round_no", "measured_on", "group_code")}
            | {"row_no": row_no, "respondent_no": numbers[at], "question_code": code, "weight": weights[at]}
            | {"answer_value": value, "is_no_opinion": has_no_opinion}
        )
    return answers, problems


def _attempt(cell: str, no_opinion: Sequence[str]) -> tuple[Decimal | None, bool, str]:
    """Return what ``parse_answer`` does, and why it could not."""
    try:
        return *parse_answer(cell, no_opinion), ""
    except ValueError as error:
        return None, False, str(error)


def _respondents(rows: TypedTable) -> list[int]:
    """Return the respondent of each row as a running number; a row without an id is a respondent of its own."""
    numbers: dict[str, int] = {}
    ids = rows.columns["respondent"]
    return [
        numbers.setdefault(f"row {at}" if name is None else f"id {name}", len(numbers) + 1)
        for at, name in enumerate(ids)
    ]


def _weights(rows: TypedTable) -> tuple[list[Decimal | None], list[Problem]]:
    """Return the weight of each row, 1 where the file has none, and a problem for each that cannot be read."""
    weights: list[Decimal | None] = []
    problems = []
    is_weighted = any(rows.columns["weight"])
    for row_no, cell in zip(rows.row_nos, rows.columns["weight"], strict=True):
        try:
            weight = parse_number(cell or "") if is_weighted else Decimal(1)
        except ValueError:
            weight = None
        if weight is None or abs(weight) >= _LARGEST_WEIGHT:
            reason = "vikten saknas eller är inget rimligt tal; ge varje svarande en vikt"
            problems.append(Problem(TABLE, row_no, "weight", HIDDEN, reason))
            weight = None
        weights.append(None if weight is None else round(weight, 6))
    return weights, problems
