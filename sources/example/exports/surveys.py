"""Write the surveys of the example municipality: managers once a year, everybody in four pulses.

Belongs here: invented answers, and the layouts in which a survey tool exports them. Not here: what the report prints
(``figures/surveys.csv``), the questions and who is asked (``invented/``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

from sources.example.catalog import BOARD, YEARS, Catalog, read_invented, read_rows
from sources.example.exports.spreadsheets import Cell, Heading, Sheet, write_csv, write_sheets

_FIGURES = Path(__file__).parents[1] / "figures" / "surveys.csv"
_QUESTION_HEADER = (
    *("Enkät", "Enkätnamn", "År", "Omgång", "Kod", "Fråga", "Mått"),
    *("Lägst", "Högst", "Gynnsamt från", "Minst antal svar"),
)
_SCALE = (1, 2, 3, 4, 5)
_LABELS = ("Instämmer inte alls", "Instämmer knappast", "Varken eller", "Instämmer i stort", "Instämmer helt")
_NO_OPINION = "Vet ej"
_MANAGERS = {2022: 47, 2023: 51}
_ROUNDS = (1, 2, 3, 4)
_REMARKS = ("", "", "", "Svårt att hinna med", "Bra samarbete i år", "Mer tid för planering, tack")


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question; ``typical`` is near what most answer, empty for a question in free text."""

    survey_code: str
    survey_name: str
    question_code: str
    question_text: str
    statistic: str
    favourable_from: str
    typical: str

    def row(self, year: int) -> tuple[Cell, ...]:
        """Return the question as a list of questions has it: the same in every round."""
        scale: tuple[Cell, ...] = (_SCALE[0], _SCALE[-1]) if self.typical else ("", "")
        asked = (self.survey_code, self.survey_name, year, "", self.question_code, self.question_text, self.statistic)
        return (*asked, *scale, self.favourable_from, "")


def write_surveys(out: Path, catalog: Catalog, seed: int) -> list[Path]:
    """Write ``enkat_chefer_<year>.xlsx``, ``puls_fragor_<year>.csv`` and ``puls_<year>_<round>.csv``.

    The managers' answers give the printed shares; the pulse is invented altogether. 2022 the pulse came long and in
    CP1252, 2023 it comes wide and in UTF-8.
    """
    asked = [_Asked(**row) for row in read_invented("survey_questions.csv")]
    managers = [question for question in asked if question.survey_code == "chefsenkat"]
    pulse = [question for question in asked if question.survey_code == "puls"]
    written = []
    for year in YEARS:
        written.append(_write_managers(out, managers, year, seed))
        rows = [question.row(year) for question in pulse]
        written.append(write_csv(out / f"puls_fragor_{year}.csv", _QUESTION_HEADER, rows))
        written += [_write_pulse(out, catalog, pulse, (year, number), seed) for number in _ROUNDS]
    return written


def _write_managers(out: Path, asked: Sequence[_Asked], year: int, seed: int) -> Path:
    random = Random(f"{seed} chefsenkat {year}")  # noqa: S311  invented answers, not secrets
    columns = [_managers_answers(random, question, year) for question in asked]
    header = ("Svars-id", "E-post", "Starttid", "Befattning", *(question.question_text for question in asked))
    started = f"{year}-10-{random.randrange(2, 20):02} 08:15"
    respondents = zip(_ids(random, _MANAGERS[year]), *columns, strict=True)
    rows = [
        (name, f"chef{number:02}@exempelkommunen.invalid", started, "Chef", *answers)
        for number, (name, *answers) in enumerate(respondents, start=1)
    ]
    printed = datetime.combine(date(year, 11, 6), time(9))
    note = "Ett svar per rad. Påhittade svar."
    answers = Sheet(Heading("Svar", f"Chefsenkäten {year}", note, printed), header, rows)
    heading = Heading("Frågor", f"Frågorna i Chefsenkäten {year}", "Skala 1-5.", printed)
    questions = Sheet(heading, _QUESTION_HEADER, [question.row(year) for question in asked])
    return write_sheets(out / f"enkat_chefer_{year}.xlsx", [answers, questions])


