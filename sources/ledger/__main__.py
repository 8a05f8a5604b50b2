"""Show what one ledger file holds: ``python -m sources.ledger FILE [--json]``.

Belongs here: the command line of this source alone. Not here: reading, figures (``summary``).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sources.ledger import summarise
from sources.reading import Rejected


def main(arguments: list[str] | None = None) -> int:
    """Print the figures of a file and return 0, or the reason it is refused and return 1."""
    parser = argparse.ArgumentParser(prog="python -m sources.ledger", description="Visa vad en huvudbok innehåller.")
    parser.add_argument("file", type=Path, help="SIE-fil, eller utdrag ur Raindance eller Unit4 (csv, parquet, xlsx)")
    parser.add_argument("--json", action="store_true", help="skriv som JSON")
    options = parser.parse_args(arguments)
    try:
        figures = summarise(options.file.read_bytes(), options.file.name)
    except Rejected as reason:
        print(f"{options.file.name}: {reason}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(figures, ensure_ascii=False, indent=2))
        return 0
    issues = figures.pop("issues")
    for name, value in figures.items():
        print(f"{name:<20} {value}")
    for issue in issues:
        label = f" #{issue['label']}" if issue["label"] else ""
        print(f"{options.file.name} rad {issue['line']}:{label} ({issue['severity']}) {issue['reason']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
