"""What a failure leads to: whole vouchers, shares, messages, rejected files."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from arrival_examples import A, B, L, P, U, budget, ledger, organisation, posting, sets, unit
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.quarantine import SCHEMA
from sources.reading import Problem


def texts(verdict):
    return [(row["row_no"], row["message"]) for row in verdict.quarantine.to_pylist()]


def outcome(verdict, name):
    return next(o for o in verdict.outcomes if o.name == name)


def test_unbalanced_voucher_is_told_in_the_house_style():
    example = ledger()
    example.rows[P][0]["amount_sek"] = Decimal("112.75")
    verdict = example.check()
    text = (
        "ledger/KS_2023.se rad 10: verifikat A 211 summerar till 12,50, ska vara 0. "
        "Verifikatet är satt i karantän; rätta i ekonomisystemet och exportera igen."
    )
    assert texts(verdict) == [(11, text), (12, text)]
    assert (verdict.rows_in, verdict.rows_loaded, verdict.rows_quarantined) == (6, 4, 2)
    assert verdict.quarantine.schema == SCHEMA
    first = verdict.quarantine.to_pylist()[0]
    assert (first["load_id"], first["source_code"], first["table_name"]) == ("load-1", "ledger", P)
    assert (first["row_key"], first["column_name"], first["value"]) == ("2023 A 211", "amount_sek", "12,50")


def test_one_bad_posting_takes_its_whole_voucher():
    example = ledger()
    example.rows[P].append(posting(13, 1, "99", "0.00"))
    verdict = example.check()
    digits = [row for row in verdict.quarantine.to_pylist() if row["check_name"] == "postings_account_is_digits"]
    assert [(row["row_no"], row["value"]) for row in digits] == [(11, None), (12, None), (13, "99")]
    assert digits[2]["message"] == (
        "ledger/KS_2023.se rad 13: konto 99 är inte 3–6 siffror. "
        "Verifikatet är satt i karantän; rätta i ekonomisystemet och exportera igen."
    )
    assert digits[0]["message"] == (
        "ledger/KS_2023.se rad 11: verifikat A 211 är satt i karantän på grund av rad 13: konto 99 är inte 3–6 "
        "siffror. Hela verifikatet väntar; rätta i ekonomisystemet och exportera igen."
    )
    assert verdict.rows_quarantined == 3


def test_what_is_loaded_sums_to_zero_when_vouchers_are_set_aside():
    example = ledger(P)
    example.rows[P][0]["amount_sek"] = Decimal("112.75")
    verdict = example.check()
    assert outcome(verdict, "period_sums_to_zero").passed
    assert verdict.rejected_reason is None


def test_balances_are_tried_over_what_the_file_says_with_vouchers_set_aside():
    example = ledger()
    example.rows[P][2]["unit_code"] = "99"
    verdict = example.check()
    assert verdict.rows_quarantined == 2
    assert outcome(verdict, "balance_reconciles").passed
    assert outcome(verdict, "result_reconciles").passed


def test_five_accounts_off_are_named_and_the_rest_counted():
    example = ledger()
    example.rows[B] += [example.rows[B][0] | {"row_no": 60 + n, "account": f"15{n:02d}"} for n in range(7)]
    (text,) = example.check().messages
    assert text.startswith(
        "ledger/KS_2023.se: konto 1500 2023: ingående 1\N{NO-BREAK SPACE}000,00 + rörelser 0,00 − utgående 0,00 = "
        "1\N{NO-BREAK SPACE}000,00, ska vara 0; konto 1501"
    )
    assert "1504" in text
    assert "1505" not in text
    assert "; och 2 till. Detta är en varning; kontrollera att hela året" in text


@pytest.mark.parametrize("kind", ["IB", "UB"])
def test_part_of_a_year_is_not_applicable(kind):
    example = ledger(P, B)
    example.rows[B] = [row for row in example.rows[B] if row["kind"] != kind]
    result = outcome(example.check(), "balance_reconciles")
    assert (result.passed, result.total_rows) == (True, 0)


def test_balances_without_postings_are_not_tried_against_nothing():
    example = ledger(P, B)
    example.rows[P] = []
    example.knows(superseded_rows=None)
    verdict = example.check()
    assert [outcome(verdict, name).total_rows for name in ("balance_reconciles", "result_reconciles")] == [0, 0]
    assert verdict.messages == ()


def test_ledger_without_postings_but_with_balances_is_not_empty():
    example = ledger(P, B)
    example.rows[P] = []
    example.knows(superseded_rows=None)
    assert outcome(example.check(), "delivery_has_rows").passed


def test_unreadable_value_is_told_once_with_the_readers_reason():
    example = ledger(P)
    example.rows[P][0]["amount_sek"] = None
    example.problems = [Problem(P, 11, "amount_sek", "100,2S", "är inte ett tal; skriv bara siffror")]
    verdict = example.check()
    assert [row["check_name"] for row in verdict.quarantine.to_pylist()] == ["postings_readable"] * 2
    first = verdict.quarantine.to_pylist()[0]
    assert (first["column_name"], first["value"]) == ("amount_sek", "100,2S")
    assert first["message"].startswith("ledger/KS_2023.se rad 11: Belopp 100,2S är inte ett tal; skriv bara siffr")
    assert not outcome(verdict, "postings_amount_present").passed


@pytest.mark.parametrize("value", ["19800101-1234", "Anna Andersson", "8001011234", "Löneutmätning"])
def test_a_slipped_field_is_hidden_in_value_and_reason(value):
    example = ledger(P)
    example.rows[P][0]["amount_sek"] = None
    example.problems = [Problem(P, 11, "amount_sek", value, f"beloppet {value} är inget tal")]
    verdict = example.check()
    assert value not in repr([verdict.quarantine.to_pylist(), verdict.messages])
    assert verdict.quarantine["value"][0].as_py() == "(dolt värde)"


def test_problem_on_a_vouchers_own_line_takes_the_voucher():
    example = ledger(P)
    example.problems = [Problem(P, 10, "voucher_date", "20230230", "datumet finns inte i kalendern")]
    verdict = example.check()
    assert {row_no for row_no, _ in texts(verdict)} == {11, 12}


def test_problem_without_a_row_is_kept_and_counts_no_row():
    example = ledger(P)
    example.problems = [Problem(P, 999, "voucher_date", "20230230", "datumet finns inte i kalendern")]
    verdict = example.check()
    assert [row_no for row_no, _ in texts(verdict)] == [999]
    assert verdict.rows_loaded == verdict.rows_in == 6
    assert len(verdict.messages) == 1


def test_problem_in_another_table_sets_that_row_aside_only():
    example = ledger()
    example.rows[A][0]["account"] = "19"
    verdict = example.check()
    assert set(verdict.quarantine["table_name"].to_pylist()) >= {A}
    assert verdict.quarantine.filter(_is(verdict, A))["row_no"].to_pylist() == [2]


def _is(verdict, table):
    import pyarrow.compute as pc

    return pc.equal(verdict.quarantine["table_name"], table)


@pytest.mark.parametrize(("share", "rejected"), [(0.33, True), (0.34, False)])
def test_share_of_rows_set_aside_rejects_the_whole_file(share, rejected):
    example = budget()
    example.rows[L][0]["amount_sek"] = None
    example.knows(max_quarantined_share=share)
    verdict = example.check()
    assert bool(verdict.rejected_reason) == rejected
    assert (verdict.rows_loaded, verdict.rows_quarantined) == ((0, 3) if rejected else (2, 1))
    if rejected:
        assert verdict.rejected_reason == (
            "budget/budget_2023.csv: 1 av 3 rader (33,3 %) är felaktiga, högst 33,0 % får vara det. "
            "Filen är inte inläst; rätta raderna i karantänlistan och lämna filen igen."
        )


@pytest.mark.parametrize(("before", "rejected"), [(7, False), (8, True)])
def test_delivery_below_four_fifths_of_the_one_it_replaces_is_rejected(before, rejected):
    example = ledger(P)
    example.knows(superseded_rows=before)
    verdict = example.check()
    assert bool(verdict.rejected_reason) == rejected
    if rejected:
        assert "6 rader är 75,0 % av de 8 i leveransen" in verdict.rejected_reason


def test_another_organisations_file_is_rejected():
    example = ledger(P)
    example.knows(organisation_number="556000-4615")
    assert example.check().rejected_reason == (
        "ledger/KS_2023.se: organisationsnummer 556000-4615 är inte vårt (2120001553). "
        "Filen är inte inläst; välj rätt företag i ekonomisystemet och exportera igen."
    )


@pytest.mark.parametrize("number", [None, "212000-1553", "2120001553", "16212000-1553"])
def test_our_number_is_ours_however_it_is_written_and_may_be_absent(number):
    example = ledger(P)
    example.knows(organisation_number=number)
    assert example.check().rejected_reason is None


def test_missing_column_is_named_and_rejects_the_file():
    example = ledger()
    example.dropped = [(P, "voucher_date"), (P, "account")]
    verdict = example.check()
    result = outcome(verdict, "postings_voucher_date_present")
    assert (result.passed, result.error) == (False, "kolumnen voucher_date saknas i ledger__postings")
    assert "regeln postings_account_present kunde inte prövas: kolumnen account saknas" in verdict.rejected_reason
    assert verdict.rows_loaded == 0


@pytest.mark.parametrize("column", ["voucher_row_no", "amount_sek", "counts", "period", "unit_code"])
def test_any_missing_column_of_postings_is_a_failure_never_an_exception(column):
    example = ledger()
    example.dropped = [(P, column)]
    assert example.check().rejected_reason


def test_missing_table_and_unknown_source_are_refused():
    example = budget()
    with pytest.raises(ValueError, match="no arrival suites for source 'payroll'; there are for budget, followup"):
        replace_source(example, "payroll").check()
    with pytest.raises(ValueError, match="the reading has no table ledger__postings"):
        replace_source(example, "ledger").check()


def test_rows_without_numbers_are_refused():
    example = ledger()
    example.dropped = [(B, "row_no")]
    with pytest.raises(ValueError, match=r"ledger/KS_2023\.se: no row_no in ledger__balances"):
        example.check()


def replace_source(example, source):
    from arrival_examples import FILES

    FILES.setdefault(source, "x")
    return replace(example, source=source)


def test_ledger_without_optional_tables_is_tried():
    example = ledger()
    example.rows = {P: example.rows[P]}
    example.knows(known_accounts=frozenset())
    verdict = example.check()
    assert verdict.rejected_reason is None
    assert verdict.rows_loaded == 6
    assert outcome(verdict, "postings_account_known").observed == "ej tillämplig: known_accounts är inte känt"


def test_unit_rules_wait_for_a_register():
    example = ledger(P)
    sets(P, unit_code="99")(example)
    example.knows(units=None)
    verdict = example.check()
    assert verdict.quarantine.num_rows == 0
    assert verdict.messages == (
        "ledger/KS_2023.se: inget organisationsregister är inläst, så inga ansvar är prövade. "
        "Detta är en varning; lämna ett organisationsregister.",
    )


def test_both_rows_that_share_a_day_are_set_aside():
    example = organisation()
    example.rows[U] = [unit(2, "10"), unit(3, "11"), unit(4, "11", valid_from=example.rows[U][3]["valid_from"])]
    verdict = example.check()
    assert [row_no for row_no, _ in texts(verdict)] == [3, 4]
    assert verdict.rows_loaded == 1


def test_vouchers_without_series_and_number_are_told_by_their_line():
    example = ledger(P)
    for row in example.rows[P]:
        row.update(voucher_series="", voucher_no="")
    example.rows[P][0]["amount_sek"] = Decimal("100.26")
    verdict = example.check()
    assert "rad 10: verifikat utan nummer summerar till 0,01" in verdict.quarantine["message"][0].as_py()
    assert outcome(verdict, "voucher_number_unique").passed


def test_vouchers_of_a_ledger_without_voucher_lines_are_found_by_their_number():
    example = ledger(P)
    for row in example.rows[P]:
        row["voucher_row_no"] = None
    example.rows[P][0]["amount_sek"] = Decimal("100.26")
    assert [row_no for row_no, _ in texts(example.check())] == [11, 12]


def test_removed_and_doubled_postings_do_not_count():
    example = ledger(P)
    example.rows[P] += [
        posting(14, 1, "5010", "7.00", kind="BTRANS", counts=False),
        posting(15, 1, "5010", "7.00", kind="RTRANS", counts=False),
    ]
    verdict = example.check()
    assert verdict.messages == ()


def test_the_same_finding_is_spelled_out_once():
    example = ledger(P)
    for row in example.rows[P]:
        row["unit_code"] = "98" if row["row_no"] == 22 else "99"
    (text,) = example.check().messages[:1]
    assert text.startswith(
        "ledger/KS_2023.se rad 11: ansvar 99 finns inte i organisationsregistret; "
        "rad 22: ansvar 98 finns inte i organisationsregistret; och 4 rader till. Satt i karantän; "
    )


def test_a_finding_on_a_column_the_file_lacks_is_still_told():
    example = ledger(P)
    example.rows[P][0]["transaction_date"] = date(2022, 1, 1)
    example.dropped = [(P, "fiscal_year")]
    assert example.check().rejected_reason


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.sampled_from(["100.25", "-100.25", "0.01", None]), min_size=6, max_size=6),
    st.lists(st.sampled_from(["11", "99", None]), min_size=6, max_size=6),
)
def test_what_is_loaded_balances_and_no_row_is_lost(amounts, units):
    example = ledger(P)
    for row, amount, code in zip(example.rows[P], amounts, units, strict=True):
        row.update(amount_sek=None if amount is None else Decimal(amount), unit_code=code)
    example.knows(max_quarantined_share=1.0)
    verdict = example.check()
    aside = set(verdict.quarantine["row_no"].to_pylist())
    loaded = [row for row in example.rows[P] if row["row_no"] not in aside]
    assert (verdict.rows_loaded, verdict.rows_quarantined) == (len(loaded), len(aside))
    assert verdict.rows_in == 6
    for voucher in {row["voucher_no"] for row in loaded}:
        rows = [row for row in loaded if row["voucher_no"] == voucher]
        assert len(rows) == 2
        assert sum(row["amount_sek"] for row in rows) == 0
        assert all(row["unit_code"] != "99" for row in rows)
