"""The Raindance and Unit4 extracts carry the postings of the SIE files, read with nothing but a CSV reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from example_inbox import Sie, read_table

from sources.example import LEDGER_FORMATS, LedgerFormat, write_example

YEARS = pytest.mark.parametrize("year", [2022, 2023])
FORMATS = pytest.mark.parametrize("ledger_format", ["raindance", "unit4"])
NO_DATE = {"1799-12-31", "1899-12-31"}
COMPANY = "1489"

Entry = tuple[str, ...]
Inboxes = dict[str, Path]


@pytest.fixture(scope="session")
def inboxes(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Inboxes:
    out = tmp_path_factory.mktemp("formats")
    for name in ("raindance", "unit4"):
        write_example(out / name, ledger_format=name)
    return {"sie": inbox, "raindance": out / "raindance", "unit4": out / "unit4"}


def iso(day: str) -> str:
    return f"{date.fromisoformat(day)}" if day else ""


def sie_entries(sie: Sie) -> Iterator[tuple[Entry, Entry]]:
    """Yield (series, number, row, day, account, unit, activity, project, amount), (registered, own day, texts)."""
    for voucher in sie.vouchers:
        for row, posting in enumerate(voucher.postings, start=1):
            codes = tuple(posting.objects.get(number, "") for number in ("1", "2", "6"))
            key = (voucher.series, str(voucher.number), str(row), iso(voucher.day), posting.account)
            said = (iso(voucher.registered), iso(posting.day), posting.text, voucher.text)
            yield (*key, *codes, str(posting.amount)), said


def raindance_rows(inboxes: Inboxes, table: str, year: int) -> list[dict[str, str]]:
    return read_table(inboxes["raindance"] / f"raindance_{table}_{year}.csv")


def unit4_rows(inboxes: Inboxes, year: int) -> list[dict[str, str]]:
    return read_table(inboxes["unit4"] / f"agltransact_{year}.csv", ",")


def dated(day: str) -> str:
    return "" if day in NO_DATE else day


@YEARS
def test_raindance_has_the_postings_of_sie(inboxes: Inboxes, ledgers: dict[int, Sie], year: int) -> None:
    columns = ("VERTYP", "VERNR", "VERRAD", "VERDATUM", "KONTO_ID", "ANSV_ID", "VERK_ID", "PROJ_ID")
    for (key, (registered, _, *texts)), row in zip(
        sie_entries(ledgers[year]), raindance_rows(inboxes, "verifikat", year), strict=True
    ):
        assert (*(row[name] for name in columns), row["UTFALL_V"].replace(",", ".")) == key
        assert [dated(row["REGDATUM"]), row["RADTEXT"], row["HUVUDTEXT"]] == [registered, *texts]
        assert row["FORETAG"] == COMPANY


@YEARS
def test_unit4_has_the_postings_of_sie(inboxes: Inboxes, ledgers: dict[int, Sie], year: int) -> None:
    columns = ("voucher_type", "voucher_no", "sequence_no", "voucher_date", "account", "dim_1", "dim_2", "dim_3")
    for (key, (_, own_day, text, head)), row in zip(sie_entries(ledgers[year]), unit4_rows(inboxes, year), strict=True):
        assert (*(row[name] for name in columns), row["amount"]) == key
        assert (dated(row["trans_date"]), row["description"]) == (own_day, text or head)
        assert row["ext_inv_ref"] == (head.rpartition(" ")[2] if "faktura 1" in head else "")


@YEARS
def test_unit4_says_its_side_period_and_year(inboxes: Inboxes, year: int) -> None:
    for row in unit4_rows(inboxes, year):
        assert row["dc_flag"] == ("1" if Decimal(row["amount"]) > 0 else "-1")
        assert row["period"] == row["voucher_date"][:7].replace("-", "")
        assert (row["fiscal_year"], row["client"], row["currency"]) == (str(year), COMPANY, "SEK")
        assert {row[f"dim_{number}"] for number in (4, 5, 6, 7)} == {""}


@YEARS
def test_raindance_heads_count_the_rows_of_their_vouchers(inboxes: Inboxes, year: int) -> None:
    rows = Counter((row["VERTYP"], row["VERNR"]) for row in raindance_rows(inboxes, "verifikat", year))
    heads = raindance_rows(inboxes, "verhuvud", year)
    assert {(head["VERTYP"], head["VERNR"]): int(head["ANTALRADER"]) for head in heads} == rows
    assert len(heads) == len(rows)


def test_where_sie_has_no_date_the_extracts_have_one_that_is_none(inboxes: Inboxes) -> None:
    raindance, unit4 = raindance_rows(inboxes, "verifikat", 2023), unit4_rows(inboxes, 2023)
    assert {row["VERTYP"] for row in raindance if row["REGDATUM"] in NO_DATE} == {"P"}
    assert {row["REGDATUM"] for row in raindance} & NO_DATE == {"1799-12-31"}
    assert {row["trans_date"] for row in unit4} & NO_DATE == {"1899-12-31"}


@FORMATS
def test_every_code_has_its_name(inboxes: Inboxes, ledgers: dict[int, Sie], ledger_format: str) -> None:
    items = ledgers[2023].items
    expected = {("account", code): name for code, name in items["#KONTO"]}
    expected |= {(number, code): name for number, code, name in items["#OBJEKT"]}
    if ledger_format == "raindance":
        kinds = {"KONTO": "account", "ANSV": "1", "VERK": "2", "PROJ": "6"}
        rows = [row.values() for row in read_table(inboxes["raindance"] / "raindance_dimensioner.csv")]
    else:
        kinds = {"account": "account", "dim_1": "1", "dim_2": "2", "dim_3": "6"}
        rows = [list(row.values())[1:] for row in read_table(inboxes["unit4"] / "agldimvalue.csv", ",")]
    assert {(kinds[kind], code): name for kind, code, name in rows} == expected


@FORMATS
def test_only_the_ledger_differs(inboxes: Inboxes, ledger_format: str) -> None:
    others = {path.name for path in inboxes["sie"].iterdir() if path.suffix != ".se"}
    assert others < {path.name for path in inboxes[ledger_format].iterdir()}
    for name in others:
        assert (inboxes[ledger_format] / name).read_bytes() == (inboxes["sie"] / name).read_bytes()
    assert list(inboxes[ledger_format].glob("*.se")) == []


@FORMATS
def test_the_same_seed_gives_the_same_bytes(inboxes: Inboxes, tmp_path: Path, ledger_format: LedgerFormat) -> None:
    written = write_example(tmp_path, ledger_format=ledger_format)
    assert sorted(written) == sorted(tmp_path.iterdir())
    for path in written:
        assert path.read_bytes() == (inboxes[ledger_format] / path.name).read_bytes(), path.name


def test_the_formats_are_the_ones_asked_for() -> None:
    assert LEDGER_FORMATS == ("sie", "raindance", "unit4")


def test_many_postings_are_written_in_pieces(tmp_path: Path, inboxes: Inboxes, monkeypatch: pytest.MonkeyPatch) -> None:
    from sources.example.exports import postings, sie

    monkeypatch.setattr(postings, "CHUNK", 10_001)
    monkeypatch.setattr(sie, "CHUNK", 10_001)
    for name in LEDGER_FORMATS:
        for path in write_example(tmp_path / name, ledger_format=name):
            assert path.read_bytes() == (inboxes[name] / path.name).read_bytes(), path.name
