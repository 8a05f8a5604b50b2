"""Try the reader alone: ``python -m sources.investment_budget FILE`` prints what was read."""

import sys
from pathlib import Path

from sources.investment_budget import read
from sources.tabular.describe import describe_file

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python -m sources.investment_budget FIL")
    text, code = describe_file(read, Path(sys.argv[1]))
    print(text)
    sys.exit(code)
