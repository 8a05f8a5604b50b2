"""The adapter: nothing is silent, batches give what the whole gives, and keys are complete."""

import subprocess
import sys
import time
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.loader import Check, Suite
from expectations.runner import run_suite


def check(name, kind, severity="critical", **kwargs):
    return Check(name, kind, kwargs, severity, "drift", "En regel.", "row", "fel", "rätta")


EITHER = "either_value_is_missing"
SUITE = Suite(
    "t",
    ("row_no",),
    "Alltid.",
    (
        check("rows", "expect_table_row_count_to_be_between", min_value=1),
        check("present", "expect_column_values_to_not_be_null", column="amount_ore"),
        check("digits", "expect_column_values_to_match_regex", column="account", regex="^[0-9]{3,6}$"),
        check("known", "expect_column_values_to_be_in_set", column="account", value_set={"$PARAMETER": "known"}),
        check("range", "expect_column_values_to_be_between", column="amount_ore", min_value=0, max_value=50),
        check("pair", "expect_column_pair_values_to_be_equal", column_A="a", column_B="b", ignore_row_if=EITHER),
        check("unique", "expect_compound_columns_to_be_unique", column_list=["account", "a"], ignore_row_if="never"),
        check("single", "expect_column_values_to_be_unique", column="b"),
    ),
)

SCHEMA = pa.schema(
    {"row_no": pa.int64(), "account": pa.string(), "amount_ore": pa.int64(), "a": pa.int32(), "b": pa.int32()}
)
KNOWN = {"known": ["3010", "5010"]}

rows = st.lists(
    st.tuples(
        st.sampled_from(["3010", "5010", "99", "4600", None]),
        st.one_of(st.none(), st.integers(-100, 100)),
        st.one_of(st.none(), st.integers(1, 3)),
        st.one_of(st.none(), st.integers(1, 3)),
    ),
    min_size=1,
    max_size=20,
)


def table_of(rows):
    return pa.Table.from_pylist(
        [dict(zip(SCHEMA.names, (n, *row), strict=True)) for n, row in enumerate(rows, 10)], schema=SCHEMA
    )


def told(outcomes):
    return {o.name: (o.passed, o.failed_rows, o.failing_keys["row_no"].to_pylist()) for o in outcomes}


def expected(rows):
    """Return what each rule must say, row by row in plain Python."""
    numbered = list(enumerate(rows, 10))
    pairs = [(account, a) for account, _, a, _ in rows]
    bs = [b for *_, b in rows]
    return {
        "rows": [],
        "present": [n for n, (_, amount, _, _) in numbered if amount is None],
        "digits": [n for n, (account, *_) in numbered if account == "99"],
        "known": [n for n, (account, *_) in numbered if account not in (None, "3010", "5010")],
        "range": [n for n, (_, amount, _, _) in numbered if amount is not None and not 0 <= amount <= 50],
        "pair": [n for n, (*_, a, b) in numbered if None not in (a, b) and a != b],
        "unique": [n for n, (account, _, a, _) in numbered if pairs.count((account, a)) > 1],
        "single": [n for n, (*_, b) in numbered if b is not None and bs.count(b) > 1],
    }


@settings(max_examples=10, deadline=None)
@given(rows, st.integers(1, 7))
def test_batches_and_whole_give_the_keys_that_plain_python_gives(rows, batch_rows):
    table = table_of(rows)
    wanted = {name: (not keys, len(keys), keys) for name, keys in expected(rows).items()}
    assert told(run_suite(SUITE, table, KNOWN)) == wanted
    assert told(run_suite(SUITE, table, KNOWN, batch_rows=batch_rows)) == wanted


def test_missing_column_fails_with_the_reason():
    outcomes = {o.name: o for o in run_suite(SUITE, table_of([("3010", 1, 1, 1)]).drop_columns(["account"]), KNOWN)}
    assert outcomes["digits"].error == "kolumnen account saknas i t"
    assert not outcomes["digits"].passed
    assert not outcomes["unique"].passed
    assert outcomes["present"].passed


