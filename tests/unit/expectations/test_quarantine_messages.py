"""Values as people read them, what is never shown, and that no row is lost."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.messages import HIDDEN, kronor, safe, show, unreadable
from expectations.quarantine import RowsLost, assert_conserved


@pytest.mark.parametrize(("ore", "text"), [(0, "0,00"), (1250, "12,50"), (-5, "-0,05"), (123456789, "1_234_567,89")])
def test_kronor(ore, text):
    assert kronor(ore) == text.replace("_", "\N{NO-BREAK SPACE}")


@given(st.integers(-(10**17), 10**17))
def test_kronor_loses_nothing(ore):
    text = kronor(ore).replace("\N{NO-BREAK SPACE}", "").replace(",", "")
    assert int(text) == ore


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("unit_code", None, "(tomt)"),
        ("valid_from", date(2023, 1, 2), "2023-01-02"),
        ("quarantined_pct", 33.333, "33,3"),
        ("sum_ore", -1250.0, "-12,50"),
        ("fiscal_year", 2023, "2023"),
        ("own_organisation_number", ["2120001553"], "2120001553"),
        ("voucher", "KÖPFAKT 2023-17", "KÖPFAKT 2023-17"),
        ("voucher", "utan nummer", "utan nummer"),
        ("account", "19x0", "19x0"),
        ("unit_code", "KLK", "KLK"),
    ],
)
def test_values_are_shown_as_people_read_them(column, value, text):
    assert show(column, value) == text


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("voucher_text", "x"),
        ("text", "1"),
        ("other_dimensions", "7=198001011234"),
        ("unit_code", "Anna Andersson"),
        ("amount_sek", "Andersson"),
        ("voucher_date", "Andersson"),
        ("account", "19800101-1234"),
        ("account", "8001611234"),
        ("value_code", "800101+1234"),
        ("account", "x" * 50),
    ],
)
def test_what_may_be_about_a_person_is_hidden(column, value):
    assert show(column, value) == HIDDEN


@pytest.mark.parametrize("value", ["12,5O", "1 234,50 kr", "(12,50)", "−12", "2023-02-30", "212000-1553", "20231301"])
def test_figures_are_shown(value):
    assert safe("amount_sek", value) == value


@pytest.mark.parametrize(
    ("value", "reason", "text"),
    [
        ("12x", "är inte ett tal; skriv bara siffror", "Belopp 12x är inte ett tal; skriv bara siffror"),
        ("12x", "Belopp är inte ett tal. Rätta.", "Belopp 12x: Belopp är inte ett tal. Rätta"),
        ("12x", "beloppet 12x är fel", "beloppet 12x är fel"),
        ("", "saknas; fyll i", "Belopp (tomt) saknas; fyll i"),
        ("Anna Ek", "beloppet Anna Ek är fel", "beloppet (dolt värde) är fel"),
    ],
)
def test_readers_reason(value, reason, text):
    assert unreadable("amount_sek", value, reason) == text


def test_lost_rows_are_seen():
    assert_conserved(10, loaded=7, quarantined=2, duplicate=1)
    with pytest.raises(RowsLost, match="10 rows in, but 7 loaded"):
        assert_conserved(10, loaded=7, quarantined=2)


def test_a_remark_is_shown_where_the_file_has_no_free_text():
    reason = "är inte ett tal"
    assert unreadable("amount_sek", "se bilaga", reason, words=True) == "Belopp se bilaga är inte ett tal"
    assert unreadable("amount_sek", "se bilaga", reason) == f"Belopp {HIDDEN} är inte ett tal"
    assert unreadable("amount_sek", "19800101-1234", reason, words=True) == f"Belopp {HIDDEN} är inte ett tal"
