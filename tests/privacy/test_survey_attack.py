"""Somebody subtracts what survey_result shows from its totals, for any survey there may be, and learns of nobody.

The attacker is stronger than any reader: exact sums instead of rounded figures, every single answer of the groups that
are shown, and how many answered in those that are not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from dbt.cli.main import dbtRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.staff_models import PROJECT

LIMIT = 5
_ANSWERS = pa.schema(
    [
        *(("load_id", pa.string()), ("survey_code", pa.string()), ("year", pa.int32()), ("round_no", pa.int32())),
        *(("measured_on", pa.date32()), ("group_code", pa.string()), ("respondent_no", pa.int32())),
        *(("question_code", pa.string()), ("answer_value", pa.decimal128(9, 2)), ("is_no_opinion", pa.bool_())),
        ("answer_weight", pa.decimal128(12, 6)),
    ]
)
_SURROUNDINGS = """
    attach ':memory:' as warehouse; use warehouse; set threads = 1;
    create schema staging; create schema core; create schema marts;
    create table staging.stg_settings__staff as select 5 as min_survey_answers;
    create table staging.stg_survey__questions as
        select 'list' as load_id, 's' || survey as survey_code, 'Enkät' as survey_name, 2023 as year,
            cast(null as integer) as round_no, statistic as question_code, 'Fråga' as question_text, statistic,
            'points' as unit, 1 as scale_min, 5 as scale_max, 4 as favourable_from, 2 as decimals,
            cast(null as integer) as min_answers
        from range(5) as surveys (survey) cross join (values ('share'), ('mean')) as statistics (statistic);
    create table staging.stg_releases__survey_mask
        (survey_code varchar, year integer, question_code varchar, group_code varchar);
    create table core.dim_org_unit as
        select code as unit_code, date '2020-01-01' as valid_from, 'Enhet' as unit_name, 'KS' as board_code
        from (values ('A'), ('B'), ('C'), ('D'), ('E')) as units (code);
"""


@dataclass(frozen=True)
class Respondent:
    """Somebody of a unit, None for none; ``points`` is None without an opinion."""

    unit: str | None
    points: int | None
    weight: int


Survey = list[Respondent]
RESPONDENTS = st.builds(
    Respondent,
    st.sampled_from(["A", "B", "C", "D", "E", None]),
    st.one_of(st.integers(1, 5), st.sampled_from([None, 5, 5, 5])),
    st.sampled_from([1, 1, 1, 1, 3, 40]),
)
# Where all think alike a figure tells everybody's answer: draw such surveys too.
ALIKE = st.builds(Respondent, st.sampled_from(["A", "B", None]), st.sampled_from([5, 5, 5, 4]), st.just(1))
SURVEYS = st.lists(
    st.one_of(st.lists(RESPONDENTS, min_size=1, max_size=45), st.lists(ALIKE, min_size=1, max_size=25)),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """The models between answers and the mart, as dbt compiles them."""
    folder = tmp_path_factory.mktemp("compiled")
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(folder)]
    quiet = ["--quiet", "--log-level", "none", "--log-level-file", "none", "--log-path", str(folder)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOKSLUT_BUILD", str(folder / "warehouse.duckdb"))
        patch.setenv("BOKSLUT_RAW", str(folder))
        outcome = dbtRunner().invoke([*quiet, "compile", *places, "--select", "fct_survey_group", "survey_result"])
    assert outcome.success, outcome.exception
    nodes = [each.node for each in outcome.result if each.node.resource_type == "model"]
    return [(f"{node.schema}.{node.name}", node.compiled_code) for node in nodes]


def published(
    models: list[tuple[str, str]], surveys: list[Survey], earlier: Sequence[dict[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Return the mart's rows for these surveys, each answer to two questions: a share and a mean.

    ``earlier`` are the mart's rows of the night before.
    """
    answers = [
        {
            "load_id": f"file{at}",
            "survey_code": f"s{at}",
            "year": 2023,
            "group_code": each.unit,
            "respondent_no": number,
        }
        | {"question_code": question, "answer_value": each.points and Decimal(each.points)}
        | {"is_no_opinion": each.points is None, "answer_weight": Decimal(each.weight)}
        for at, survey in enumerate(surveys)
        for number, each in enumerate(survey)
        for question in ("share", "mean")
    ]
    with duckdb.connect() as connection:
        connection.execute(_SURROUNDINGS)
        connection.register("answers", pa.Table.from_pylist(answers, _ANSWERS))
        connection.execute("create table staging.stg_survey__answers as from answers")
        names = ("survey_code", "year", "question_code", "group_code")
        for row in earlier:
            if row["is_suppressed"]:
                values = [row[name] for name in names]
                connection.execute("insert into staging.stg_releases__survey_mask values (?, ?, ?, ?)", values)
        for name, query in models:
            connection.execute(f"create table {name} as {query}")
        found = connection.execute("from marts.survey_result")
        columns = [column[0] for column in found.description]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def scores(survey: Survey, question: str) -> dict[str, list[tuple[int, int]]]:
    """Return what counts of each group: score and weight."""
    groups: dict[str, list[tuple[int, int]]] = {each.unit or "none": [] for each in survey}
    for each in survey:
        if each.points is not None:
            score = int(each.points >= 4) if question == "share" else each.points
            groups[each.unit or "none"].append((score, each.weight))
    return groups


