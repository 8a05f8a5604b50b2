"""Deliveries of a few rows that the product takes for whole, and the same cut in two.

Belongs here: the files' text. Not here: in which order they come.
"""

from __future__ import annotations

from datetime import date, timedelta

_FIRST_MADE = date(2023, 1, 20)
_VOUCHERS = range(1, 11)
_HEAD = """#FLAGGA 0
#PROGRAM "Prov" 1.0
#FORMAT PC8
#GEN {made:%Y%m%d}
#SIETYP 4
#ORGNR 212000-1553
#FNAMN "Exempelkommunen"
#RAR 0 {year}0101 {year}1231
#KONTO 1941 Koncernkonto
#KTYP 1941 T
#KONTO 5010 Lokalhyror
#KTYP 5010 K
#DIM 1 Ansvar
#OBJEKT 1 "11000" Kansliet
#IB 0 1941 0.00
#UB 0 1941 -{total}.00
#RES 0 5010 {total}.00
"""
_VOUCHER = """#VER A {no} {year}{month:02}15 "Hyra"
{{
   #TRANS 5010 {{1 "11000"}} {amount}.00
   #TRANS 1941 {{}} -{amount}.00
}}
"""


def _amount(no: int, version: int) -> int:
    """Return what a row says: versions differ in the first row and in the last."""
    return 100 * no + (version if no in (1, 10) else 0)


def ledger(year: int, version: int, half: int | None = None) -> bytes:
    """Return a ledger of ten vouchers, or the first or second half of them; a later version was made a day later."""
    amounts = {no: _amount(no, version) for no in _VOUCHERS}
    kept = [no for no in _VOUCHERS if half in (None, no > len(_VOUCHERS) // 2)]
    head = _HEAD.format(made=_FIRST_MADE + timedelta(days=version), year=year, total=sum(amounts.values()))
    vouchers = [_VOUCHER.format(no=no, year=year, month=no, amount=amounts[no]) for no in kept]
    return (head + "".join(vouchers)).encode("cp437")


def budget(year: int, version: int, half: int | None = None) -> bytes:
    """Return a budget of ten rows, or the first or second half of them. It tells no day that it was made."""
    rows = [
        f"{year};1{no:02}00;5010;{_amount(no, version)}" for no in _VOUCHERS if half in (None, no > len(_VOUCHERS) // 2)
    ]
    return "\r\n".join(["År;Ansvar;Konto;Belopp", *rows, ""]).encode()


def assignments(year: int, version: int, half: int | None = None) -> bytes:
    """Return a register of ten assignments, or the first or second half of them, without a day too."""
    rows = [
        f"{year};KS;U-{no:02};Uppdrag {no};Pågår;{_amount(no, version)}"
        for no in _VOUCHERS
        if half in (None, no > len(_VOUCHERS) // 2)
    ]
    return "\r\n".join(["År;Nämnd;Uppdragskod;Uppdrag;Status;Kommentar", *rows, ""]).encode()
