"""Validity of a register over time, against the same asked day by day."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sources.validity import Entry, circle, outlived_parents, overlaps

FIRST = date(2023, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(8)]
SPAN = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(sorted)
ROW = st.tuples(st.sampled_from("ABC"), st.sampled_from([None, "A", "B", "C"]), SPAN)
ROWS = st.lists(ROW, min_size=1, max_size=6).map(
    lambda rows: [Entry(no, code, parent, *span) for no, (code, parent, span) in enumerate(rows, start=2)]
)


def on(rows, day):
    return [row for row in rows if row.start <= day <= row.end]


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_a_row_outlives_its_parent_on_the_first_day_without_it(rows):
    codes = {row.code for row in rows}
    expected = {}
    for row in rows:
        if row.parent in codes:
            alone = [d for d in DAYS if row in on(rows, d) and row.parent not in {each.code for each in on(rows, d)}]
            expected |= {row.row_no: str(alone[0])} if alone else {}
    found = {p.row_no: p.reason.split("gäller inte ")[1].split(";")[0] for p in outlived_parents("t", rows, "projekt")}
    assert found == expected


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_rows_overlap_that_share_a_day_with_another_of_their_code(rows):
    expected = {row.row_no for d in DAYS for row in on(rows, d) if [r.code for r in on(rows, d)].count(row.code) > 1}
    assert {problem.row_no for problem in overlaps("t", rows, "projektet")} == expected


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_a_circle_is_one_on_some_day_and_leads_back_to_its_start(rows):
    names = circle(rows)
    if not names:
        assert not any(_returns(on(rows, day)) for day in DAYS)
        return
    assert names[0] == names[-1] == min(names)
    assert any(set(pairwise(names)) <= {(row.code, row.parent) for row in on(rows, day)} for day in DAYS)


def _returns(rows):
    """Say whether some code is reached from itself by following parents."""
    above = {code: {row.parent for row in rows if row.code == code} - {None} for code in "ABC"}
    for code in above:
        reached, todo = set(), set(above[code])
        while todo:
            reached |= todo
            todo = {parent for each in todo for parent in above[each]} - reached
        if code in reached:
            return True
    return False
