"""The character set is counted, and the evidence is told."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.reading import Rejected
from sources.tabular.encoding import decode, mojibake

TEXT = "Ansvar;Benämning\r\n01100;Överförmyndare på Åsö, café\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp437"]
)
def test_swedish_comes_through(encoding):
    assert decode(TEXT.encode(encoding)).text == TEXT


def test_verdict_carries_its_evidence():
    assert decode(TEXT.encode("cp437")).evidence == "åäöé: 0 tecken som CP1252, 7 som CP437"
    assert decode(b"\xef\xbb\xbfabc").encoding == "utf-8-sig"
    assert decode(b"abc").encoding == "ascii"


def test_a_byte_unknown_to_windows_is_not_lost():
    assert decode(b"\x81;\xe5").encoding == "cp437"


def test_forced_encoding_wins():
    assert decode("å".encode("cp437"), "cp437").text == "å"
    assert decode("å".encode("utf-8-sig"), "utf-8").text == "å"


@pytest.mark.parametrize(
    ("data", "forced", "reason"),
    [
        (b"\xe5", "utf-8", "inte skriven i utf-8"),
        (b"a", "klingon", "finns inte"),
        (b"\xff\xfea", None, "trasig vid byte"),
        (b"PNG\x00\x01\x02abc", None, "inte en textfil"),
    ],
)
def test_what_cannot_be_decoded_is_rejected(data, forced, reason):
    with pytest.raises(Rejected, match=reason):
        decode(data, forced)


def test_text_garbled_before_it_was_sent_is_told():
    assert mojibake("BenÃ¤mning") == "Ã¤"
    assert mojibake(TEXT) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_rejected(data):
    with contextlib.suppress(Rejected):
        assert "\x00" not in decode(data).text
