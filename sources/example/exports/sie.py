"""Write a ledger year as a SIE 4E file.

Belongs here: the text format (SIE 4B), its character set and its checksum. Not here: amounts.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import polars as pl

from sources.example.catalog import Account, BalanceAccount, Catalog
from sources.example.exports.postings import CHUNK, amount_text
from sources.example.ledger.year import Balances, LedgerYear

_ENCODING = "cp437"
# The day each year was exported, as the file itself says.
_EXPORTED_ON = {2022: "20230120", 2023: "20240122"}
_END = "\r\n"
_DIMENSIONS = {"1": ("unit", "Ansvar"), "2": ("activity", "Verksamhet"), "6": ("project", "Projekt")}


class SieFile:
    """A SIE file being written: every item goes both to the file and into the checksum."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sum = 0

    def item(self, *fields: str) -> None:
        """Write one item; fields that hold blanks or nothing are quoted."""
        shown = [f'"{field}"' if not field or " " in field else field for field in fields]
        self.block(" ".join(shown) + _END, "".join(fields))

    def block(self, text: str, summed: str) -> None:
        """Write finished lines whose checksummed part (labels and fields, nothing between) is ``summed``."""
        self._file.write(text.encode(_ENCODING))
        self._sum = zlib.crc32(summed.encode(_ENCODING), self._sum)

    def open_checksum(self) -> None:
        """Begin the part of the file that the checksum covers."""
        self._file.write(f"#KSUMMA{_END}".encode(_ENCODING))
        self._sum = 0

    def close_checksum(self) -> None:
        """Write the checksum of everything since ``open_checksum``."""
        self._file.write(f"#KSUMMA {self._sum}{_END}".encode(_ENCODING))


def write_sie(out: Path, catalog: Catalog, ledger: LedgerYear, before: Balances | None) -> list[Path]:
    """Write ``KS_<year>.se`` with the balances of the year ``before`` (None: its closing is this year's opening)."""
    path = out / f"KS_{ledger.year}.se"
    with path.open("wb") as file:
        sie = SieFile(file)
        sie.item("#FLAGGA", "0")
        sie.open_checksum()
        _write_head(sie, ledger.year)
        _write_registers(sie, catalog)
        _write_balances(sie, ledger.balances, before)
        for text, summed in _voucher_blocks(ledger):
            sie.block(text, summed)
        sie.close_checksum()
    return [path]


def _write_head(sie: SieFile, year: int) -> None:
    sie.item("#PROGRAM", "Bokslut exempelkommun", "1.0")
    sie.item("#FORMAT", "PC8")
    sie.item("#GEN", _EXPORTED_ON[year])
    sie.item("#SIETYP", "4")
    sie.item("#PROSA", "Exempel: alla verifikat är påhittade. Bara årets summor följer ett publicerat årsbokslut.")
    sie.item("#ORGNR", "212000-1553")
    sie.item("#FNAMN", "Exempelkommunen, kommunstyrelsen")
    for year_no in (0, -1):
        sie.item("#RAR", str(year_no), f"{year + year_no}0101", f"{year + year_no}1231")
    sie.item("#OMFATTN", f"{year}1231")


def _write_registers(sie: SieFile, catalog: Catalog) -> None:
    accounts: dict[str, Account | BalanceAccount] = {**catalog.balance_accounts, **catalog.accounts}
    names = catalog.names()
    for code, name in names["account"].items():
        sie.item("#KONTO", code, name)
        sie.item("#KTYP", code, accounts[code].kind)
    for number, (_, name) in _DIMENSIONS.items():
        sie.item("#DIM", number, name)
    for number, (kind, _) in _DIMENSIONS.items():
        for code, name in names[kind].items():
            sie.item("#OBJEKT", number, code, name)


