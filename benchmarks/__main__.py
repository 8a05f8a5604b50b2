"""Run the benchmarks one after another: ``python -m benchmarks``. Each is also a module that runs alone."""

from __future__ import annotations

import subprocess
import sys

MODULES = ("benchmarks.night", "benchmarks.sie_reader", "benchmarks.hr")

if __name__ == "__main__":
    for module in MODULES:
        print(f"\n== {module}", flush=True)
        subprocess.run([sys.executable, "-m", module], check=True)
