"""Registers of follow-up from inbox to verdict: a bad row waits alone, and a register replaces only its own years."""

from __future__ import annotations

from datetime import timedelta

import pyarrow.parquet as pq

from orchestration.home import Home
from orchestration.loading.arrival import QUARANTINE, judge_deliveries
from orchestration.loading.intake import take_inbox
from orchestration.loading.raw_files import raw_path
from orchestration.loading.reading import read_deliveries
from orchestration.settings import Inbox, Settings
from sources.register import Delivery, Register
from sources.registry import source_by_code

SETTINGS = Settings(inbox=Inbox(settle_seconds=0))
TASKS = "År;Nämnd;Uppdragskod;Uppdrag;Status;Kommentar\n2023;KS;U-01;Gör en plan;Pågår;\n"
REVIEWS = "År;Nämnd;Avtalskod;Avtal;Leverantör;Kravnr;Krav;Svar;Brist;Effekt;Åtgärd\n" + "".join(
    f"2023;KS;kost;Kost;Kock AB;{number};Krav {number};Ja;;;\n" for number in range(1, 6)
)


def night(home: Home, run_id: str, **files: str) -> dict[str, Delivery]:
    """Deliver files (named without suffix), take, read and judge, a day later each time; return the register."""
    for name, text in files.items():
        (home.inbox / f"{name}.csv").write_text(text, encoding="utf-8")
    source = source_by_code("followup")
    with Register(home.register) as register:
        for earlier in register.deliveries():
            register.update(earlier.load_id, received_at=earlier.received_at - timedelta(days=1))
        take_inbox(home, SETTINGS, register, run_id)
        read_deliveries(home, SETTINGS, register, source)
        judge_deliveries(home, SETTINGS, register, source, run_id)
        return {delivery.file_name: delivery for delivery in register.deliveries()}


def test_an_answer_outside_the_list_waits_in_quarantine_while_the_others_are_loaded(empty_home: Home) -> None:
    spoilt = REVIEWS.replace("Krav 3;Ja;", "Krav 3;Kanske;")
    delivery = night(empty_home, "1", avtalsuppfoljning=spoilt)["avtalsuppfoljning.csv"]
    assert (delivery.status, delivery.rows_loaded, delivery.rows_quarantined) == ("loaded", 4, 1)
    assert "rad 4: Svar Kanske ordet är okänt; använd något av Ja, Nej, Delvis" in delivery.message
    (row,) = pq.read_table(raw_path(empty_home, QUARANTINE, delivery.load_id)).to_pylist()
    assert (row["row_no"], row["row_key"], row["column_name"]) == (4, "2023 kost 3", "fulfilled")
    assert (row["check_name"], row["who_fixes"]) == ("reviews_readable", "upphandling")


def test_what_is_mended_is_loaded_and_said(empty_home: Home) -> None:
    spoilt = REVIEWS.replace("Krav 3;Ja;", "Krav 3;JA  ;")
    delivery = night(empty_home, "1", avtalsuppfoljning=spoilt)["avtalsuppfoljning.csv"]
    assert (delivery.status, delivery.rows_loaded) == ("loaded", 5)
    assert "rad 4: Svar är läst som Ja. Detta är en varning; skriv ordet som i listan" in delivery.message


def test_two_rows_with_one_number_wait_together_and_too_many_stop_the_file(empty_home: Home) -> None:
    twice = "".join(f"2023;KS;U-0{number};Gör;Pågår;\n" for number in range(2, 10))
    found = night(empty_home, "1", uppdrag_1=TASKS + twice.replace("U-03", "U-02"))["uppdrag_1.csv"]
    assert (found.status, found.rows_loaded, found.rows_quarantined) == ("loaded", 7, 2)
    assert "rad 3: rad 3 och 4 har samma nyckel" in found.message
    found = night(empty_home, "2", uppdrag_2=TASKS + TASKS.splitlines()[1] + "\n")["uppdrag_2.csv"]
    assert (found.status, found.rows_loaded) == ("rejected", 0)


def test_a_contract_without_supplier_is_named_with_the_row(empty_home: Home) -> None:
    spoilt = REVIEWS.replace("Kock AB;2;", ";2;")
    delivery = night(empty_home, "1", avtalsuppfoljning=spoilt)["avtalsuppfoljning.csv"]
    assert delivery.rows_quarantined == 1
    assert "rad 3: Leverantör (tomt) värdet saknas" in delivery.message


def test_a_newer_register_replaces_its_own_years_only(empty_home: Home) -> None:
    night(empty_home, "1", uppdrag_2023=TASKS, avtalsuppfoljning=REVIEWS)
    found = night(empty_home, "2", uppdrag_2024=TASKS.replace("2023;KS", "2024;KS"))
    assert {delivery.status for delivery in found.values()} == {"loaded"}
    found = night(empty_home, "3", uppdrag_2023_ny=TASKS.replace("Pågår", "Genomfört"))
    assert {name: delivery.status for name, delivery in found.items()} == {
        "uppdrag_2023.csv": "superseded",
        "avtalsuppfoljning.csv": "loaded",
        "uppdrag_2024.csv": "loaded",
        "uppdrag_2023_ny.csv": "loaded",
    }


def test_a_board_that_is_not_ours_is_named(empty_home: Home) -> None:
    rows = "".join(f"2023;KS;U-0{number};Gör;Pågår;\n" for number in range(2, 10))
    delivery = night(empty_home, "1", uppdrag=TASKS.replace("2023;KS", "2023;XX") + rows)["uppdrag.csv"]
    assert "rad 2: uppdrag U-01 2023 har nämnd XX, som inte är en av KS, SBN" in delivery.message
