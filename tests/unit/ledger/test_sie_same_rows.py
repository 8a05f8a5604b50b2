"""The fast path and the exact tokenizer give the same rows, whatever a line looks like."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from sources.ledger.fast import line_frame, split_items
from sources.ledger.labels import KNOWN_LABELS
from sources.ledger.sie import read_sie

BLANKS = st.sampled_from([" ", "  ", "\t", " \t "])
WORDS = st.text(st.sampled_from("abcÅÄÖåäö019.,;=-' "), max_size=8)
AMOUNTS = st.sampled_from(["100.00", "-5", "0.5", "1,50", "1.005", "", "-.75", "12."])
DATES = st.sampled_from(["20230131", "20231301", "2023-01-31", "", "0"])


def quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


FIELDS = st.one_of(
    WORDS.map(quoted),
    WORDS.map(lambda word: word.replace(" ", "") or "x"),
    AMOUNTS.map(lambda amount: amount or '""'),
    DATES.map(lambda day: day or '""'),
    st.sampled_from(
        ['"', '\\"', "\\", '"a"b', 'a"b', "{", "}", "{}", "{ }", '"{1 A}"', '"a\\"b"', '"C:\\x\\"', "#TRANS"]
    ),
)
OBJECTS = st.sampled_from(
    ["{}", "{ }", "{1 A}", '{"1" "Å 1" 6 P}', "{1}", '{1 "}"}', "{1 A", '{1 "A}', '{1 "\\""}', "{x y}", ""]
)


@st.composite
def postings(draw):
    """A line that mostly looks like a posting: the fast path takes many of them, the tokenizer the rest."""
    parts = [
        "#" + draw(st.sampled_from(["TRANS", "RTRANS", "BTRANS"])),
        draw(st.one_of(st.sampled_from(["1910", '"3010"']), FIELDS)),
        draw(OBJECTS),
        draw(AMOUNTS.map(lambda amount: amount or '""')),
        *draw(st.lists(FIELDS, max_size=6)),
    ]
    return draw(st.sampled_from(["", "  ", "\t"])) + draw(BLANKS).join(parts) + draw(st.sampled_from(["", " ", "\r"]))


@st.composite
def items(draw):
    """A line of any label, known or not, with any fields."""
    label = draw(st.sampled_from([*sorted(KNOWN_LABELS - {"KSUMMA"}), "NYHET", ""]))
    return draw(BLANKS).join(["#" + label, *draw(st.lists(st.one_of(FIELDS, OBJECTS), max_size=8))])


VOUCHERS = st.builds("#VER {} {} {} {}".format, st.sampled_from(['""', "A"]), FIELDS, DATES, FIELDS)
OTHER_LINES = st.sampled_from(["{", "}", "", " ", "text", "} ", "\t{"])
LINES = st.lists(st.one_of(postings(), postings(), items(), VOUCHERS, OTHER_LINES), max_size=15)


@settings(max_examples=400, deadline=None)
@given(LINES, st.sampled_from(["\n", "\r\n"]))
@example(['#TRANS 1910 {} 1.00 20230101 "a" 1 EK extra "fält"', "#TRANS 1910{} 1"], "\n")
def test_same_fields(lines, line_end):
    frame = line_frame(line_end.join(lines))
    mixed, exact = split_items(frame), split_items(frame, exact=True)
    for name in exact:
        assert_frame_equal(mixed[name], exact[name])


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_same_export_and_no_row_lost(lines):
    text = "\r\n".join(["#FLAGGA 0", "#IB 0 1910 0.00", *lines])
    data = text.encode("cp437")
    mixed, exact = read_sie(data, encoding="cp437"), read_sie(data, encoding="cp437", exact=True)
    for name in ("header", "vouchers", "postings", "balances", "period_amounts", "accounts", "objects", "issues"):
        assert_frame_equal(getattr(mixed, name), getattr(exact, name))
    labels = [line.strip(" \t\r").split(" ")[0].split("\t")[0] for line in text.split("\n")]
    assert len(mixed.postings) == sum(label in {"#TRANS", "#RTRANS", "#BTRANS"} for label in labels)
    assert len(mixed.vouchers) == labels.count("#VER")


def test_ordinary_lines_take_the_fast_path(monkeypatch):
    lines = ["#VER A 1 20230101 text", "{", '#TRANS 1910 {1 "A"} -1.00 20230101 "å" 2', "#TRANS\t3010 { }  1.00", "}"]
    monkeypatch.setattr("sources.ledger.fast.tokenize", None)
    tables = split_items(line_frame("\n".join(lines)))
    assert tables["postings"]["object_list"].to_list() == ['1 "A"', " "]
    assert tables["postings"]["voucher_row_no"].to_list() == [1, 1]
