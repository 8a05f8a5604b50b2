"""Raindance and Unit4 from the inbox to a verdict: files that are judged beside each other, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from orchestration.home import Home
from orchestration.loading.arrival import judge_deliveries, missing_deliveries
from orchestration.loading.intake import take_inbox
from orchestration.loading.raw_files import QUARANTINE, raw_path
from orchestration.loading.reading import read_deliveries
from orchestration.loading.snapshot import freeze
from orchestration.settings import Inbox, LedgerCompany, Settings, SourceSettings, Thresholds
from sources.register import Delivery, Register
from sources.registry import SOURCES, claimants

# A few vouchers are all there is here: one in quarantine is many per cent.
SETTINGS = Settings(inbox=Inbox(settle_seconds=0), thresholds=Thresholds(max_quarantined_share=0.9))
FACTS, HEADS = "raindance_verifikat_2023.csv", "raindance_verhuvud_2023.csv"
Lines = list[str]

FACT_HEADER = "FORETAG;VERTYP;VERNR;VERRAD;VERDATUM;REGDATUM;RADTEXT;HUVUDTEXT;KONTO_ID;ANSV_ID;UTFALL_V;BUDGET_V"
HEAD_HEADER = "FTG;VERTYP;VERNR;VERDATUM;ANTALRADER"
NAMES = "DIM;ID;BENAMNING\nKONTO;5010;Löner\nKONTO;2710;Personalskatt\nKONTO;1930;Bank\n"


def facts(*numbers: int) -> Lines:
    """Return the rows of some vouchers, three each."""
    lines = []
    for number in numbers:
        head = f"1489;L;{number};{{}};2023-0{number}-25;1799-12-31;;Lön;"
        lines += [head.format(1) + "5010;15000;100,50;0,00", head.format(2) + "2710;;-30,00;0,00"]
        lines.append(head.format(3) + "1930;;-70,50;0,00")
    return lines


def heads(*numbers: int, rows: int = 3) -> Lines:
    return [f"1489;L;{number};2023-0{number}-25;{rows}" for number in numbers]


def put(home: Home, name: str, header: str, lines: Lines) -> None:
    (home.inbox / name).write_text("\n".join([header, *lines, ""]), encoding="utf-8")


def night(home: Home, run_id: str = "run", settings: Settings = SETTINGS) -> dict[str, Delivery]:
    """Take, read and judge what lies in the inbox; return the register by file name."""
    with Register(home.register) as register:
        take_inbox(home, settings, register, run_id)
        for source in SOURCES:
            read_deliveries(home, settings, register, source)
            judge_deliveries(home, settings, register, source, run_id)
        return {delivery.file_name: delivery for delivery in register.deliveries()}


@pytest.fixture
def home(empty_home: Home, example_files: Path) -> Home:
    """A home whose inbox holds the register of units, a chart, and three vouchers with their headers."""
    (empty_home.inbox / "organisation.csv").write_bytes((example_files / "organisation.csv").read_bytes())
    (empty_home.inbox / "raindance_dimensioner.csv").write_text(NAMES, encoding="utf-8")
    put(empty_home, FACTS, FACT_HEADER, facts(1, 2, 3))
    put(empty_home, HEADS, HEAD_HEADER, heads(1, 2, 3))
    return empty_home


def checks(home: Home, delivery: Delivery) -> set[str]:
    rows = pq.read_table(raw_path(home, QUARANTINE, delivery.load_id)).to_pylist()
    return {row["check_name"] for row in rows}


def test_postings_names_and_headers_that_came_together_are_judged_beside_each_other(home: Home) -> None:
    found = night(home)

    assert {name: (each.status, each.rows_in, each.message) for name, each in found.items()} == {
        FACTS: ("loaded", 9, ""),
        HEADS: ("loaded", 3, ""),
        "raindance_dimensioner.csv": ("loaded", 3, ""),
        "organisation.csv": ("loaded", found["organisation.csv"].rows_in, ""),
    }
    assert {found[FACTS].part, found[HEADS].part, found["raindance_dimensioner.csv"].part} == {"", "headers", "names"}
    assert found[FACTS].organisation_number == SETTINGS.municipality.organisation_number
    with Register(home.register) as register:
        build = freeze(home, SETTINGS, register, "run")
        assert missing_deliveries(register, "ledger", SETTINGS.municipality.organisation_number) == []
    postings = [path.name for path in (build.raw / "ledger__postings").iterdir()]
    assert sorted(postings) == sorted(["_empty.parquet", f"{found[FACTS].load_id}.parquet"])


def test_an_unchanged_night_judges_nothing_again(home: Home) -> None:
    night(home)
    with Register(home.register) as register:
        assert all(judge_deliveries(home, SETTINGS, register, source, "next") == [] for source in SOURCES)


def test_a_voucher_that_lost_rows_is_set_aside_and_the_message_names_the_counts(home: Home) -> None:
    lines = facts(1, 2, 3)
    lines[4:6] = [lines[4].replace("-30,00", "-100,50")]
    put(home, FACTS, FACT_HEADER, lines)

    found = night(home)[FACTS]

    assert (found.status, found.rows_quarantined) == ("loaded", 2)
    assert checks(home, found) == {"voucher_rows_complete"}
    assert "rad 5: verifikat L 2 har 2 rader, verifikathuvudet säger 3" in found.message


def test_a_voucher_that_is_missing_altogether_rejects_the_file(home: Home) -> None:
    put(home, FACTS, FACT_HEADER, facts(1, 3))

    found = night(home)[FACTS]

    assert found.status == "rejected"
    assert "1 av 3 verifikat som har verifikathuvud 2023 saknas, det första L 2" in found.message


def test_headers_sent_later_may_know_more_but_never_other_counts(home: Home) -> None:
    night(home)
    put(home, "verhuvud_ny.csv", HEAD_HEADER, heads(1, 2, 3, 4))
    assert night(home, "second")[FACTS].status == "loaded"

    put(home, "verhuvud_nyast.csv", HEAD_HEADER, [*heads(1, 2), *heads(3, rows=4), *heads(4)])
    found = night(home, "third")

    assert found[HEADS].status == found["verhuvud_ny.csv"].status == "superseded"
    assert (found[FACTS].status, found[FACTS].rows_quarantined) == ("loaded", 3)


def test_postings_wait_for_the_chart_that_names_their_accounts(home: Home) -> None:
    names = home.inbox / "raindance_dimensioner.csv"
    chart = names.read_text(encoding="utf-8")
    names.unlink()
    first = night(home)[FACTS]
    assert first.status == "rejected"
    assert "finns inte i kontoplanen" in first.message

    names.write_text(chart, encoding="utf-8")

    assert night(home, "next")[FACTS].status == "loaded"


def test_a_budget_in_the_ledger_is_judged_row_by_row(home: Home) -> None:
    lines = [*facts(1, 2, 3), "1489;B;1;1;2023-01-01;1799-12-31;;Budget;5010;15000;0,00;1200,00"]
    lines.append("1489;B;1;2;2023-01-01;1799-12-31;;Budget;5010;15000;0,00;tusen")
    put(home, FACTS, FACT_HEADER, lines)
    put(home, HEADS, HEAD_HEADER, [*heads(1, 2, 3), "1489;B;1;2023-01-01;2"])

    found = night(home)[FACTS]

    assert (found.status, found.rows_in, found.rows_quarantined) == ("loaded", 11, 0)
    budget = pq.read_table(raw_path(home, "ledger__period_amounts", found.load_id)).to_pylist()
    assert [(row["kind"], row["row_no"]) for row in budget] == [("PBUDGET", 11), ("PBUDGET", 12)]
    assert checks(home, found) == {"period_amounts_readable"}


def test_a_budget_in_the_ledger_is_a_budget(home: Home) -> None:
    own = SETTINGS.municipality.organisation_number
    night(home)
    with Register(home.register) as register:
        assert missing_deliveries(register, "budget", own) != []
    put(home, "verifikat_ny.csv", FACT_HEADER, [line.rpartition(";")[0] + ";5,00" for line in facts(1, 2, 3)])
    night(home, "next")
    with Register(home.register) as register:
        assert missing_deliveries(register, "budget", own) == []


@pytest.mark.parametrize(
    ("edit", "status", "says"),
    [
        (lambda text: text.replace("1489;", "77;"), "rejected", "Företaget 77 (FORETAG) finns inte i inställningarna"),
        (lambda text: text.replace("ANSV_ID", "AVD_ID"), "rejected", "Kolumnen AVD_ID är okänd"),
        (lambda text: text.replace(";UTFALL_V", ";BELOPP"), "rejected", "Kolumnen UTFALL_V saknas"),
        (lambda text: text.replace("100,50", "10050", 1), "loaded", "det kan vara ören"),
        (lambda text: text.replace("2023-02-25", "1899-12-31", 1), "loaded", "ett verifikat ska ha ett datum"),
    ],
    ids=["company", "unmapped", "missing", "ore", "no_date"],
)
def test_a_bad_extract_is_told_in_words(home: Home, edit: Callable[[str], str], status: str, says: str) -> None:
    path = home.inbox / FACTS
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")

    found = night(home)[FACTS]

    assert found.status == status
    assert found.message.startswith(f"ledger/{FACTS}")
    assert says in found.message
    assert found.rows_quarantined == (3 if status == "loaded" else found.rows_in)


def test_the_company_and_its_columns_are_configured(home: Home) -> None:
    path = home.inbox / FACTS
    path.write_text(
        path.read_text(encoding="utf-8").replace("ANSV_ID", "AVD_ID").replace("1489;", "77;"), encoding="utf-8"
    )
    heads_path = home.inbox / HEADS
    heads_path.write_text(heads_path.read_text(encoding="utf-8").replace("1489;", "77;"), encoding="utf-8")
    company = LedgerCompany(columns={"AVD_ID": "unit"}, organisation_number="556000-4615")
    settings = SETTINGS.model_copy(update={"sources": {"ledger": SourceSettings(companies={"77": company})}})

    found = night(home, settings=settings)[FACTS]

    assert found.status == "rejected"
    assert "organisationsnummer 556000-4615 är inte vårt" in found.message


def test_unit4_takes_over_from_raindance(home: Home) -> None:
    night(home)
    header = "client,account,dim_1,amount,currency,dc_flag,period,fiscal_year,voucher_no,voucher_type,voucher_date"
    lines = []
    for number in (1, 2, 3):
        end = f"20230{number},2023,{number},L,2023-0{number}-25"
        lines += [
            f"1489,5010,15000,100.50,SEK,1,{end}",
            f"1489,2710,,-30.00,SEK,-1,{end}",
            f"1489,1930,,-70.50,SEK,-1,{end}",
        ]
    bad = [line.replace("202302", "202400") if place == 3 else line for place, line in enumerate(lines)]
    put(home, "agltransact_2023.csv", header, bad)

    found = night(home, "next")

    new = found["agltransact_2023.csv"]
    assert (new.status, new.rows_quarantined) == ("loaded", 3)
    assert "rad 5: Period 202400 är ingen månad" in new.message
    assert found[FACTS].status == "superseded"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("raindance_verifikat_2023.csv", "ledger"),
        ("EK_FAKTA_VERIFIKAT_2023.parquet", "ledger"),
        ("verhuvud 2023.xlsx", "ledger"),
        ("ek_dim_obj_konto.csv", "ledger"),
        ("agltransact_2023.csv", "ledger"),
        ("agldimvalue.csv", "ledger"),
        ("budget_2023.csv", "budget"),
        ("prognos_2023_08.xlsx", "forecast"),
    ],
)
def test_a_file_is_claimed_by_one_source(name: str, source: str) -> None:
    assert [claimant.code for claimant in claimants(name)] == [source]
