"""Any file to text columns: what Arrow splits is what the csv module says, line by line."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pytest
from extract_examples import FACTS, facts, parquet, reading, told
from extract_examples import csv as as_csv
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.ledger import is_sie, read
from sources.reading import ReadOptions, Rejected
from sources.tabular.extract import open_extract
from sources.tabular.table import Wanted

WANTED = Wanted(headers=frozenset({"a", "b", "c"}), examples=("a, b",))


def texts(data, name="x.csv"):
    file = open_extract(data, name, WANTED)
    return file.texts([0, 1, 2])


def rows(data):
    return texts(data).frame.rows()


def test_rows_keep_their_physical_lines():
    data = b'Uttag 2024\n\na;b;c\n1;2;3\n\n4;"x\ny";6\n7;8;9\n'
    assert rows(data) == [(4, "1", "2", "3"), (6, "4", "x\ny", "6"), (8, "7", "8", "9")]


def test_a_stray_quote_is_a_sign_like_others():
    assert rows(b'a;b;c\n1;5" skruv;3\n4;"a ""b""";6') == [(2, "1", '5" skruv', "3"), (3, "4", 'a "b"', "6")]


def test_an_open_quote_is_named_by_its_row():
    with pytest.raises(Rejected, match="Rad 3: citattecknen"):
        texts(b'a;b;c\n1;2;3\n4;"5;6\n7;8;9\n')


def test_rows_of_another_width_are_kept_and_counted():
    found = texts(b"a;b;c\n1;2;3\n4;5\n6;7;8;9\n1;2;3\n1;2;3\n1;2;3;\n1;2;3\n")
    assert found.odd == {3: 2, 4: 4}
    assert found.frame.rows()[1:3] == [(3, "4", "5", None), (4, "6", "7", "8")]


def test_padding_at_the_end_of_every_row_is_no_cell():
    assert texts(b"a;b;c\n1;2;3;;\n4;5;6;;\n").odd == {}


def test_a_table_split_at_the_wrong_sign_is_refused():
    with pytest.raises(Rejected, match="annat antal fält"):
        texts(b"a,b,c\n1,2,3,50\n4,5\n7,8,9,50,1\n")


def test_a_total_at_the_end_is_left_out_and_told():
    found = texts(b"a;b;c\n1;2;3\nSumma;;3\n")
    assert found.frame.height == 1
    assert found.facts["total_rows_left_out"] == "rad 3"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "cp437", "utf-16"])
def test_swedish_letters_in_any_character_set(encoding):
    assert rows("a;b;c\r\nÅsa äöé;2;3\r\n".encode(encoding)) == [(2, "Åsa äöé", "2", "3")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "tom"),
        (b"<!DOCTYPE html><html></html>", "HTML"),
        (b"a;b;c\n", "inga rader"),
        (b"a;b;c\n;;\n \n", "inga rader"),
        (b"x;y\n1;2\n", "Ingen rubrikrad"),
        (b"PAR1 trasig", "skadad"),
        (parquet({"a": pa.array([], pa.string()), "b": pa.array([], pa.string())}), "inga rader"),
        (b"PK\x03\x04 trasig", "skadad"),
    ],
)
def test_what_is_no_table_is_refused(data, says):
    with pytest.raises(Rejected, match=says):
        texts(data)


def test_a_column_that_is_no_text_is_refused():
    data = parquet({"a": pa.array([[1]]), "b": pa.array(["x"]), "c": pa.array(["y"])})
    with pytest.raises(Rejected, match="Kolumnen a har typen"):
        texts(data)


CELL = st.text(st.sampled_from('ab1 åé;,"\n.-'), max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12))
def test_what_a_csv_writer_writes_is_read(table):
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(["a", "b", "c"])
    lines, at = [], 2
    for row in table:
        start = buffer.tell()
        writer.writerow(row)
        lines.append(at)
        at += buffer.getvalue()[start:].count("\n")
    blank = " \t\u00a0\u202f\r\n"
    cells = [tuple(cell.strip(blank) or None for cell in row) for row in table]
    expected = [(line, *row) for line, row in zip(lines, cells, strict=True) if any(row)]
    if not expected:
        return
    data = buffer.getvalue().encode()
    found = [(line, *(cell and cell.strip(blank) for cell in row)) for line, *row in rows(data)]
    assert found == expected


@pytest.mark.parametrize(
    ("name", "data", "sie"),
    [
        ("KS.SE", b"", True),
        ("loner.si", b"x", True),
        ("utan", b"#FLAGGA 0", True),
        ("huvudbok.txt", b"\xef\xbb\xbf\r\n#FLAGGA 0", True),
        ("verifikat.txt", b"FORETAG;VERTYP", False),
        ("verifikat.parquet", b"PAR1", False),
    ],
)
def test_the_ending_or_the_first_sign_says_what_is_sie(name, data, sie):
    assert is_sie(data, name) is sie


def test_headers_that_belong_to_no_table_are_told():
    with pytest.raises(Rejected, match="inte någon känd tabells i Raindance eller Unit4: KONTO_ID, ANSV_ID"):
        read(b"KONTO_ID;ANSV_ID\n6010;11100\n", FACTS, ReadOptions())
    with pytest.raises(Rejected, match="Kolumnen ANSV_ID finns flera gånger"):
        read(b"ANSV_ID;ANSV_ID;UTFALL_V\n1;2;3\n", FACTS, ReadOptions())


def test_large_files_are_split_in_one_stroke():
    """200,000 rows take a second; the bound is for slow machines."""
    import time

    many = as_csv(facts() * 50_000)
    start = time.perf_counter()
    found = reading(many)
    assert time.perf_counter() - start < 15
    assert (found.rows_in, told(found)) == (200_000, [])
