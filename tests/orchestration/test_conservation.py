"""No row is lost: of whatever file, rows in are rows loaded, set aside, and those of a duplicate."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from expectations.arrival import principal_table
from orchestration.home import Home
from orchestration.keys import new_key
from orchestration.loading.arrival import judge_deliveries
from orchestration.loading.intake import take_inbox
from orchestration.loading.raw_files import QUARANTINE, raw_path
from orchestration.loading.reading import read_deliveries
from orchestration.settings import Inbox, Settings
from sources.register import Delivery, Register, RowsLost
from sources.registry import claimants
from sources.tabular.encoding import decode

SETTINGS = Settings(inbox=Inbox(settle_seconds=0))
WIDE = ("puls_2023_1.csv", "insikt_2023-04-25.csv")
#: What a cell is made: nothing, words, an amount out of bounds, a date, a formula, another column's value.
CELLS = ("", "se bilaga", "99999999999999999999,5", "2023-02-31", "=1+1", "-", "1 000,50", None)


@dataclass(frozen=True)
class Written:
    """A file and how many rows it was written with, None where one line of it is several."""

    name: str
    data: bytes
    rows: int | None


def csv_file(folder: Path, name: str) -> Callable[[st.DrawFn], Written]:
    """Return how to draw a CSV of the example with some rows left out, repeated, and cells made something else."""
    text = decode((folder / name).read_bytes()).text
    header, *rows = list(csv.reader(io.StringIO(text), delimiter=";"))

    def draw(draw: st.DrawFn) -> Written:
        kept = draw(st.lists(st.sampled_from(rows), min_size=1, max_size=25))
        bad = [list(row) for row in kept]
        for place in draw(st.lists(st.integers(0, len(bad) * len(header) - 1), max_size=4)):
            row, column = divmod(place, len(header))
            cell = draw(st.sampled_from(CELLS))
            bad[row][column] = bad[row][column - 1] if cell is None else cell
        target = io.StringIO()
        csv.writer(target, delimiter=";").writerows([header, *bad])
        filled = None if name in WIDE else sum(any(cell.strip() for cell in row) for row in bad)
        return Written(name, target.getvalue().encode(), filled)

    return draw


def sie_file(folder: Path, name: str) -> Callable[[st.DrawFn], Written]:
    """Return how to draw a ledger of some vouchers of the example with other amounts, accounts, units and dates."""
    text = re.sub(r"#KSUMMA[^\n]*\n", "", (folder / name).read_bytes().decode("cp437"))
    head, *vouchers = re.split(r"(?=#VER )", text)
    changes = [(r" -?[\d.]+(?=[^\n]*\n\}?)", " 17.00"), (r"#TRANS \d+", "#TRANS 7999"), (r'"\d{5}"', '"99999"')]

    def draw(draw: st.DrawFn) -> Written:
        chosen = draw(st.lists(st.sampled_from(vouchers[:60]), min_size=1, max_size=12))
        for place in draw(st.lists(st.integers(0, len(chosen) - 1), max_size=3)):
            chosen[place] = re.sub(*draw(st.sampled_from(changes)), chosen[place], count=1)
        whole = head + "".join(chosen)
        return Written(name, whole.encode("cp437"), len(re.findall(r"#(?:B|R)?TRANS ", whole)))

    return draw


def one_night(root: Path, *files: Written) -> tuple[Home, list[Delivery]]:
    home = Home(root).create()
    new_key(home)
    with Register(home.register) as register:
        for number, file in enumerate(files):
            (home.inbox / file.name).write_bytes(file.data)
            take_inbox(home, SETTINGS, register, f"run {number}")
            [source] = claimants(file.name)
            read_deliveries(home, SETTINGS, register, source)
            judge_deliveries(home, SETTINGS, register, source, f"run {number}")
        return home, register.deliveries()


def account_for(home: Home, delivery: Delivery, written: Written) -> None:
    """Every row that was written has one fate, and the tables hold what the register says."""
    assert delivery.status in ("loaded", "rejected")
    if not delivery.rows_in:
        assert delivery.status == "rejected", "a file with rows was taken for one without"
        return
    assert delivery.rows_in == delivery.rows_loaded + delivery.rows_quarantined
    assert written.rows in (None, delivery.rows_in)
    [source] = claimants(written.name)
    tables = [table for table in source.tables if raw_path(home, table, delivery.load_id).exists()]
    principal = principal_table(source.code, tables)
    rows = pq.read_table(raw_path(home, principal, delivery.load_id))
    aside = pq.read_table(raw_path(home, QUARANTINE, delivery.load_id)).to_pylist()
    numbers = {row["row_no"] for row in aside if row["table_name"] == principal and row["severity"] == "critical"}
    assert rows.num_rows == delivery.rows_in
    assert numbers <= set(rows["row_no"].to_pylist())
    share = len(numbers) / delivery.rows_in
    if delivery.status == "loaded":
        assert delivery.rows_quarantined == len(numbers)
        assert share <= SETTINGS.max_quarantined_share(source.code)
    else:
        assert delivery.rows_loaded == 0


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("KS_2023.se", sie_file),
        ("budget_2022.csv", csv_file),
        ("puls_2023_1.csv", csv_file),
        ("organisation.csv", csv_file),
        ("personalsystem_franvaro_2023.csv", csv_file),
        ("insikt_2023-04-25.csv", csv_file),
    ],
)
def test_rows_in_are_loaded_or_set_aside_and_those_of_a_duplicate(
    example_files: Path,
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    kind: Callable[[Path, str], Callable[[st.DrawFn], Written]],
) -> None:
    drawn = st.composite(kind(example_files, name))

    # A night for each example: to make a failing one smaller would take minutes.
    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn())
    def holds(file: Written) -> None:
        home, [first, second] = one_night(tmp_path_factory.mktemp("home"), file, file)
        account_for(home, first, file)
        if first.status == "loaded":
            assert (second.status, second.rows_in, second.rows_duplicate) == ("duplicate", first.rows_in, first.rows_in)
        else:
            account_for(home, second, file)

    holds()


def test_a_verdict_that_loses_rows_is_not_stored(empty_home: Home, example_files: Path) -> None:
    data = (example_files / "budget_2022.csv").read_bytes()
    home, [found] = one_night(empty_home.root / "own", Written("budget_2022.csv", data, 0))
    with Register(home.register) as register:
        for loaded, aside in ((found.rows_in - 1, 0), (found.rows_in, 1)):
            with pytest.raises(RowsLost, match=f"{found.rows_in} rows in"):
                register.judge(found.load_id, [], rows_loaded=loaded, rows_quarantined=aside)
        assert register.deliveries() == [found]
        assert register.checks()
