"""The benchmarks measure what they say: the script beside the night makes the same figures, the watcher sees steps."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.by_pandas import budget_outcome
from benchmarks.ledger_curve import CHANGED, differences, published, write_changed
from benchmarks.watched import watch
from orchestration.home import Home


def test_the_pandas_script_makes_the_mart(published_home: Home, example_files: Path) -> None:
    postings, mart = published(published_home.root)
    script = json.loads(budget_outcome(example_files).round(2).to_json(orient="values"))
    assert postings > 50_000
    assert differences(mart, script) == []
    one_ore_more = [(*row[:4], row[4] + Decimal("0.01"), *row[5:]) for row in mart[:1]]
    assert len(differences([*one_ore_more, *mart[1:]], script)) == 1


def test_a_changed_ledger_is_another_text_in_one_voucher(example_files: Path, tmp_path: Path) -> None:
    write_changed(example_files / CHANGED, tmp_path / CHANGED)
    before, after = (Counter((folder / CHANGED).read_bytes().splitlines()) for folder in (example_files, tmp_path))
    assert [line[:5] for line in after - before] == [b"#GEN ", b"#VER "]
    assert sorted(line[:5] for line in before - after) == [b"#GEN ", b"#KSUM", b"#KSUM", b"#VER "]


def test_a_command_is_watched_step_by_step() -> None:
    program = "\n".join(
        [
            "import time",
            "print('step: hold', flush=True); held = bytearray(200_000_000); time.sleep(0.4); del held",
            "print('step: rest', flush=True); time.sleep(0.4); print('answer: done')",
        ]
    )
    run = watch([sys.executable, "-c", program])
    assert (list(run.steps), run.answer) == (["start", "hold", "rest"], "done")
    assert run.peak_mb == run.steps["hold"].peak_mb > 200 > run.steps["rest"].peak_mb > 0
    assert run.seconds >= run.steps["hold"].seconds + run.steps["rest"].seconds >= 0.8


def test_a_command_that_fails_is_told() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        watch([sys.executable, "-c", "raise SystemExit(3)"])
