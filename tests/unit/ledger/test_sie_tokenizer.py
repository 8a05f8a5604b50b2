"""The exact rules of a line: blanks, quotes, escapes, braces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.ledger import tokenizer
from sources.ledger.tokenizer import Item, parse_objects, split_fields, tokenize


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("#FLAGGA 0", Item("FLAGGA", ["0"], None, None)),
        ("#GEN\t\t20240101  EK", Item("GEN", ["20240101", "EK"], None, None)),
        ('#FNAMN "Ankeborgs kommun"', Item("FNAMN", ["Ankeborgs kommun"], None, None)),
        ('#PROSA ""', Item("PROSA", [""], None, None)),
        (r'#PROGRAM "\"Bok\" 2" 1', Item("PROGRAM", ['"Bok" 2', "1"], None, None)),
        (r'#FNR "C:\Bok\Data"', Item("FNR", [r"C:\Bok\Data"], None, None)),
        ('#FNR "C:\\Bok\\"', Item("FNR", ["C:\\Bok\\"], None, None)),
        ("#KONTO 1910 Kassa{SEK}", Item("KONTO", ["1910", "Kassa{SEK}"], None, None)),
        ('#TRANS 1910 {1 "A 1"} -5.00', Item("TRANS", ["1910", "-5.00"], '1 "A 1"', None)),
        ("#TRANS 1910 { } -5.00", Item("TRANS", ["1910", "-5.00"], " ", None)),
        ("#TRANS 1910{}-5.00", Item("TRANS", ["1910", "-5.00"], "", None)),
        ('#TRANS 1910 {1 "}"} 5 20240101 {hej}', Item("TRANS", ["1910", "5", "20240101", "{hej}"], '1 "}"', None)),
        ("#TRANS 1910 5.00", Item("TRANS", ["1910", "5.00"], None, None)),
        ("#TRANS {1 A} 5.00", Item("TRANS", ["", "5.00"], "1 A", None)),
        ("#PSALDO 0 202301 3010 {} 5", Item("PSALDO", ["0", "202301", "3010", "5"], "", None)),
        ("#TRANS 1910 {1 A 5.00", Item("TRANS", ["1910"], "1 A 5.00", tokenizer.OPEN_LIST)),
        ('#KONTO 1910 "Kassa', Item("KONTO", ["1910", "Kassa"], None, tokenizer.OPEN_QUOTE)),
        ('#KONTO 1910 "A"B', Item("KONTO", ["1910", "A", "B"], None, tokenizer.TEXT_AFTER_QUOTE)),
        ("#", Item("", [], None, None)),
    ],
)
def test_tokenize(line, expected):
    assert tokenize(line) == expected


def test_a_line_that_is_no_item_is_refused():
    with pytest.raises(ValueError, match="starts with #"):
        tokenize("TRANS 1910 {} 5")


@given(
    st.lists(st.text(st.characters(exclude_characters="\n\r\\", exclude_categories=["Cs"]), max_size=12), max_size=6)
)
def test_quoted_fields_come_back(fields):
    quoted = " ".join('"' + field.replace('"', '\\"') + '"' for field in fields)
    assert tokenize(f"#X {quoted}".strip()).fields == fields


@given(st.text(st.sampled_from(' \t"{}\\aÅ1'), max_size=20))
def test_the_inside_of_a_list_is_cut_as_a_line_is(text):
    assert split_fields(text.strip(" \t")) == tokenize(f"#X {text}".rstrip(" \t")).fields


@pytest.mark.parametrize(
    ("text", "pairs", "fault"),
    [
        ("", [], None),
        ('1 100 "6" "P 1"', [(1, "100"), (6, "P 1")], None),
        ("1 100 6", [(1, "100")], tokenizer.UNPAIRED_OBJECTS),
        ("A 100", [], tokenizer.UNPAIRED_OBJECTS),
    ],
)
def test_object_lists(text, pairs, fault):
    assert parse_objects(text) == (pairs, fault)