def _write_balances(sie: SieFile, year: Balances, before: Balances | None) -> None:
    balances: list[tuple[str, str, Mapping[str, int]]] = [
        ("#IB", "0", year.opening),
        ("#IB", "-1", before.opening if before else {}),
        ("#UB", "0", year.closing),
        ("#UB", "-1", before.closing if before else year.opening),
        ("#RES", "0", year.results),
        ("#RES", "-1", before.results if before else {}),
    ]
    for label, year_no, amounts in balances:
        for account, ore in sorted(amounts.items()):
            sie.item(label, year_no, account, f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02}")


def _voucher_blocks(ledger: LedgerYear) -> Iterator[tuple[str, str]]:
    """Yield (text, checksummed part) of some postings at a time, so that no file is held in memory as text."""
    begins = pl.col("voucher").diff().fill_null(1) != 0
    postings = ledger.postings.with_columns(is_first=begins)
    postings = postings.with_columns(is_last=pl.col("is_first").shift(-1, fill_value=True))
    heads, codings = ledger.heads.select("voucher", "day", head=_head(), head_summed=_head_summed()), ledger.codings
    codings = codings.select("coding", "text", objects=_objects(), objects_summed=_objects_summed())
    for offset in range(0, postings.height, CHUNK):
        chunk = postings.slice(offset, CHUNK).join(heads, on="voucher", maintain_order="left")
        chunk = chunk.join(codings, on="coding", maintain_order="left").select(text=_text(), summed=_summed())
        yield "".join(chunk["text"].to_list()), "".join(chunk["summed"].to_list())


def _text() -> pl.Expr:
    """Return a posting's line, after its voucher's head if it is the first and before the brace if it is the last."""
    return _joined(
        pl.when("is_first").then("head"),
        pl.concat_str(pl.lit("   #TRANS "), "objects", pl.lit(" "), amount_text()),
        _given("text", pl.lit(" "), _date("day"), pl.lit(" "), _quoted("text")),
        pl.lit(_END),
        pl.when("is_last").then(pl.lit(f"}}{_END}")),
    )


def _summed() -> pl.Expr:
    """Return what ``_text`` adds to the checksum."""
    return _joined(
        pl.when("is_first").then("head_summed"),
        pl.concat_str(pl.lit("#TRANS"), "objects_summed", amount_text()),
        _given("text", _date("day"), pl.col("text")),
    )


def _head() -> pl.Expr:
    fields = ("series", pl.col("number"), _date("day"), _quoted("text"), _date("registered"))
    return _joined(pl.lit("#VER "), pl.concat_str(*fields, separator=" ", ignore_nulls=True), pl.lit(f"{_END}{{{_END}"))


def _head_summed() -> pl.Expr:
    return _joined(
        pl.lit("#VER"), pl.col("series"), pl.col("number"), _date("day"), pl.col("text"), _date("registered")
    )


def _objects() -> pl.Expr:
    """Return the account and its object list, empty where there is none."""
    pairs = [_given(code, pl.lit(f"{number} "), _quoted(code)) for number, code in _object_columns()]
    listed = pl.concat_str(pairs, separator=" ", ignore_nulls=True)
    return pl.concat_str("account", pl.lit(" {"), listed, pl.lit("}"))


def _objects_summed() -> pl.Expr:
    return _joined(
        pl.col("account"), *(_given(code, pl.lit(number), pl.col(code)) for number, code in _object_columns())
    )


def _object_columns() -> Iterator[tuple[str, str]]:
    """Yield the number of each dimension and the column that holds its codes."""
    for number, (kind, _) in _DIMENSIONS.items():
        yield number, f"{kind}_code"


def _joined(*parts: pl.Expr) -> pl.Expr:
    return pl.concat_str(parts, ignore_nulls=True)


def _given(column: str, *parts: pl.Expr) -> pl.Expr:
    """Return the parts joined where the column holds something, else null."""
    return pl.when(pl.col(column) != "").then(pl.concat_str(parts))


def _quoted(column: str) -> pl.Expr:
    return pl.concat_str(pl.lit('"'), column, pl.lit('"'))


def _date(column: str) -> pl.Expr:
    return pl.col(column).dt.strftime("%Y%m%d")
