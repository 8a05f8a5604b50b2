"""The order of rows and the number of files change nothing in what is read."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sources.hr import read
from tests.staff_files import (
    ABSENCE,
    EMPLOYMENT,
    FILES,
    INCIDENT,
    NAME,
    OPTIONS,
    SCHEDULED,
    WORKED,
    csv,
    dashed,
    number,
)

BORN = st.dates(min_value=date(1950, 1, 1), max_value=date(2005, 12, 31))
DAYS = st.dates(min_value=date(2022, 6, 1), max_value=date(2023, 12, 31))
SHARES = st.integers(0, 100).map(lambda share: str(Decimal(share) / 100).replace(".", ","))
BROKEN = st.sampled_from(["", NAME, "1981-13-01", "0,999x"])


@st.composite
def persons(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a number, in one of the ways it is written; one in ten is none."""
    twelve = number(f"{draw(BORN):%Y%m%d}", f"{draw(st.integers(0, 999)):03d}")
    written = [dashed(twelve), twelve, twelve[2:], f"{twelve[2:8]}-{twelve[8:]}", str(int(twelve[2:])), NAME]
    return {"Personnummer": draw(st.sampled_from(written)), "Anställningsnr": str(draw(st.integers(1, 10)))}


def spoilt(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, values, BROKEN)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[Mapping[str, Any]]]:
    """Draw a kind of table and its rows."""
    kind = draw(st.sampled_from(sorted(FILES)))
    rows = draw(st.lists(_row(kind), min_size=2, max_size=12))
    return kind, rows


@st.composite
def _row(draw: st.DrawFn, kind: str) -> Mapping[str, Any]:
    if kind == "incidents":
        return INCIDENT | {"Inträffade": draw(spoilt(st.dates(date(2023, 1, 1), date(2023, 12, 31)).map(str)))}
    who = draw(persons())
    if kind == "employments":
        return EMPLOYMENT | who | {"Sysselsättningsgrad": draw(spoilt(SHARES)), "Gäller från": str(draw(DAYS))}
    if kind == "absences":
        start = draw(DAYS)
        days = {"Från": str(start), "Till": str(start + timedelta(days=draw(st.integers(0, 400))))}
        return ABSENCE | who | days | {"Omfattning": draw(spoilt(SHARES))}
    hours = str(draw(st.decimals(0, 744, places=2))).replace(".", ",")
    month = {"Period": f"2023{draw(st.integers(1, 12)):02d}"}
    return {**SCHEDULED, **who, **month, "Schematid": hours} if kind == "scheduled_hours" else WORKED | who | month


def _said(kind: str, rows: list[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Return what is read of each row, without its number, with what is said to be wrong with it."""
    reading = read(csv(*rows), FILES[kind][0], OPTIONS)
    (table,) = reading.tables.values()
    faults: dict[int, list[tuple[str, str]]] = {}
    for problem in reading.problems:
        faults.setdefault(problem.row_no, []).append((problem.column, problem.reason))
    return [
        (tuple(value for name, value in row.items() if name != "row_no"), tuple(sorted(faults.get(row["row_no"], []))))
        for row in table.to_pylist()
    ]


@settings(max_examples=60, deadline=None)
@given(files(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(file, random):
    kind, rows = file
    shuffled = random.sample(range(len(rows)), len(rows))
    said = _said(kind, rows)
    assert _said(kind, [rows[place] for place in shuffled]) == [said[place] for place in shuffled]


@settings(max_examples=60, deadline=None)
@given(files(), st.data())
def test_splitting_a_file_changes_nothing(file, data):
    kind, rows = file
    cut = data.draw(st.integers(1, len(rows) - 1))
    assert _said(kind, rows[:cut]) + _said(kind, rows[cut:]) == _said(kind, rows)


@settings(max_examples=30, deadline=None)
@given(st.lists(_row("absences"), min_size=1, max_size=8), _row("absences"))
def test_another_row_changes_no_other(rows, more):
    assert _said("absences", [*rows, more])[:-1] == _said("absences", rows)
