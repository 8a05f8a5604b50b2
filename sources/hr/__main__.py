"""Try the reader alone: ``python -m sources.hr FILE`` prints what was read, with a key that is thrown away."""

import secrets
import sys
from dataclasses import replace
from pathlib import Path

from sources.hr import read
from sources.reading import Reading, ReadOptions
from sources.tabular.describe import describe_file


def _read(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    return read(data, file_name, replace(options, pseudonym_key=secrets.token_bytes(32)))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python -m sources.hr FIL")
    text, code = describe_file(_read, Path(sys.argv[1]))
    print(text)
    sys.exit(code)
