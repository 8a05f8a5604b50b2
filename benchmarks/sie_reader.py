"""How fast the SIE reader is, against a plain loop and DuckDB: ``python benchmarks/sie_reader.py [--rows N]``.

Belongs here: a file of the size of a large municipality's year, and the ways to read it. Not here: any test of what is
read (``tests/unit/ledger``), though each way must give the same number of postings and the same sum.

Every way runs in a process of its own, so that its peak memory is its own; reading the file from disk and importing
are not timed.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CODE_STRINGS = 20_000
"""Different combinations of unit, activity and project in the file: a year uses the same ones over and over."""
Answer = tuple[int, Decimal]


def write_file(path: Path, rows: int, *, seed: int = 1) -> None:
    """Write a SIE 4E file with at least ``rows`` #TRANS in balanced vouchers, CP437 and CRLF."""
    rng = random.Random(seed)
    code_strings = [_code_string(rng) for _ in range(CODE_STRINGS)]
    lines = ["#FLAGGA 0", "#FORMAT PC8", "#SIETYP 4", '#PROGRAM "Benchmark" 1', "#RAR 0 20230101 20231231"]
    lines += ['#DIM 1 "Ansvar"', '#DIM 2 "Verksamhet"', '#DIM 6 "Projekt"']
    lines += [f'#KONTO {account} "Konto {account} för året"' for account in range(1000, 9000, 10)]
    written = number = 0
    while written < rows:
        number += 1
        size = rng.choice((2, 2, 3, 4, 8))
        amounts = [rng.randrange(-9_999_99, 9_999_99) for _ in range(size - 1)]
        day = f"2023{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"
        lines += [f'#VER {rng.choice("ABLK")} {number} {day} "Leverantör {number % 900}, fråga Åsa" {day}', "{"]
        lines += [_posting(rng, code_strings, amount, day) for amount in (*amounts, -sum(amounts))]
        lines.append("}")
        written += size
    path.write_bytes("\r\n".join([*lines, ""]).encode("cp437"))


def _code_string(rng: random.Random) -> str:
    objects = f'1 "{rng.randrange(100, 700)}" 2 "{rng.randrange(2000, 9000)}"'
    return objects if rng.random() < 0.7 else f'{objects} 6 "P{rng.randrange(900)}"'


def _posting(rng: random.Random, code_strings: list[str], ore: int, day: str) -> str:
    sign, kronor, rest = "-" if ore < 0 else "", *divmod(abs(ore), 100)
    text = rng.choice(("Hyra för kvartalet", "Köp av tjänst, 10 tim", "Lön enligt avtal", "Återbetalning"))
    return f'#TRANS {rng.randrange(300, 800)}0 {{{rng.choice(code_strings)}}} {sign}{kronor}.{rest:02d} {day} "{text}"'


def by_read_sie(data: bytes) -> Answer:
    """Everything the file says (``sources.ledger.sie``)."""
    from sources.ledger.sie import read_sie

    postings = read_sie(data).postings
    return len(postings), postings["amount"].abs().sum()


def by_read(data: bytes) -> Answer:
    """The raw tables the warehouse takes, as Arrow (``sources.ledger.read``)."""
    import pyarrow.compute as pc

    from sources.ledger import read
    from sources.reading import ReadOptions

    postings = read(data, "benchmark.se", ReadOptions()).tables["ledger__postings"]
    return postings.num_rows, pc.sum(pc.abs(postings["amount_sek"])).as_py()


def by_loop(data: bytes) -> Answer:
    """A plain and right Python loop: one dict per posting, dates and decimals typed."""
    from datetime import date

    rows: list[dict[str, object]] = []
    voucher: list[str] = []
    for line in data.decode("cp437").split("\n"):
        fields = _fields(line) if line.startswith("#") else []
        if fields[:1] == ["#VER"]:
            voucher = fields[1:]
        elif fields and fields[0] in {"#TRANS", "#RTRANS", "#BTRANS"}:
            end = fields.index("}")
            day = fields[end + 2] if len(fields) > end + 2 else voucher[2]
            rows.append(
                {
                    "kind": fields[0],
                    "voucher": voucher,
                    "account": fields[1],
                    "objects": dict(zip(fields[3:end:2], fields[4:end:2], strict=True)),
                    "amount": Decimal(fields[end + 1]),
                    "date": date(int(day[:4]), int(day[4:6]), int(day[6:])),
                    "text": fields[end + 3] if len(fields) > end + 3 else None,
                }
            )
    return len(rows), sum((abs(row["amount"]) for row in rows), Decimal(0))  # type: ignore[arg-type]


