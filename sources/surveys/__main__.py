"""Try the reader alone: ``python -m sources.surveys FILE`` prints what was read."""

import sys
from pathlib import Path

from sources.surveys import read
from sources.tabular.describe import describe_file

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python -m sources.surveys FIL")
    text, code = describe_file(read, Path(sys.argv[1]))
    print(text)
    sys.exit(code)
