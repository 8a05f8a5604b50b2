r"""Cut a whole SIE file into fields at once.

Belongs here: the line frame, which voucher each line stands in, and one regular expression per table that takes the
ordinary lines. Not here: types (``typing_rules``) and the exact rules (``tokenizer``), which get every line the
expression does not take: those with a backslash, a stray quote or brace, a missing list, extra fields.

The expressions are one-pass: at each character only one way on is possible (quoted and bare text are separate groups,
optional fields are nested), so the engine never backtracks and a million postings take about half a second.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from sources.ledger.labels import LAYOUTS, Layout
from sources.ledger.tokenizer import tokenize

BLANK = r"[ \t]"
QUOTED = r'"[^"\\]*"'
BARE = r'[^ \t"{}\\]+'
LIST = r'(?:[^{}"\\]|"[^"\\]*")*'

VOUCHER, IN_VOUCHER, CLOSED = 1, 2, 3
_MARKS = {"#": VOUCHER, "{": IN_VOUCHER, "}": CLOSED}
_LABEL_PATTERN = rf"^#([^{BLANK[1:-1]}]*)"


def line_frame(text: str, *, first_row_no: int = 1) -> pl.DataFrame:
    """Return one row per physical line: row_no, line (blanks trimmed), label, voucher_row_no, mark.

    ``first_row_no`` is the line of the file that ``text`` begins with. ``label`` is null on lines that are no item.
    ``voucher_row_no`` is the line of the nearest #VER above (or the line itself), ``mark`` what stood last on or above
    the line: 1 a #VER, 2 its ``{``, 3 its ``}``, null nothing yet.
    """
    if "\n" not in text:
        text = text.replace("\r", "\n")
    lines = pl.Series("line", _split_lines(text)).str.strip_chars(" \t\r\x1a")
    frame = lines.to_frame().with_row_index("row_no", offset=first_row_no).with_columns(pl.col("row_no").cast(pl.Int64))
    frame = frame.with_columns(pl.col("line").str.extract(_LABEL_PATTERN).alias("label"))
    is_voucher = pl.col("label") == "VER"
    return frame.with_columns(
        pl.when(is_voucher).then("row_no").forward_fill().alias("voucher_row_no"),
        pl.when(is_voucher)
        .then(_MARKS["#"])
        .when(pl.col("line") == "{")
        .then(_MARKS["{"])
        .when(pl.col("line") == "}")
        .then(_MARKS["}"])
        .cast(pl.Int8)
        .forward_fill()
        .alias("mark"),
    )


def split_items(lines: pl.DataFrame, *, exact: bool = False) -> dict[str, pl.DataFrame]:
    """Return the fields of every item, as text, one frame per table of ``LAYOUTS``.

    Columns: row_no, label, voucher_row_no, mark, the layout's fields, object_list (the text between the braces, null
    without a list) and fault. ``""`` is an empty field, null a missing one. ``exact`` sends every line through the
    tokenizer: slow, the same rows.
    """
    return {name: _split_table(lines, layout, exact=exact) for name, layout in LAYOUTS.items()}


def split_header(lines: pl.DataFrame) -> pl.DataFrame:
    """Return one row per item that feeds no table: row_no, label, fields (list), fault."""
    elsewhere = [label for layout in LAYOUTS.values() for label in layout.labels]
    own = lines.filter(pl.col("label").is_not_null() & ~pl.col("label").is_in(elsewhere))
    items = [tokenize(line) for line in own["line"]]
    return own.select("row_no", "label").with_columns(
        pl.Series("fields", [item.fields for item in items], pl.List(pl.String)),
        pl.Series("fault", [item.fault for item in items], pl.String),
    )


def pattern(layout: Layout) -> str:
    """Return the expression of a layout: groups ``<field>_q`` and ``<field>_b`` per field, and ``object_list``."""
    nested = ""
    for position in reversed(range(len(layout.fields))):
        name = layout.fields[position]
        before = rf"(?:\{{(?P<object_list>{LIST})\}}{BLANK}*)?" if position == layout.objects_at else ""
        field = rf'(?:"(?P<{name}_q>{QUOTED[1:-1]})"|(?P<{name}_b>{BARE}))'
        nested = f"(?:{BLANK}+{before}{field}{nested})?"
    return rf"^#[^ \t]+{nested}$"


def _split_lines(text: str) -> pa.LargeStringArray:
    data = text.encode()
    ends = pa.py_buffer((0).to_bytes(8, "little") + len(data).to_bytes(8, "little"))
    whole = pa.LargeStringArray.from_buffers(1, ends, pa.py_buffer(data))
    return pc.split_pattern(whole, "\n").values


def _split_table(lines: pl.DataFrame, layout: Layout, *, exact: bool) -> pl.DataFrame:
    own = lines.filter(pl.col("label").is_in(layout.labels))
    if exact:
        return _by_tokenizer(own, layout)
    groups = own["line"].str.extract_groups(pattern(layout)).struct.unnest()
    split = own.with_columns(
        *(pl.coalesce(groups[f"{name}_q"], groups[f"{name}_b"]).alias(name) for name in layout.fields),
        groups["object_list"] if layout.objects_at else pl.lit(None, pl.String).alias("object_list"),
        pl.lit(None, pl.String).alias("fault"),
    )
    is_taken = pl.col(layout.fields[0]).is_not_null()
    taken, left = split.filter(is_taken).drop("line"), own.filter(~split.select(is_taken).to_series())
    if left.is_empty():
        return taken
    return pl.concat([taken, _by_tokenizer(left, layout)]).sort("row_no")


def _by_tokenizer(own: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    width = len(layout.fields)
    rows = []
    for line in own["line"]:
        item = tokenize(line)
        fields = (item.fields + [None] * width)[:width]  # extra fields at the end are ignored, as specified
        rows.append((*fields, item.object_list, item.fault))
    schema: Mapping[str, type[pl.DataType]] = dict.fromkeys((*layout.fields, "object_list", "fault"), pl.String)
    return pl.concat([own.drop("line"), pl.DataFrame(rows, schema, orient="row")], how="horizontal")