def _fields(line: str) -> list[str]:
    fields: list[str] = []
    at, end = 0, len(line)
    while at < end:
        sign = line[at]
        if sign in " \t\r":
            at += 1
        elif sign == '"':
            stop = line.index('"', at + 1)
            while line[stop - 1] == "\\":
                stop = line.index('"', stop + 1)
            fields.append(line[at + 1 : stop].replace('\\"', '"'))
            at = stop + 1
        elif sign in "{}":
            fields.append(sign)
            at += 1
        else:
            stop = at
            while stop < end and line[stop] not in " \t\r{}":
                stop += 1
            fields.append(line[at:stop])
            at = stop
    return fields


def by_duckdb(data: bytes) -> Answer:
    """DuckDB: one line per row, fields by regular expression, the voucher by a window (quotes unescaped, no checks)."""
    import duckdb
    import pyarrow as pa

    lines = pa.table({"line": data.decode("cp437").split("\n")})  # noqa: F841  DuckDB finds it by name
    field = r'(?:"([^"]*)"|([^ \t"{}]+))'
    sql = rf"""
        with numbered as (
            select row_number() over () as row_no, trim(line, ' ' || chr(9) || chr(13)) as line from lines
        ),
        linked as (
            select *, max(row_no) filter (where starts_with(line, '#VER')) over (order by row_no) as voucher
            from numbered
        ),
        cut as (
            select row_no, voucher, regexp_extract(line,
                '^#([RB]?TRANS)[ \t]+{field}[ \t]+\{{([^}}]*)\}}[ \t]*{field}(?:[ \t]+{field}(?:[ \t]+{field})?)?',
                ['kind', 'a1', 'a2', 'objects', 'm1', 'm2', 'd1', 'd2', 't1', 't2']) as f
            from linked where regexp_matches(line, '^#[RB]?TRANS')
        )
        select row_no, voucher, f.kind, f.a1 || f.a2 as account, f.objects, (f.m1 || f.m2)::decimal(18, 2) as amount,
            try_strptime(f.d1 || f.d2, '%Y%m%d')::date as day, f.t1 || f.t2 as text
        from cut order by row_no
    """
    connection = duckdb.connect()
    connection.execute(f"create table postings as {sql}")
    found = connection.execute("select count(*), sum(abs(amount)) from postings").fetchone()
    assert found is not None
    return found[0], found[1]


WAYS: dict[str, Callable[[bytes], Answer]] = {
    "read_sie": by_read_sie,
    "read (to Arrow)": by_read,
    "DuckDB regexp": by_duckdb,
    "Python loop": by_loop,
}


def run_one(way: str, path: Path) -> None:
    """Run one way in this process and print what it took as JSON; CPU seconds stay true on a busy machine."""
    WAYS[way](b'#FLAGGA 0\n#VER A 1 20230101\n{\n#TRANS 1910 {1 "A"} 1.00 20230101 "x"\n}\n')  # imports are not timed
    data = path.read_bytes()
    started, worked = time.perf_counter(), time.process_time()
    count, total = WAYS[way](data)
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": count, "total": str(total), "seconds": seconds, "cpu": cpu, "peak_mb": peak}))


def run_apart(way: str, path: Path, repeats: int) -> dict[str, Any]:
    """Return the best of ``repeats`` runs of one way, each in a process of its own."""
    command = [sys.executable, __file__, "--way", way, "--file", str(path)]
    runs = [subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True) for _ in range(repeats)]
    best: dict[str, Any] = min((json.loads(run.stdout) for run in runs), key=lambda found: found["seconds"])
    return best


def main() -> None:
    """Write the file, run every way and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="postings in the file")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each way; the best one is shown")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        run_one(options.way, options.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.se"
        write_file(path, options.rows)
        found = {way: run_apart(way, path, options.repeats) for way in WAYS}
        size = path.stat().st_size / 1e6
    answers = {(each["rows"], each["total"]) for each in found.values()}
    assert len(answers) == 1, f"the ways disagree: {found}"
    print(f"{next(iter(answers))[0]:,} postings, {size:.0f} MB, best of {options.repeats}\n")
    print("| way | seconds | rows/s | CPU seconds | peak MB |\n|---|---:|---:|---:|---:|")
    for way, each in found.items():
        speed = each["rows"] / each["seconds"]
        print(f"| {way} | {each['seconds']:.2f} | {speed:,.0f} | {each['cpu']:.2f} | {each['peak_mb']:.0f} |")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
