"""Good deliveries made bad, one defect each: what suppliers have been seen to send."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path


def sie(files: Path, edit: Callable[[str], str], year: int = 2023) -> bytes:
    """Return the example's ledger of a year, without its checksum, after ``edit`` of its text."""
    text = (files / f"KS_{year}.se").read_bytes().decode("cp437")
    return edit(re.sub(r"#KSUMMA.*\r?\n", "", text)).encode("cp437")


def first_voucher(text: str) -> re.Match[str]:
    """Return the first voucher of two rows, as (head, first row up to its amount, the amount, the rest)."""
    found = re.search(
        r"(#VER A 1 [^\n]*\n\{\r?\n)(\s*#TRANS \d+ \{[^}]*\} )(-?[\d.]+)([^\n]*\n[^}]*\{\} -?[\d.]+\r?\n\})", text
    )
    assert found is not None
    return found


def unbalanced(files: Path) -> bytes:
    """The first voucher's first amount is 12,50 too high."""

    def edit(text: str) -> str:
        found = first_voucher(text)
        amount = f"{float(found[3]) + 12.5:.2f}"
        return text[: found.start(3)] + amount + text[found.end(3) :]

    return sie(files, edit)


def _in_first_voucher(files: Path, old: str, new: str) -> bytes:
    def edit(text: str) -> str:
        found = first_voucher(text)
        assert old in found[0]
        return text[: found.start()] + found[0].replace(old, new) + text[found.end() :]

    return sie(files, edit)


def unknown_account(files: Path) -> bytes:
    """The first voucher is posted on account 7999, which the chart lacks."""
    return _in_first_voucher(files, "#TRANS 7911 ", "#TRANS 7999 ")


def unknown_unit(files: Path) -> bytes:
    """The first voucher is posted on unit 99999."""
    return _in_first_voucher(files, '{1 "15000"', '{1 "99999"')


def unit_not_valid(files: Path) -> bytes:
    """The first voucher is posted on a unit that was closed on 2022-12-31."""
    return _in_first_voucher(files, '{1 "15000"', '{1 "20000"')


def outside_the_year(files: Path) -> bytes:
    """The first voucher is dated in the year after."""
    return _in_first_voucher(files, "#VER A 1 20230131", "#VER A 1 20240131")


def other_organisation(files: Path) -> bytes:
    """The ledger of somebody else."""
    return sie(files, lambda text: text.replace("212000-1553", "212000-9999"))


def wrong_checksum(files: Path) -> bytes:
    """The file's last #KSUMMA does not agree with its items."""
    data = (files / "KS_2023.se").read_bytes()
    return re.sub(rb"#KSUMMA (\d+)", lambda found: b"#KSUMMA %d" % (int(found[1]) ^ 1), data)


def truncated(files: Path) -> bytes:
    """The transfer broke in the middle: #KSUMMA was opened and never closed."""
    data = (files / "KS_2023.se").read_bytes()
    return data[: len(data) // 2]


def small(files: Path) -> bytes:
    """The year's vouchers after January are gone: far fewer rows than the delivery it would replace."""

    def edit(text: str) -> str:
        head, *vouchers = text.split("#VER ")
        return head + "".join(f"#VER {voucher}" for voucher in vouchers[: len(vouchers) // 10])

    return sie(files, edit)


def harmless_change(files: Path) -> bytes:
    """Other bytes, same meaning: a remark more."""
    return sie(files, lambda text: text.replace("#FORMAT PC8", "#FORMAT PC8\n#PROSA Omexport", 1))


def budget_rows(files: Path) -> list[list[str]]:
    """Return the rows of the example's budget 2022, header first."""
    text = (files / "budget_2022.csv").read_text(encoding="utf-8-sig")
    return [line.split(";") for line in text.splitlines()]


def budget_csv(rows: list[list[str]]) -> str:
    """Return rows as a planning system's CSV."""
    return "\r\n".join(";".join(row) for row in rows) + "\r\n"


def budget_with_text(files: Path) -> bytes:
    """Somebody wrote a remark where an amount belongs, in row 3."""
    rows = budget_rows(files)
    rows[2][6] = "se bilaga"
    return budget_csv(rows).encode("utf-8")


def budget_with_spaces(files: Path) -> str:
    """Amounts with no-break spaces between thousands and a decimal comma."""
    rows = budget_rows(files)
    for row in rows[1:]:
        whole, _, cents = row[6].partition(",")
        sign = "-" if whole.startswith("-") else ""
        row[6] = sign + f"{int(whole.lstrip('-')):,}".replace(",", "\N{NO-BREAK SPACE}") + f",{cents}"
    return budget_csv(rows)


def budget_with_preamble(files: Path) -> bytes:
    """Three rows above the header, as report tools print them."""
    return ("Budgetrapport;;;\r\nUttag 2022-01-10;;;\r\n\r\n" + budget_csv(budget_rows(files))).encode("utf-8")


def budget_workbook_with_total(files: Path) -> bytes:
    """A workbook whose last row is the sum of the others."""
    import xlsxwriter

    rows = budget_rows(files)
    amounts = [float(row[6].replace(",", ".")) for row in rows[1:]]
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        sheet = workbook.add_worksheet("Budget")
        sheet.write_row(0, 0, rows[0])
        for index, (row, amount) in enumerate(zip(rows[1:], amounts, strict=True), start=1):
            sheet.write_row(index, 0, [*row[:6], amount, row[7]])
        sheet.write_row(len(rows), 0, ["Summa", "", "", "", "", "", round(sum(amounts), 2), ""])
    return buffer.getvalue()
