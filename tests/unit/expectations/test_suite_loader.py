"""The format of a suite file, and every way it can be wrong."""

import pytest
import yaml

from expectations.loader import (
    FREE_TEXT_COLUMNS,
    SuiteError,
    arrival_suites,
    load_suite,
    load_suites,
    published_suite,
)

ENTRY = {
    "name": "tal_present",
    "type": "expect_column_values_to_not_be_null",
    "kwargs": {"column": "amount_ore"},
    "severity": "critical",
    "meta": {
        "who_fixes": "redovisning",
        "scope": "row",
        "description": "Varje rad har ett belopp.",
        "finding": "belopp saknas för {account}",
        "message": "rätta",
    },
}
META = ENTRY["meta"]


def typed(kind, **kwargs):
    return ENTRY | {"type": f"expect_column_values_to_{kind}", "kwargs": kwargs}


def write(tmp_path, *entries, **changes):
    path = tmp_path / "x__y.yml"
    suite = {"table": "x__y", "keys": ["row_no"], "use_when": "Alltid.", "expectations": list(entries)} | changes
    path.write_text(yaml.safe_dump(suite), encoding="utf-8")
    return path


def test_suite_is_read(tmp_path):
    suite = load_suite(write(tmp_path, ENTRY))
    assert (suite.table, suite.keys) == ("x__y", ("row_no",))
    (check,) = suite.checks
    assert check.columns == ("amount_ore",)
    assert check.column == "amount_sek"
    assert check.placeholders == ("account",)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({k: v for k, v in ENTRY.items() if k != "severity"}, r"x__y\.yml, entry 1 \(tal_present\): missing severity"),
        (ENTRY | {"severity": "error"}, "severity is 'error', must be one of critical, warning"),
        (ENTRY | {"mostly": 0.9}, "unknown mostly"),
        (ENTRY | {"name": "Tal present"}, "name must be snake_case"),
        (ENTRY | {"type": "expect_column_mean_to_be_between"}, "type is 'expect_column_mean_to_be_between'"),
        (ENTRY | {"kwargs": ["amount_ore"]}, "kwargs: must be a mapping"),
        (ENTRY | {"kwargs": {"column": "a", "mostly": 0.9}}, "kwargs: unknown mostly"),
        (typed("match_regex", column="account"), "kwargs: missing regex"),
        (typed("be_in_set", column="account"), "kwargs: missing value_set"),
        (typed("be_in_set", column="account", value_set=None), "kwargs: empty value_set"),
        (typed("be_between", column="amount_ore"), "kwargs: missing min_value or max_value"),
        (ENTRY | {"meta": {k: v for k, v in META.items() if k != "who_fixes"}}, "meta: missing who_fixes"),
        (ENTRY | {"meta": {k: v for k, v in META.items() if k != "description"}}, "meta: missing description"),
        (ENTRY | {"meta": META | {"description": ""}}, "meta: empty description"),
        (ENTRY | {"meta": META | {"who_fixes": "någon"}}, "who_fixes is 'någon'"),
        (ENTRY | {"meta": META | {"scope": "table"}}, "scope is 'table'"),
        (ENTRY | {"meta": META | {"owner": "x"}}, "meta: unknown owner"),
        (ENTRY | {"meta": META | {"finding": "{voucher_text} är fel"}}, "finding shows free text: voucher_text"),
        ("tal_present", "entry 1: must be a mapping, is str"),
    ],
)
def test_wrong_entry_is_refused_by_file_and_entry(tmp_path, entry, said):
    with pytest.raises(SuiteError, match=said) as caught:
        load_suite(write(tmp_path, entry))
    assert "x__y.yml, entry 1" in str(caught.value)


def test_wrong_file_is_refused(tmp_path):
    with pytest.raises(SuiteError, match="table is 'z', the file is named 'x__y'"):
        load_suite(write(tmp_path, ENTRY, table="z"))
    with pytest.raises(SuiteError, match="unknown owner"):
        load_suite(write(tmp_path, ENTRY, owner="ekonomi"))
    with pytest.raises(SuiteError, match="at least one entry"):
        load_suite(write(tmp_path))
    with pytest.raises(SuiteError, match="names used twice: tal_present"):
        load_suite(write(tmp_path, ENTRY, ENTRY))


@pytest.mark.parametrize("kind", ["arrival", "published"])
def test_our_own_suites_are_in_format(kind):
    for suite in load_suites(kind):
        for check in suite.checks:
            assert check.description.endswith("."), check.name
            assert not check.message.endswith("."), check.name
            assert not FREE_TEXT_COLUMNS.intersection(suite.keys)


def test_every_raw_table_hears_what_the_reader_could_not_read():
    for suite in load_suites("arrival"):
        if "__" in suite.table and not suite.table.endswith("_control"):
            assert ("unreadable_column",) in [c.columns for c in suite.checks if c.severity == "critical"], suite.table


def test_suites_are_found_by_source_and_mart():
    assert set(arrival_suites("budget")) == {"budget__lines", "delivery_control"}
    assert published_suite("load").table == "load"
    with pytest.raises(SuiteError, match="no arrival suites for source 'payroll'"):
        arrival_suites("payroll")
    with pytest.raises(SuiteError, match="no published suite for mart 'x'"):
        published_suite("x")
