"""What the data owners must mend, as one workbook each after every run.

    items     the register, the quarantine and the checks of a run -> one item per thing to mend
    workbook  items -> ``reports/att_ratta_<owner>.xlsx``, none for an owner with nothing to mend

Belongs here: telling the owners. Not here: finding what is wrong (``expectations``, dbt) or what follows from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.mending.workbook import workbooks, write_workbooks

if TYPE_CHECKING:
    from orchestration.home import Home
    from orchestration.settings import Settings

__all__ = ["tell_owners", "workbooks"]


def tell_owners(home: Home, settings: Settings, run_id: str) -> list[Path]:
    """Write what is to be mended after a run, however it ended, and return the workbooks that lie there now."""
    from orchestration.mending.items import gather
    from sources.register import Register

    with Register(home.register) as register:
        return write_workbooks(home, gather(home, settings, register, run_id))
