"""Run the benchmarks one after another: ``python -m benchmarks``. Each is also a module that runs alone.

Ten million postings take ten minutes and are left out here: ``python -m benchmarks.ledger_curve``.
"""

from __future__ import annotations

import subprocess
import sys

RUNS = (
    ("benchmarks.night",),
    ("benchmarks.sie_reader",),
    ("benchmarks.hr",),
    ("benchmarks.ledger_curve", "--postings", "100000", "1000000"),
)

if __name__ == "__main__":
    for run in RUNS:
        print(f"\n== {' '.join(run)}", flush=True)
        subprocess.run([sys.executable, "-m", *run], check=True)