def test_missing_key_column_fails_every_rule():
    outcomes = run_suite(SUITE, table_of([("3010", 1, 1, 1)]).drop_columns(["row_no"]), KNOWN)
    assert {o.error for o in outcomes} == {"kolumnen row_no saknas i t"}
    assert not any(o.passed for o in outcomes)


def test_parameter_not_given_fails_and_one_unknown_is_not_applicable():
    table = table_of([("99", 1, 1, 1)])
    absent = {o.name: o for o in run_suite(SUITE, table)}["known"]
    assert (absent.passed, absent.error) == (False, "parametern known är inte given")
    unknown = {o.name: o for o in run_suite(SUITE, table, {"known": None})}["known"]
    assert (unknown.passed, unknown.total_rows, unknown.observed) == (True, 0, "ej tillämplig: known är inte känt")


def test_what_one_rule_raises_does_not_pass():
    wrong = check("wrong", "expect_column_values_to_match_regex", column="amount_ore", regex="[")
    good = check("good", "expect_column_values_to_not_be_null", column="account")
    outcomes = {
        o.name: o for o in run_suite(Suite("t", ("row_no",), "Alltid.", (wrong, good)), table_of([("1", 1, 1, 1)]))
    }
    assert not outcomes["wrong"].passed
    assert outcomes["wrong"].error
    assert outcomes["good"].passed


def test_empty_frame_fails_the_row_count_only():
    outcomes = {o.name: o for o in run_suite(SUITE, SCHEMA.empty_table(), KNOWN)}
    assert [name for name, o in outcomes.items() if not o.passed] == ["rows"]
    assert (outcomes["rows"].failed_rows, outcomes["rows"].total_rows) == (1, 1)
    assert outcomes["rows"].observed == "0 rader"


def test_money_as_decimal_is_refused():
    table = pa.table({"row_no": [1], "amount_sek": pa.array([Decimal("1.00")], pa.decimal128(18, 2))})
    suite = Suite(
        "t", ("row_no",), "Alltid.", (check("m", "expect_column_values_to_not_be_null", column="amount_sek"),)
    )
    (outcome,) = run_suite(suite, table)
    assert "pröva öre som heltal" in outcome.error


def test_outcome_carries_what_the_suite_says():
    suite = Suite(
        "t", ("row_no",), "Alltid.", (check("x", "expect_column_values_to_not_be_null", "warning", column="a"),)
    )
    (outcome,) = run_suite(suite, table_of([("1", 1, None, 1), ("1", 1, 2, 1)]))
    assert (outcome.table, outcome.severity, outcome.who_fixes, outcome.description) == (
        "t",
        "warning",
        "drift",
        "En regel.",
    )
    assert (outcome.failed_rows, outcome.total_rows, outcome.observed) == (1, 2, "1 av 2 rader")


def test_importing_and_loading_does_not_import_the_library():
    code = (
        "import sys, expectations.arrival, expectations.publication, expectations.loader as l;"
        "l.load_suites('arrival');"
        "heavy = {'great_expectations', 'pandas', 'polars', 'pyarrow'} & sys.modules.keys();"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("amount", [Decimal("0.01"), Decimal("-9999999999999999.99"), None])
def test_ore_is_exact(amount):
    from expectations.helpers import with_ore

    frame = with_ore(pl.DataFrame({"amount_sek": [amount]}, schema={"amount_sek": pl.Decimal(18, 2)}))
    assert frame["amount_ore"].to_list() == [None if amount is None else int(amount * 100)]


def test_a_year_of_postings_takes_less_than_a_few_seconds():
    """45 000 postings take a third of a second; the bound is for slow machines."""
    from arrival_examples import P, ledger, posting, table_of

    example = ledger(P)
    year = [posting(n, 1 + n // 2 % 12, "1930", "1.00" if n % 2 else "-1.00", None) for n in range(45_000)]
    for row in year:
        row["voucher_row_no"] = row["row_no"] - row["row_no"] % 2
    table = table_of(P, year)
    example.tables = lambda: {P: table}
    example.check()
    start = time.perf_counter()
    verdict = example.check()
    assert time.perf_counter() - start < 3
    assert verdict.rows_loaded == 45_000