def tells_of_few(answers: list[tuple[int, int]]) -> bool:
    """Say whether sums over these answers are of few, of one above all others, or everybody's own answer."""
    weights = [weight for _, weight in answers]
    effective = Fraction(sum(weights) ** 2, sum(weight * weight for weight in weights))
    alike = len({score for score, _ in answers}) == 1
    return len(answers) < LIMIT or effective < LIMIT or (alike and len(answers) < 2 * LIMIT)


def questions(surveys: list[Survey], rows: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the groups' answers and the mart's rows of each question of each survey, by group."""
    for at, survey in enumerate(surveys):
        for question in ("share", "mean"):
            told = {r["group_code"]: r for r in rows if (r["survey_code"], r["question_code"]) == (f"s{at}", question)}
            yield scores(survey, question), told


def withstand(groups: dict[str, list[tuple[int, int]]], told: dict[str, dict[str, Any]]) -> None:
    """Fail if what is shown of a question tells of few, or the total less it of the rest, or pins a hidden group."""
    shown = {code for code, row in told.items() if not row["is_suppressed"]}
    for code in shown - {"total"}:
        assert not tells_of_few(groups[code])
    if "total" not in shown:
        return
    everybody = [answer for answers in groups.values() for answer in answers]
    assert not tells_of_few(everybody)
    rest = [answer for code, answers in groups.items() if code not in shown for answer in answers]
    if not rest or groups.keys() == {"none"}:
        return
    assert not tells_of_few(rest)
    # Even if every answer of the rest were known, but not whose: no hidden group's sum follows from them.
    every_score = sorted(score for score, _ in rest)
    for code in groups.keys() - shown:
        size = len(groups[code])
        assert size < len(rest)
        pinned = sum(every_score[:size]) == sum(every_score[len(rest) - size :])
        assert not pinned or not size or len(set(every_score)) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(surveys=SURVEYS)
def test_nobody_is_told_of_by_what_is_shown_or_by_the_rest(
    models: list[tuple[str, str]], surveys: list[Survey]
) -> None:
    for groups, told in questions(surveys, published(models, surveys)):
        withstand(groups, told)


def test_the_attack_succeeds_where_others_are_not_hidden_too(models: list[tuple[str, str]]) -> None:
    (grouped, (mart, query)) = models
    rule = "hiding_no <= coalesce(enough_no, hiding_no)"
    assert rule in query
    survey = [Respondent(unit, points, 1) for unit in "ABBCC" for points in (1, 3, 5)]
    rows = published([grouped, (mart, query.replace(rule, "false"))], [survey])
    for groups, told in questions([survey], rows):
        with pytest.raises(AssertionError):
            withstand(groups, told)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(surveys=SURVEYS)
def test_nothing_is_hidden_without_need_and_what_is_hidden_is_empty(
    models: list[tuple[str, str]], surveys: list[Survey]
) -> None:
    for groups, told in questions(surveys, published(models, surveys)):
        for row in told.values():
            figures = [
                row[name] for name in ("value", "margin_of_error", "answers", "respondents", "suppression_reason")
            ]
            assert [figure is None for figure in figures[:4]].count(row["is_suppressed"]) >= 3
            assert (figures[4] is None) != row["is_suppressed"]
        everybody = [answer for answers in groups.values() for answer in answers]
        needs = any(answers and tells_of_few(answers) for answers in groups.values())
        hides = {code for code, row in told.items() if row["is_suppressed"] and groups.get(code, everybody)}
        assert bool(hides - {"total"}) <= needs
        if "total" in hides:
            assert not everybody or tells_of_few(everybody)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(survey=st.lists(RESPONDENTS, min_size=5, max_size=30), late=st.lists(RESPONDENTS, max_size=12))
def test_two_nights_hide_the_same_units(models: list[tuple[str, str]], survey: Survey, late: Survey) -> None:
    first = published(models, [survey])
    second = published(models, [survey + late], first)
    key = ("question_code", "group_code")
    hidden = [{tuple(row[name] for name in key) for row in rows if row["is_suppressed"]} for rows in (first, second)]
    units = {(question, group) for question, group in hidden[0] if group != "total"}
    assert units <= hidden[1]
    for groups, told in questions([survey + late], second):
        rest = [code for code, row in told.items() if row["is_suppressed"] and groups.get(code)]
        assert told["total"]["is_suppressed"] or len(rest) != 1


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(surveys=SURVEYS, order=st.randoms(use_true_random=False))
def test_the_order_of_respondents_means_nothing(
    models: list[tuple[str, str]], surveys: list[Survey], order: Any
) -> None:
    shuffled = [order.sample(survey, len(survey)) for survey in surveys]
    assert published(models, surveys) == published(models, shuffled)


def test_figures_are_what_the_answers_give(models: list[tuple[str, str]]) -> None:
    survey = [Respondent("A", points, 1) for points in (1, 2, 4, 4, 5, 5)]
    rows = published(models, [survey])
    found = {(row["question_code"], row["group_code"]): (row["value"], row["answers"]) for row in rows}
    assert Counter(found.values()) == {(Decimal("66.67"), 6): 2, (Decimal("3.50"), 6): 2}
