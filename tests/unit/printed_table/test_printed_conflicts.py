"""Roundings are never flagged, and a cell that cannot be right always is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.table_check import kinds
from sources.printed_table import Cell, Known, Printed, judge
from sources.printed_table.relations import nested, relations
from sources.printed_table.rounding import rounded, values

COLUMNS = ("budget", "outcome", "deviation", "prior", "change")
LINES = ("revenue", "personnel", "rent", "services", "other", "municipal_grant", "financial_net")


@cache
def operations() -> Known:
    return next(known for known in kinds() if known.code == "operations")


def printed(amounts: dict[tuple[str, str], int], step: int = 1000) -> Printed:
    """Return the table that öre by (line, budget, outcome or prior) are printed as; totals are of unrounded amounts."""
    cells = []
    for row_no, row in enumerate((*LINES, *operations().totals)):
        parts = operations().totals.get(row, (row,))
        base = {name: sum(amounts[part, name] for part in parts) for name in ("budget", "outcome", "prior")}
        ore = base | {"deviation": base["outcome"] - base["budget"], "change": base["outcome"] - base["prior"]}
        for column in COLUMNS:
            steps = (Decimal(ore[column]) / 100 / step).quantize(Decimal(1), ROUND_HALF_UP)
            cells.append(Cell(row_no, "", row, column, row, column, steps, Decimal(step), Decimal(step)))
    return Printed(operations(), tuple(cells), operations().totals)


AMOUNTS = st.fixed_dictionaries(
    {
        (line, name): st.integers(-(10**10), 10**10) | st.sampled_from([0, 50_000, -50_000, 49_999, 150_000])
        for line in LINES
        for name in ("budget", "outcome", "prior")
    }
)


def changed(table: Printed, place: int, by: int) -> Printed:
    cells = list(table.cells)
    cells[place] = replace(cells[place], printed=cells[place].printed + by)
    return replace(table, cells=tuple(cells))


def named(table: Printed) -> list[tuple[int, set[tuple[str, str, str]]]]:
    return [(c.fewest, {suspect.cell.key for suspect in c.suspects}) for c in judge(table).conflicts]


def test_the_reports_roundings_are_not_flagged(report: Printed) -> None:
    verdict = judge(report)

    assert verdict.is_possible
    assert (verdict.relations, verdict.off_by_rounding) == {"operations": (70, 24), "investments": (57, 11)}[
        report.known.code
    ]


@given(AMOUNTS)
@settings(max_examples=25, deadline=None)
def test_what_unrounded_amounts_give_is_possible(amounts: dict[tuple[str, str], int]) -> None:
    assert judge(printed(amounts)).is_possible


@given(AMOUNTS, st.integers(0, 49), st.integers(3, 10**6) | st.integers(-(10**6), -3))
@settings(max_examples=20, deadline=None)
def test_one_cell_that_is_three_off_or_more_is_found(amounts: dict[tuple[str, str], int], place: int, by: int) -> None:
    table = changed(printed(amounts), place, by)

    [(fewest, cells)] = named(table)

    assert fewest == 1
    assert table.cells[place].key in cells


@pytest.mark.parametrize("place", [0, 7, 29, 44, 79])
def test_a_misprint_in_the_report_is_found_and_what_could_stand_there_is_said(report: Printed, place: int) -> None:
    [conflict] = judge(changed(report, place, 30)).conflicts

    suspect = next(each for each in conflict.suspects if each.cell.key == report.cells[place].key)
    assert suspect.low is not None
    assert suspect.high is not None
    assert suspect.low <= report.cells[place].steps <= suspect.high
    assert suspect.high - suspect.low <= 2
    assert suspect.broken


def test_several_misprints_are_told_as_so_many(report: Printed) -> None:
    table = report
    for place, by in ((3, 40), (7, 9), (23, -300)):
        table = changed(table, place, by)

    found = named(table)

    assert sum(fewest for fewest, _ in found) == 3
    assert {report.cells[place].key for place in (3, 7, 23)} <= set().union(*(cells for _, cells in found))


def test_parts_of_a_table_that_share_nothing_are_judged_apart(stacked: Printed) -> None:
    table = changed(changed(stacked, 7, 9), 57, -300)

    assert [fewest for fewest, _ in named(table)] == [1, 1]
    assert {cell[0] for _, cells in named(table) for cell in cells} == {"ordinary", "development"}


@pytest.mark.parametrize(
    ("steps", "size", "ends"),
    [
        (0, 100_000, (-49_999, 49_999)),
        (1, 100_000, (50_000, 149_999)),
        (-1, 100_000, (-149_999, -50_000)),
        (7, 1, (7, 7)),
        (0, 1, (0, 0)),
        (2, 3, (5, 7)),
    ],
)
def test_half_goes_away_from_zero(steps: int, size: int, ends: tuple[int, int]) -> None:
    assert values(steps, size) == ends


@given(st.integers(-(10**6), 10**6), st.sampled_from([1, 10, 1000, 100_000, 7]))
def test_the_ends_are_the_last_that_round_there(steps: int, size: int) -> None:
    low, high = values(steps, size)
    assert rounded(low, size) == rounded(high, size) == steps
    assert rounded(low - 1, size) < steps < rounded(high + 1, size)


def test_half_a_krona_decides_exactly() -> None:
    """500 kronor are 1 tkr and 499,99 are none: two halves can be 1 + 0, never 1 + 1 = 0."""
    rows = {"a": "a", "b": "b", "sum": "sum"}
    known = Known("x", rows, {"sum": ("a", "b")})

    def table(*numbers: int) -> Printed:
        cells = tuple(
            Cell(no, "", row, "outcome", row, "Utfall", Decimal(number), Decimal(1000), Decimal(1000))
            for no, (row, number) in enumerate(zip(rows, numbers, strict=True))
        )
        return Printed(known, cells, known.totals)

    possible: Callable[..., bool] = lambda *numbers: judge(table(*numbers)).is_possible  # noqa: E731
    assert possible(0, 0, 1)
    assert possible(1, 1, 1)
    assert possible(1, 1, 3)
    assert not possible(0, 0, 2)
    # 2 · 499,99 = 999,98 rounds to 1, and 2 · 500 = 1000 is never 0.
    assert not possible(1, 1, 0)


def test_a_cell_that_is_not_printed_may_hold_anything(report: Printed) -> None:
    without = replace(report, cells=tuple(cell for cell in report.cells if cell.row_no != report.cells[0].row_no))

    verdict = judge(without)

    assert verdict.is_possible
    assert verdict.relations < judge(report).relations


def test_a_total_is_said_as_the_sum_that_readers_see() -> None:
    shown = nested(operations().totals)
    assert shown["net_cost"] == ("costs", "revenue")
    assert shown["result"] == ("net_cost", "municipal_grant", "financial_net")


def test_expenditure_deviates_the_other_way(report: Printed) -> None:
    signs = {relation.result[2]: [key[2] for key, _ in relation.terms] for relation in relations(report)[:1]}
    first = "outcome" if report.known.code == "operations" else "budget"
    assert signs["deviation"][0] == first
