"""What read_sie says of whole files; the fixtures' figures are added up by hand."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from sources.ledger import rejections
from sources.ledger.sie import read_sie


def reasons(export, severity=None):
    found = export.issues.filter(pl.col("severity") == severity) if severity else export.issues
    return found.select("row_no", "reason").rows()


def test_a_whole_year(good):
    export = read_sie(good("year_4e.se"))
    assert (export.sie_type, export.program, export.ksumma) == (4, "Kommunekonomi 4.2", "stämmer")
    assert export.postings["amount"].dtype == pl.Decimal(18, 2)
    assert export.postings.filter("counts")["amount"].sum() == 0
    assert export.postings["label"].to_list() == ["TRANS"] * 4 + ["BTRANS", "RTRANS", "TRANS", "TRANS"]
    assert export.vouchers["text"].to_list() == ['Hyra "Ankan" januari', "Avgifter", "Rättad hyra"]
    assert export.vouchers["registered_on"].to_list() == [date(2023, 1, 16), None, None]
    assert export.said("FNAMN") == ["Ankeborgs kommun, nämnd Å"]
    assert export.dimensions.filter(pl.col("label") == "UNDERDIM")["parent_no"].to_list() == [6]
    assert reasons(export) == [(46, "Dimension 7 saknar #DIM (första förekomsten).")]


def test_a_salary_file_with_empty_series_and_numbers(good):
    export = read_sie(good("salaries_4i.si"))
    assert export.vouchers.select("series", "number").rows() == [("", ""), ("", "")]
    assert export.postings["voucher_row_no"].to_list() == [7, 7, 12, 12]
    assert export.postings["amount"].to_list() == [Decimal(31000), Decimal(-31000), Decimal(500), Decimal(-500)]


@pytest.mark.parametrize(
    ("name", "encoding"), [("latin1.se", "latin-1"), ("utf8.se", "utf-8"), ("utf8_bom.se", "utf-8")]
)
def test_the_same_file_in_other_character_sets(good, name, encoding):
    export = read_sie(good(name))
    assert export.encoding == encoding
    assert export.program == "Lön för alla 7"
    assert any(f"skriven i {encoding}" in reason for _, reason in reasons(export, "info"))


def test_a_file_that_mixes_character_sets_is_pointed_at(good):
    assert [row for row, reason in reasons(read_sie(good("mixed.se"))) if "blandar" in reason] == [12]


def test_a_file_without_a_type_is_type_1(good):
    export = read_sie(good("balances_type1.se"))
    assert export.sie_type == 1
    assert export.balances.select("label", "amount").rows() == [
        ("IB", Decimal("10.00")),
        ("UB", Decimal("25.00")),
        ("RES", Decimal("-15.00")),
    ]


def test_oddities_are_issues_on_their_lines(good):
    export = read_sie(good("oddities.se"))
    errors = export.issues.filter(pl.col("severity") == "error")
    assert errors["row_no"].to_list() == [21, 22, 24, 27, 32, 33, 39]
    warnings = export.issues.filter(pl.col("severity") == "warning")
    assert warnings["row_no"].to_list() == [7, 10, 13, 18, 23, 25, 26, 26, 28, 30, 38, 38]
    infos = export.issues.filter(pl.col("severity") == "info")
    assert infos["row_no"].to_list() == [5, 9, 14, 25, 25]


def test_oddities_lose_no_row(good):
    postings = read_sie(good("oddities.se")).postings
    assert postings["row_no"].to_list() == [16, 17, *range(21, 30), 32, 35, 36, 40, 41]
    assert postings.filter(pl.col("amount").is_null())["row_no"].to_list() == [21, 22]
    assert postings.filter(pl.col("voucher_row_no").is_null())["row_no"].to_list() == [32]


def test_unknown_items_are_kept(good):
    assert read_sie(good("oddities.se")).said("NYHET") == ["det här finns inte", "1"]


@pytest.mark.parametrize("text", ["hemlig person", "19121212-1212"])
def test_reasons_never_repeat_the_text_of_a_field(text):
    data = f'#FLAGGA 0\n#VER A 1 "{text}" x "{text}"\n{{\n#TRANS 1910 {{1}} "{text}" "{text}" "{text}" "{text}"\n}}\n'
    export = read_sie(data.encode())
    assert len(export.issues) >= 5
    assert not any(text in reason for reason in export.issues["reason"])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_the_end_of_file_mark_of_dos(end):
    data = end.join(["#FLAGGA 0", "#VER A 1 20230101", "{", "#TRANS 1 {} 1", "#TRANS 2 {} -1", "}", "\x1a"]).encode()
    export = read_sie(data)
    assert export.postings["row_no"].to_list() == [4, 5]
    assert [label for label in export.issues["label"] if label != "RAR"] == []


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("empty.se", rejections.NotSie, "tom"),
        ("web_page.se", rejections.NotSie, 'HTML-sida (rubrik "Logga in")'),
        ("prose.se", rejections.NotSie, "text men inte SIE"),
        ("workbook.se", rejections.NotSie, "Excel"),
        ("binary.se", rejections.NotSie, "binär"),
        ("sie5.se", rejections.NotSie, "XML"),
        ("wrong_checksum.se", rejections.WrongChecksum, "stämmer inte"),
        ("truncated.se", rejections.TruncatedSie, "troligen avklippt"),
        ("only_chart.se", rejections.EmptyExport, "varken verifikat eller saldon"),
    ],
)
def test_a_file_is_refused(bad, name, error, said):
    with pytest.raises(error) as caught:
        read_sie(bad(name))
    assert said in str(caught.value)
