"""Try the reader alone: ``python -m sources.statements FILE`` prints what was read."""

import sys
from pathlib import Path

from sources.statements import read
from sources.tabular.describe import describe_file

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python -m sources.statements FIL")
    text, code = describe_file(read, Path(sys.argv[1]))
    print(text)
    sys.exit(code)