def _managers_answers(random: Random, question: _Asked, year: int) -> list[Cell]:
    """Return one answer per manager, in random order; labelled with words in 2022."""
    count = _MANAGERS[year]
    if not question.typical:
        return [random.choice(_REMARKS) for _ in range(count)]
    share = _printed_share(question, year)
    if share is None:
        answers = [_answer(random, question) for _ in range(count)]
    else:
        answers = [_NO_OPINION, "", *_with_share(random, share, count - 2)]
        random.shuffle(answers)
    return [_labelled(answer) if year == YEARS[0] else answer for answer in answers]


def _with_share(random: Random, share: int, count: int) -> list[Cell]:
    """Return ``count`` points of which ``share`` per cent, as it is printed, are 4 or 5."""
    favourable = int((Decimal(share * count) / 100).to_integral_value(ROUND_HALF_UP))
    got = (Decimal(100 * favourable) / count).to_integral_value(ROUND_HALF_UP)
    if got != share:
        raise ValueError(f"{count} answers cannot give {share} per cent; {favourable} of them give {got}")
    return [random.choice(_SCALE[3:] if place < favourable else _SCALE[:3]) for place in range(count)]


def _printed_share(question: _Asked, year: int) -> int | None:
    key = (question.survey_code, question.question_code, str(year))
    rows = {(row["survey_code"], row["question_code"], row["year"]): row for row in read_rows(_FIGURES)}
    return int(rows[key]["favourable_pct"]) if key in rows else None


def _write_pulse(out: Path, catalog: Catalog, asked: Sequence[_Asked], which: tuple[int, int], seed: int) -> Path:
    year, number = which
    random = Random(f"{seed} puls {year} {number}")  # noqa: S311  invented answers, not secrets
    units = [unit for unit in _units_asked(catalog, year) if random.random() < 0.9]
    respondents = [
        (name, unit, [_answer(random, question) for question in asked])
        for name, unit in zip(_ids(random, len(units)), units, strict=True)
    ]
    path = out / f"puls_{year}_{number}.csv"
    if year == YEARS[0]:
        long = _long_rows(respondents, asked)
        return write_csv(path, ("Svars-id", "Enhet", "Frågekod", "Svar"), long, encoding="cp1252")
    header = ("Svars-id", "Enhet", *(question.question_code.upper() for question in asked), "Övriga kommentarer")
    return write_csv(path, header, ((name, unit, *row, random.choice(_REMARKS)) for name, unit, row in respondents))


def _long_rows(
    respondents: Sequence[tuple[str, str, list[Cell]]], asked: Sequence[_Asked]
) -> Iterator[tuple[Cell, ...]]:
    for name, unit, answers in respondents:
        for question, answer in zip(asked, answers, strict=True):
            yield name, unit, question.question_code, answer


def _units_asked(catalog: Catalog, year: int) -> list[str]:
    """Return the unit of each person who is asked: the board's units that year, and some who belong to none."""
    units = {row["unit_code"]: int(row["respondents"]) for row in read_invented("survey_units.csv")}
    ours = [unit for unit in units if not unit or catalog.unit_in(unit, year).board_code == BOARD]
    return [unit for unit in ours for _ in range(units[unit])]


def _ids(random: Random, count: int) -> list[str]:
    """Return what the survey tool calls its respondents: all different."""
    return [str(number) for number in random.sample(range(10**6, 10**7), count)]


def _answer(random: Random, question: _Asked) -> Cell:
    """Return a point of the scale near the typical one, at times no opinion or nothing."""
    draw = random.random()
    if draw < 0.05:
        return _NO_OPINION if draw < 0.03 else ""
    return min(max(round(random.gauss(float(question.typical), 1)), _SCALE[0]), _SCALE[-1])


def _labelled(answer: Cell) -> Cell:
    return f"{answer} - {_LABELS[answer - 1]}" if isinstance(answer, int) else answer
