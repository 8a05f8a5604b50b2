"""A delivery tried a few rows at a time gets the verdict it gets as a whole."""

from dataclasses import asdict, replace
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
import staff_examples
from arrival_examples import BAD, FILES, GOOD, P, ledger, posting
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import trial
from expectations.arrival import check_arrival
from expectations.batches import ParquetRows
from sources.reading import Problem


def verdict(example, *, batch_rows=None, tables=None):
    """Return a verdict as plain values."""
    found = check_arrival(
        example.source,
        "load-1",
        FILES[example.source],
        tables or example.tables(),
        example.problems,
        example.context,
        batch_rows=batch_rows,
    )
    outcomes = [asdict(each) | {"failing_keys": each.failing_keys.to_pylist()} for each in found.outcomes]
    return asdict(found) | {"outcomes": outcomes, "quarantine": found.quarantine.to_pylist()}


def every_defect():
    """Return one ledger with the defect of every rule about postings, each in vouchers of its own."""
    whole = ledger()
    whole.rows[P] = []
    for place, (rule, (source, change)) in enumerate(sorted(BAD.items()), start=1):
        if source != "ledger" or not rule.startswith(("postings_", "voucher_")):
            continue
        example, shift = ledger(), 100 * place
        change(example)
        for row in example.rows[P]:
            own = {"voucher_series": f"S{place}"} if row["voucher_series"] else {}
            line = row["voucher_row_no"]
            moved = {"row_no": row["row_no"] + shift, "voucher_row_no": None if line is None else line + shift}
            whole.rows[P].append(row | moved | own)
        whole.problems += [replace(each, row_no=each.row_no + shift) for each in example.problems]
    return whole


@pytest.mark.parametrize("batch_rows", [9, 40])
def test_every_defect_is_seen_the_same_in_batches(batch_rows):
    example = every_defect()
    assert verdict(example, batch_rows=batch_rows) == verdict(example)


STAFF = ("employments_one_person", "absences_within_full_time", "schedule_has_every_month", "worked_hours_row_alone")


@pytest.mark.parametrize("rule", STAFF)
def test_rules_that_compare_rows_of_staff_see_the_same_in_batches(rule):
    source, change = staff_examples.BAD[rule]
    example = staff_examples.GOOD[source]()
    change(example)
    assert verdict(example, batch_rows=2) == verdict(example)


CONTROLS = [rule for rule in BAD if rule in {"balance_reconciles", "result_reconciles", "period_sums_to_zero"}]
CONTROLS += [rule for rule in BAD if rule.startswith(("voucher_", "vouchers_"))]


@pytest.mark.parametrize("rule", CONTROLS)
def test_every_control_sums_the_same_in_batches(rule):
    source, change = BAD[rule]
    example = GOOD[source]()
    change(example)
    assert verdict(example, batch_rows=4) == verdict(example)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "voucher": st.integers(1, 4),
            "line": st.sampled_from(["own", "none"]),
            "amount": st.sampled_from(["100.25", "-100.25", "0.01", None]),
            "unit": st.sampled_from(["11", "99", None]),
            "kind": st.sampled_from(["TRANS", "TRANS", "BTRANS"]),
            "problem": st.sampled_from([None, None, "row", "voucher"]),
        }
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=4, deadline=None)
@given(ROWS, st.integers(3, 6), st.sampled_from([0.0, 0.5, 1.0]))
def test_vouchers_may_lie_scattered_and_damaged(rows, batch_rows, share):
    example = ledger()
    example.rows[P] = []
    for number, row in enumerate(rows, start=11):
        begin = None if row["line"] == "none" else row["voucher"] * 10
        changes = {"kind": row["kind"], "counts": row["kind"] == "TRANS", "voucher_row_no": begin}
        example.rows[P].append(posting(number, row["voucher"], "5010", "1.00", row["unit"], **changes))
        example.rows[P][-1]["amount_sek"] = None if row["amount"] is None else Decimal(row["amount"])
        if row["problem"]:
            line = number if row["problem"] == "row" else row["voucher"] * 10
            example.problems.append(Problem(P, line, "amount_sek", "x", "är inget tal"))
    example.knows(max_quarantined_share=share)
    assert verdict(example, batch_rows=batch_rows) == verdict(example)


@pytest.mark.parametrize("column", ["voucher_row_no", "amount_sek", "counts", "period", "unit_code", "voucher_no"])
def test_a_missing_column_is_told_the_same(column):
    example = ledger()
    example.dropped = [(P, column)]
    assert verdict(example, batch_rows=2) == verdict(example)


def test_a_table_may_lie_in_a_file(tmp_path):
    example = ledger()
    example.rows[P][0]["unit_code"] = "99"
    tables = {}
    for name, table in example.tables().items():
        pq.write_table(table, tmp_path / f"{name}.parquet", row_group_size=4)
        tables[name] = ParquetRows(tmp_path / f"{name}.parquet")
    assert verdict(example, tables=tables, batch_rows=3) == verdict(example)


def test_rows_left_out_of_a_file_are_not_tried(tmp_path):
    example = ledger(P)
    pq.write_table(example.tables()[P], tmp_path / "p.parquet")
    rows = ParquetRows(tmp_path / "p.parquet", left_out=[21, 22])
    found = verdict(example, tables={P: rows}, batch_rows=2)
    example.rows[P] = [row for row in example.rows[P] if row["row_no"] not in (21, 22)]
    assert found == verdict(example)
    assert found["rows_in"] == 4


def test_a_file_where_everything_is_wrong_is_rejected_without_a_word_for_each_row(monkeypatch):
    monkeypatch.setattr(trial, "CRITICAL_LOOKED_AT", 3)
    monkeypatch.setattr(trial, "WARNINGS_LOOKED_AT", 2)
    example = ledger(P)
    example.rows[P] = [
        posting(10 * voucher + line, voucher % 12 + 1, "5010", "1.00", "99", voucher_row_no=10 * voucher)
        for voucher in range(1, 30)
        for line in (1, 2)
    ]
    example.knows(max_quarantined_share=0.01, superseded_rows=None)
    found = check_arrival("ledger", "l", "KS.se", example.tables(), [], example.context, batch_rows=4)
    assert found.rejected_reason
    assert found.rows_quarantined == found.rows_in == 58
    outcome = next(each for each in found.outcomes if each.name == "postings_unit_known")
    assert outcome.failed_rows == 58
    assert found.quarantine.num_rows < 58
    assert any("ansvar 99 finns inte i organisationsregistret; och 57 rader till" in text for text in found.messages)
