"""Try the reader alone: ``python -m sources.followup.registers FILE`` prints what was read."""

import sys
from pathlib import Path

from sources.followup.registers import read
from sources.tabular.describe import describe_file

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python -m sources.followup.registers FIL")
    text, code = describe_file(read, Path(sys.argv[1]))
    print(text)
    sys.exit(code)
