"""The character set: what the bytes say, whatever #FORMAT claims."""

import pytest

from sources.ledger.encoding import decode, judge
from sources.reading import Rejected

TEXT = "#FORMAT PC8\n#FNAMN Örebro Åmål\n"


@pytest.mark.parametrize(
    ("data", "encoding", "evidence"),
    [
        (TEXT.encode("cp437"), "cp437", "3 som CP437, 0 som Latin-1"),
        (TEXT.encode("latin-1"), "latin-1", "0 som CP437, 3 som Latin-1"),
        (TEXT.encode(), "utf-8", "giltig UTF-8"),
        (TEXT.encode("utf-8-sig"), "utf-8", "BOM"),
        (TEXT.encode("utf-16"), "utf-16", "BOM"),
        (b"#FORMAT PC8\n", "cp437", "ASCII"),
    ],
)
def test_verdict(data, encoding, evidence):
    verdict = judge(data)
    assert verdict.encoding == encoding
    assert evidence in verdict.evidence
    assert decode(data, verdict).startswith("#FORMAT")


def test_letters_of_another_set_are_pointed_at():
    data = "åäö ÅÄÖ\n".encode("cp437") + "å\n".encode("latin-1")
    verdict = judge(data)
    assert (verdict.encoding, verdict.odd_byte_at) == ("cp437", 8)


def test_a_broken_utf8_file_is_judged_by_its_letters():
    assert judge(TEXT.encode("utf-8-sig") + b"\x86\x84\x94\n").encoding == "cp437"


def test_configuration_forces():
    data = TEXT.encode("cp437")
    assert "Ö" not in decode(data, judge(data, forced="latin-1"))
    with pytest.raises(LookupError):
        judge(data, forced="no-such-set")


def test_a_forced_set_that_cannot_read_the_bytes_is_said():
    data = TEXT.encode("cp437")
    with pytest.raises(Rejected, match="inställningarna"):
        decode(data, judge(data, forced="utf-8"))
