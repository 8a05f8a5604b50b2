"""Write the example inbox: ``python -m sources.example --out DIR [--seed N] [--scale N] [--ledger-format F]``."""

from __future__ import annotations

import argparse
from pathlib import Path

from sources.example import LEDGER_FORMATS, write_example


def main() -> None:
    """Write the files and print their paths."""
    parser = argparse.ArgumentParser(prog="python -m sources.example", description="Skriv exempelkommunens inkorg.")
    parser.add_argument("--out", type=Path, required=True, help="mapp att skriva i, till exempel data/inbox")
    parser.add_argument("--seed", type=int, default=2023, help="annat frö: andra verifikat, samma summor")
    parser.add_argument("--scale", type=int, default=1, help="så många gånger fler verifikat, samma summor")
    parser.add_argument("--ledger-format", choices=LEDGER_FORMATS, default="sie", help="huvudbokens format")
    given = parser.parse_args()
    for path in write_example(given.out, seed=given.seed, scale=given.scale, ledger_format=given.ledger_format):
        print(path)


if __name__ == "__main__":
    main()
