"""#KSUMMA: the checksum that tells whole files from cut or changed ones."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.ledger import ksumma
from sources.ledger.fast import line_frame
from sources.ledger.rejections import TruncatedSie, WrongChecksum

BODY = ['#FNAMN "Å \\"kommun\\""', '#TRANS 3010\t{1 "A 1"} -100.00', "{", "}", "#KONTO 1910 Kassa{SEK}"]
PLAIN = '#FNAMNÅ "kommun"#TRANS30101A 1-100.00#KONTO1910Kassa{SEK}'


def verify(lines, encoding="cp437"):
    return ksumma.verify(line_frame("\n".join(lines)), encoding)


def with_sum(value, body=BODY):
    return ["#FLAGGA 0", "#KSUMMA", *body, f"#KSUMMA {value}"]


def test_a_right_sum_is_right():
    assert verify(with_sum(zlib.crc32(PLAIN.encode("cp437")))) == ksumma.CORRECT


def test_a_file_in_another_set_may_be_summed_over_its_own_bytes():
    assert verify(with_sum(zlib.crc32(PLAIN.encode("latin-1"))), "latin-1") == ksumma.CORRECT


def test_a_changed_file_is_refused():
    body = [*BODY[:-1], "#KONTO 1910 Bank{SEK}"]
    with pytest.raises(WrongChecksum, match="rad 8"):
        verify(with_sum(zlib.crc32(PLAIN.encode("cp437")), body))


@pytest.mark.parametrize("value", ["abc", '"12 34"', "-"])
def test_a_sum_that_is_no_number_is_refused(value):
    with pytest.raises(WrongChecksum):
        verify(with_sum(value))


@pytest.mark.parametrize("end", [[], ["#KSUMMA"]])
def test_a_sum_that_is_never_closed_means_a_cut_file(end):
    with pytest.raises(TruncatedSie, match="avklippt"):
        verify(["#FLAGGA 0", "#KSUMMA", *BODY, *end])


def test_no_sum_or_only_the_last_cannot_be_tried():
    assert verify(BODY) == ksumma.ABSENT
    assert verify([*BODY, "#KSUMMA 17"]) == ksumma.UNOPENED


def test_a_writer_gets_the_sum_a_reader_wants():
    items = [("FNAMN", 'Å "kommun"'), ("TRANS", "3010", "1", "A 1", "-100.00"), ("KONTO", "1910", "Kassa{SEK}")]
    assert ksumma.checksum(items) == zlib.crc32(PLAIN.encode("cp437"))


LINES = st.builds(
    "#{}{}".format,
    st.sampled_from(["TRANS", "IB", "OIB", "PSALDO", "KONTO", "VER", "X", "KSUMM"]),
    st.text(st.sampled_from(' \t"{}\\aÅ1-'), max_size=20),
)


@given(st.lists(LINES, max_size=5))
def test_all_lines_at_once_say_the_same_as_each_line_alone(lines):
    frame = line_frame("\n".join(lines))
    alone = [ksumma.line_content(line) for line in frame["line"] if line.startswith("#")]
    assert list(ksumma._contents(frame)) == alone
