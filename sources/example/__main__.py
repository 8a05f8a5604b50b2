"""Write the example inbox: ``python -m sources.example --out DIR [--seed N] [--scale N]``. Nothing else."""

from __future__ import annotations

import argparse
from pathlib import Path

from sources.example import write_example


def main() -> None:
    """Write the files and print their paths."""
    parser = argparse.ArgumentParser(prog="python -m sources.example", description="Skriv exempelkommunens inkorg.")
    parser.add_argument("--out", type=Path, required=True, help="mapp att skriva i, till exempel data/inbox")
    parser.add_argument("--seed", type=int, default=2023, help="annat frö: andra verifikat, samma summor")
    parser.add_argument("--scale", type=int, default=1, help="så många gånger fler verifikat, samma summor")
    arguments = parser.parse_args()
    for path in write_example(arguments.out, seed=arguments.seed, scale=arguments.scale):
        print(path)


if __name__ == "__main__":
    main()
