"""Which file is whose, by its name alone: exactly one source claims each."""

import pytest

from expectations.arrival import PRINCIPAL_TABLES
from sources.registry import SOURCES, claimants, source_by_code


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("organisation.csv", ["organisation"]),
        ("Projektregister 2024.xlsx", ["project"]),
        ("investeringsprojekt.csv", ["project"]),
        ("budget_2023.xlsx", ["budget"]),
        ("KS budget.csv", ["budget"]),
        ("investeringsbudget_2023.xlsx", ["investment_budget"]),
        ("Investeringsbudget.csv", ["investment_budget"]),
        ("investerings_budget.csv", ["investment_budget"]),
        ("investerings-budget 2023.csv", ["investment_budget"]),
        ("prognos_2023_08.xlsx", ["forecast"]),
        ("prognos_budget.csv", ["budget", "forecast"]),
        ("investeringsprojekt_budget.csv", ["project", "budget"]),
        ("kolada_2024-01-15_data-0a1b2c3d4e_1.json", ["indicator"]),
        ("Insikt 2023_2024-01-15.xlsx", ["indicator"]),
        ("MEDBORGARUNDERSÖKNINGEN.csv", ["indicator"]),
        ("svenskt_näringsliv_2023.ods", ["indicator"]),
        ("SCB TAB638.json", ["indicator"]),
        ("indikatorvärden.csv", ["indicator"]),
        ("budget_bredband.csv", ["budget"]),
        ("investeringsprojekt_bredband.xlsx", ["project"]),
        ("målregister_insikt.xlsx", ["goal"]),
        ("insikt.pdf", []),
        ("Målregister 2024.xlsx", ["goal"]),
        ("malregister.xlsx", ["goal"]),
        ("målkort KS.xlsx", ["goal"]),
        ("målregister.csv", []),
        ("Internkontroll 2023.xlsx", ["followup"]),
        ("intern_kontroll.csv", ["followup"]),
        ("uppdrag_2023.xlsx", ["followup"]),
        ("avtalsuppföljning.xlsx", ["followup"]),
        ("avtalsmatt_2023.csv", ["followup"]),
        ("Hållbarhet.xlsx", ["followup"]),
        ("enkät om hållbarhet.csv", ["survey"]),
        ("budget för uppdrag.csv", ["budget"]),
        ("enkat_chefer_2023.xlsx", ["survey"]),
        ("Enkätsvar 2023.csv", ["survey"]),
        ("puls_2023_1.csv", ["survey"]),
        ("puls_fragor_2023.csv", ["survey"]),
        ("svarsfil.xlsx", ["survey"]),
        ("pastaenden_2023.xlsx", ["statement"]),
        ("Påståenden årsbokslut.csv", ["statement"]),
        ("lunchmeny.csv", []),
    ],
)
def test_a_file_is_claimed_by_name(name, codes):
    assert [source.code for source in claimants(name)] == codes


def test_what_is_judged_against_a_register_comes_after_it():
    seen = []
    for source in SOURCES:
        assert set(source.judged_against) <= set(seen)
        seen.append(source.code)


def test_checks_count_the_rows_of_the_same_table_as_the_registry():
    assert {source.code: source.tables[0] for source in SOURCES} == PRINCIPAL_TABLES


def test_every_schema_of_a_source_is_there():
    for source in SOURCES:
        assert tuple(source.schemas()) == source.tables


def test_an_unknown_source_is_named():
    with pytest.raises(KeyError, match="no source 'payroll'; known are organisation"):
        source_by_code("payroll")
