"""Surveys from inbox to verdict: answers wait for their questions, and rounds stand beside each other."""

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
UNITS = "Ansvar;Benämning;Överordnad;Nämnd;Giltig från;Giltig till\n11;Staben;;KS;2020-01-01;\n"
QUESTIONS = "Enkät;Enkätnamn;År;Kod;Fråga;Mått;Lägst;Högst;Gynnsamt från\npuls;Pulsen;2023;f1;Hinner du?;Andel;1;5;4\n"
ROUND = "Svars-id;Namn;Enhet;F1\n7001;Kalle Karlsson;11;4\n7002;Eva Ek;;Vet ej\n"


def night(home: Home, run_id: str, **files: str) -> dict[str, Delivery]:
    """Deliver files (named without suffix), take, read and judge, a day later each time; return the register."""
    for name, text in files.items():
        (home.inbox / f"{name}.csv").write_text(text, encoding="utf-8")
    with Register(home.register) as register:
        for earlier in register.deliveries():
            register.update(earlier.load_id, received_at=earlier.received_at - timedelta(days=1))
        take_inbox(home, SETTINGS, register, run_id)
        for source in (source_by_code("organisation"), source_by_code("survey")):
            read_deliveries(home, SETTINGS, register, source)
            judge_deliveries(home, SETTINGS, register, source, run_id)
        return {delivery.file_name: delivery for delivery in register.deliveries()}


def test_questions_of_the_same_night_are_known_to_the_answers(empty_home: Home) -> None:
    found = night(empty_home, "1", organisation=UNITS, puls_2023_1=ROUND, puls_fragor=QUESTIONS)
    assert {name: (each.status, each.rows_loaded, each.message) for name, each in found.items()} == {
        "organisation.csv": ("loaded", 1, ""),
        "puls_2023_1.csv": ("loaded", 2, ""),
        "puls_fragor.csv": ("loaded", 1, ""),
    }


def test_answers_wait_for_their_questions(empty_home: Home) -> None:
    answers = night(empty_home, "1", organisation=UNITS, puls_2023_1=ROUND)["puls_2023_1.csv"]
    assert answers.status == "rejected"
    assert "rad 2: fråga f1 finns inte i frågelistan för puls 2023" in answers.message
    assert night(empty_home, "2", puls_fragor=QUESTIONS)["puls_2023_1.csv"].status == "loaded"
    with Register(empty_home.register) as register:
        again = judge_deliveries(empty_home, SETTINGS, register, source_by_code("survey"), "3")
    assert again == []


def test_a_changed_scale_judges_the_answers_anew(empty_home: Home) -> None:
    night(empty_home, "1", organisation=UNITS, puls_2023_1=ROUND, puls_fragor=QUESTIONS)
    found = night(empty_home, "2", puls_fragor_ny=QUESTIONS.replace(";1;5;4", ";1;3;3"))
    assert found["puls_fragor.csv"].status == "superseded"
    assert found["puls_2023_1.csv"].status == "rejected"
    assert "rad 2: svaret på fråga f1 ligger utanför skalan 1–3" in found["puls_2023_1.csv"].message


def test_a_round_replaces_only_itself(empty_home: Home) -> None:
    night(
        empty_home, "1", organisation=UNITS, puls_fragor=QUESTIONS, puls_2023_1=ROUND, puls_2023_2=ROUND + "7003;X;;5\n"
    )
    newer = {"puls 2023 omgång 1": ROUND + "7004;Y;11;3\n"}
    found = night(empty_home, "2", **newer)
    assert found["puls_2023_1.csv"].status == "superseded"
    assert found["puls_2023_2.csv"].status == found["puls 2023 omgång 1.csv"].status == "loaded"


def test_nothing_that_is_set_aside_tells_who_answered_or_what(empty_home: Home) -> None:
    wrong = ROUND + "7003;Ida Is;99;5\n7001;Kalle Karlsson;11;3\n7005;Bo By;11;Jag var sjuk\n"
    found = night(empty_home, "1", organisation=UNITS, puls_fragor=QUESTIONS, puls_2023_1=wrong)["puls_2023_1.csv"]
    assert found.status == "rejected"
    quarantine = pq.read_table(raw_path(empty_home, QUARANTINE, found.load_id)).to_pylist()
    assert {row["check_name"] for row in quarantine} == {"answers_readable", "answers_once", "answers_group_known"}
    assert any("rad 4: enhet 99 finns inte i organisationsregistret" in row["message"] for row in quarantine)
    shown = repr([quarantine, found.message, found.facts])
    assert not any(word in shown for word in ("Kalle", "Ida", "sjuk", "7001", "7003", "7005"))
