"""A file read a slice at a time says what it says as a whole, wherever it is cut."""

import io
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_sie_same_rows import LINES

from sources.ledger import ksumma
from sources.ledger.canonical import stream_ledger
from sources.ledger.slices import slices, survey
from sources.reading import ReadOptions, Rejected

HEAD = ["#FLAGGA 0", "#RAR 0 20230101 20231231", '#DIM 1 "Ansvar"', '#DIM 6 "Ansvar"', "#KONTO 1910 Kassa"]


def streamed(data: bytes, size: int):
    """Return the reading with its postings, or why it was refused, and in how many slices they came."""
    parts: list[pa.Table] = []
    try:
        reading = stream_ledger(io.BytesIO(data), ReadOptions(), parts.append, slice_bytes=size)
    except Rejected as rejection:
        return str(rejection), 0
    tables = {"ledger__postings": pa.concat_tables(parts).combine_chunks(), **reading.tables}
    return replace(reading, tables=tables), len(parts)


def assert_same(data: bytes, size: int) -> int:
    whole, _ = streamed(data, -1)
    cut, parts = streamed(data, size)
    if isinstance(whole, str):
        assert cut == whole
        return parts
    for name, table in whole.tables.items():
        assert cut.tables[name].to_pylist() == table.to_pylist(), name
    assert replace(cut, tables={}) == replace(whole, tables={})
    return parts


def with_sum(lines: list[str], *, wrong: int) -> list[str]:
    """Put the lines between two #KSUMMA, the last one with their sum, or another."""
    checksum = ksumma.Verifier("cp437")
    frame = ksumma_lines(["#KSUMMA", *lines, "#KSUMMA 1"])
    checksum.add(frame)
    return ["#KSUMMA", *lines, f"#KSUMMA {checksum._at_last['cp437'] + wrong}"]


def ksumma_lines(lines: list[str]):
    from sources.ledger.fast import line_frame

    return line_frame("\n".join(lines))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(LINES, min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["cp437", "utf-8", "latin-1", "utf-16"]),
    st.integers(1, 200),
    st.sampled_from([None, 0, 1]),
)
@example([['#RAR "a"b 20230131']], "\n", "cp437", 1, None)
def test_slices_say_what_the_whole_says(vouchers, line_end, encoding, size, wrong):
    lines = [line for voucher in vouchers for line in voucher]
    late = ["#VER A 1 20230105 x", "{", "#TRANS 1910 {1 A 6 B} 1.00", "}", '#DIM 7 "Projekt"', "#OBJEKT 1 A Ö"]
    body = [*HEAD, *lines, *late]
    text = line_end.join(body if wrong is None else with_sum(body, wrong=wrong))
    assert_same(text.encode(encoding), size)


@pytest.mark.parametrize("size", [1, 7, 64, 500])
@pytest.mark.parametrize(
    "name", ["year_4e.se", "oddities.se", "salaries_4i.si", "mixed.se", "utf8_bom.se", "balances_type1.se"]
)
def test_every_fixture_can_be_cut(good, name, size):
    assert_same(good(name), size)


def test_a_slice_begins_with_a_voucher(good):
    data = good("year_4e.se")
    found = survey(io.BytesIO(data))
    parts = list(slices(io.BytesIO(data), found, 64))
    assert len(parts) > 2
    assert all(part.text.startswith("#VER") for part in parts[1:])
    assert [part.is_last for part in parts] == [False] * (len(parts) - 1) + [True]
    lines = data.decode("cp437").split("\n")
    assert [lines[part.first_row_no - 1] for part in parts] == [part.text.split("\n")[0] for part in parts]


def test_text_that_looks_like_a_voucher_is_no_place_to_cut():
    data = b'#FLAGGA 0\n#VER A 1 20230101 "se #VER 2"\n{\n#TRANS 1910 {} 1 20230101 "#VER "\n#VERX 1\n}\n'
    parts = list(slices(io.BytesIO(data), survey(io.BytesIO(data)), 8))
    assert [part.first_row_no for part in parts] == [1, 2]


def test_names_and_years_may_stand_after_the_vouchers():
    vouchers = b"#VER A 1 20230101\n{\n#TRANS 1910 {20 K} 1\n}\n#VER A 2 20230101\n{\n}\n"
    data = vouchers + b"#RAR 0 20220701 20230630\n#DIM 20 Motpart\n"
    reading, parts = streamed(data, 16)
    assert parts > 1
    row = reading.tables["ledger__postings"].to_pylist()[0]
    assert (row["counterparty_code"], row["fiscal_year"]) == ("K", 2023)


def test_a_byte_the_forced_set_cannot_read_is_told_by_its_place_in_the_file():
    data = b"#FLAGGA 0\n#VER A 1 20230101\n{\n}\n#VER A 2 20230101\n{\n\xff\n}\n"
    options = ReadOptions(encoding="utf-8")
    with pytest.raises(Rejected, match=rf"byte {data.index(bytes([255])) + 1}\)"):
        stream_ledger(io.BytesIO(data), options, lambda _: None, slice_bytes=8)
