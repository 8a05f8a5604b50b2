"""What takes seconds to import, for the processes that work beside a night: importing this module is the loading.

Belongs here: Great Expectations, dbt and what readers use. Not here: anything else; nothing but the server that those
processes are forked from imports this module (``beside``).
"""

import dbt.cli.main
import polars
import pyarrow.parquet

from expectations.runner import load

load()

__all__ = ["dbt", "polars", "pyarrow"]
