"""The SIE files keep the rules of bookkeeping and of the format."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from example_inbox import Sie, fields

from sources.reading import ReadOptions

YEARS = pytest.mark.parametrize("year", [2022, 2023])


@YEARS
def test_every_voucher_balances(ledgers: dict[int, Sie], year: int) -> None:
    assert [v for v in ledgers[year].vouchers if sum(p.amount for p in v.postings) or len(v.postings) < 2] == []


@YEARS
def test_a_year_has_thousands_of_vouchers(ledgers: dict[int, Sie], year: int) -> None:
    assert 12_000 <= len(ledgers[year].vouchers) <= 15_000
    assert 38_000 <= sum(1 for _ in ledgers[year].postings()) <= 50_000


@YEARS
def test_opening_and_movements_give_closing(ledgers: dict[int, Sie], year: int) -> None:
    sie = ledgers[year]
    moved: dict[str, Decimal] = defaultdict(Decimal)
    for posting in sie.postings():
        moved[posting.account] += posting.amount
    opening, closing = sie.balances("#IB", "0"), sie.balances("#UB", "0")
    for account in {*opening, *closing, *(account for account in moved if account < "3")}:
        assert opening.get(account, 0) + moved[account] == closing.get(account, 0)
    assert sie.balances("#RES", "0") == {account: amount for account, amount in moved.items() if account >= "3"}
    assert sum(opening.values()) == 0
    assert sum(closing.values()) + sum(sie.balances("#RES", "0").values()) == 0


def test_the_second_year_opens_where_the_first_closed(ledgers: dict[int, Sie]) -> None:
    before, after = ledgers[2022], ledgers[2023]
    result = sum(before.balances("#RES", "0").values())
    assert after.balances("#IB", "0") == before.balances("#UB", "0") | {"2012": result}
    for label in ("#IB", "#UB", "#RES"):
        assert after.balances(label, "-1") == before.balances(label, "0")
    assert "2012" not in after.balances("#UB", "0"), "the prior result is carried to equity during the year"


@YEARS
def test_results_carry_their_unit_investments_their_project_and_the_rest_nothing(
    ledgers: dict[int, Sie], year: int
) -> None:
    sie = ledgers[year]
    known = {(dimension, code) for dimension, code, _ in sie.items["#OBJEKT"]}
    for posting in sie.postings():
        is_investment = posting.account[:2] in {"11", "12"} and posting.account != "1219"
        assert bool(posting.objects.get("1")) == (posting.account >= "3")
        if posting.account < "3":
            assert list(posting.objects) == (["6"] if is_investment else [])
        assert posting.objects.items() <= known
    assert {posting.account for posting in sie.postings()} <= {account for account, _ in sie.items["#KONTO"]}


@YEARS
def test_dates_and_numbers_are_in_order(ledgers: dict[int, Sie], year: int) -> None:
    series: dict[str, list[tuple[int, str]]] = defaultdict(list)
    (exported,) = ledgers[year].items["#GEN"][0]
    for voucher in ledgers[year].vouchers:
        day = date.fromisoformat(voucher.day)
        assert day.year == year
        assert day.weekday() < 5
        if voucher.series == "P":
            assert not voucher.registered, "the payroll system does not say"
        else:
            assert voucher.day <= voucher.registered <= exported
        series[voucher.series].append((voucher.number, voucher.day))
    for numbered in series.values():
        assert [number for number, _ in numbered] == list(range(1, len(numbered) + 1))
        assert [day for _, day in numbered] == sorted(day for _, day in numbered)


@YEARS
def test_the_year_has_a_shape(ledgers: dict[int, Sie], year: int) -> None:
    invoices = Counter(voucher.day[4:6] for voucher in ledgers[year].vouchers if voucher.series == "L")
    assert min(invoices, key=invoices.__getitem__) == "07"
    assert max(invoices, key=invoices.__getitem__) == "12"
    salaries = {voucher.day[4:6] for voucher in ledgers[year].vouchers if voucher.series == "P"}
    rents = {v.day[4:6] for v in ledgers[year].vouchers if v.postings[0].account == "6011"}
    grants = [v for v in ledgers[year].vouchers if v.postings[0].account == "8291"]
    assert len(salaries) == len(grants) == 12
    assert len(rents) == 4


@YEARS
def test_the_checksum_is_right_and_a_changed_byte_shows(inbox: Path, year: int) -> None:
    def checksum(data: bytes) -> int:
        begin, end = data.index(b"#KSUMMA\r\n") + 9, data.rindex(b"#KSUMMA")
        covered = data[begin:end].decode("cp437").splitlines()
        summed = "".join(part for line in covered for part in fields(line) if part not in "{}")
        return zlib.crc32(summed.encode("cp437"))

    data = (inbox / f"KS_{year}.se").read_bytes()
    stated = int(data.splitlines()[-1].split()[1])
    assert checksum(data) == stated
    assert checksum(data.replace(b"#GEN 2", b"#GEN 3", 1)) != stated


@YEARS
def test_the_file_says_what_it_is(ledgers: dict[int, Sie], year: int) -> None:
    items = ledgers[year].items
    assert items["#FORMAT"] == [["PC8"]]
    assert items["#SIETYP"] == [["4"]]
    assert items["#ORGNR"] == [["212000-1553"]]
    assert "påhittade" in items["#PROSA"][0][0]
    assert items["#RAR"] == [["0", f"{year}0101", f"{year}1231"], ["-1", f"{year - 1}0101", f"{year - 1}1231"]]
    assert items["#DIM"] == [["1", "Ansvar"], ["2", "Verksamhet"], ["6", "Projekt"]]


@YEARS
def test_our_own_reader_has_nothing_to_remark(inbox: Path, year: int) -> None:
    from sources.ledger import read

    reading = read((inbox / f"KS_{year}.se").read_bytes(), f"KS_{year}.se", ReadOptions())
    assert reading.problems == ()
    assert reading.tables["ledger__issues"].num_rows == 0
    assert reading.fiscal_years == (year,)
