"""Small extracts as rows of dictionaries, and the bytes they become.

Belongs here: rows that are right, to be changed by one cell. Not here: what is asserted about them.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from sources.ledger import read
from sources.reading import Company, Problem, Reading, ReadOptions

Row = dict[str, str]
FACTS = "raindance_verifikat_2023.csv"
HEADS = "raindance_verhuvud_2023.csv"
TRANSACTIONS = "agltransact_2023.csv"


def fact(number: int, account: str, amount: str, unit: str = "11100", **changes: str) -> Row:
    """One row of EK_FAKTA_VERIFIKAT, of voucher A ``number``."""
    row = {"FORETAG": "1489", "VERTYP": "A", "VERNR": str(number), "VERRAD": "1", "VERDATUM": f"2023-{number:02}-28"}
    row |= {"REGDATUM": "1799-12-31", "RADTEXT": "", "HUVUDTEXT": "Hyra", "KONTO_ID": account, "ANSV_ID": unit}
    return row | {"VERK_ID": "010", "PROJ_ID": "", "UTFALL_V": amount} | changes


def facts() -> list[Row]:
    """Two vouchers that balance: rows 2 and 3, rows 4 and 5 of the file."""
    return [
        fact(1, "6010", "1250,50"),
        fact(1, "2440", "-1250,50", ""),
        fact(2, "6010", "-7,00"),
        fact(2, "2440", "7,00", ""),
    ]


def head(number: int, rows: int, **changes: str) -> Row:
    """One row of EK_FAKTA_VERHUVUD."""
    row = {"FTG": "1489", "VERTYP": "A", "VERNR": str(number), "VERDATUM": f"2023-{number:02}-28"}
    return row | {"ANTALRADER": str(rows)} | changes


def transaction(number: int, account: str, amount: str, unit: str = "11100", **changes: str) -> Row:
    """One row of agltransact, of voucher A ``number``."""
    row = {"client": "1489", "account": account, "dim_1": unit, "dim_2": "010", "dim_3": "", "amount": amount}
    row |= {"currency": "SEK", "dc_flag": "-1" if amount.startswith("-") else "1", "period": f"2023{number:02}"}
    row |= {"fiscal_year": "2023", "voucher_no": str(number), "voucher_type": "A", "sequence_no": "1"}
    row |= {"trans_date": "1899-12-31", "voucher_date": f"2023-{number:02}-28", "description": "Hyra"}
    return row | changes


def transactions() -> list[Row]:
    """Two vouchers that balance: rows 2 and 3, rows 4 and 5 of the file."""
    first = [transaction(1, "6010", "1250.50"), transaction(1, "2440", "-1250.50", "")]
    return [*first, transaction(2, "6010", "-7.00"), transaction(2, "2440", "7.00", "")]


def csv(rows: Sequence[Row], separator: str = ";") -> bytes:
    """Return rows as CSV, the columns of the first row, nothing quoted."""
    lines = [separator.join(rows[0]), *(separator.join(row.values()) for row in rows)]
    return "\r\n".join([*lines, ""]).encode()


def parquet(columns: Mapping[str, pa.Array]) -> bytes:
    """Return columns as a Parquet file."""
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def workbook(rows: Sequence[Row]) -> bytes:
    """Return rows as a workbook of text cells."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("EK_FAKTA_VERIFIKAT")
        sheet.write_row(0, 0, list(rows[0]))
        for place, row in enumerate(rows, start=1):
            sheet.write_row(place, 0, list(row.values()))
    return buffer.getvalue()


def reading(rows: Sequence[Row] | bytes, name: str = FACTS, company: Company | None = None) -> Reading:
    """Read an extract of company 1489."""
    data = rows if isinstance(rows, bytes) else csv(rows)
    return read(data, name, ReadOptions(companies={"1489": company or Company()}))


def postings(found: Reading) -> list[dict[str, object]]:
    """Return the postings as dictionaries."""
    rows: list[dict[str, object]] = found.tables["ledger__postings"].to_pylist()
    return rows


def told(found: Reading) -> list[tuple[str, int, str, str]]:
    """Return (table, row, column, value) of each problem."""
    return [(problem.table, problem.row_no, problem.column, problem.value) for problem in found.problems]


def reason(found: Reading) -> str:
    """Return what the only problem says."""
    [problem] = found.problems
    assert isinstance(problem, Problem)
    return problem.reason
