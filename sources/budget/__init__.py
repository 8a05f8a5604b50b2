"""The budget as the planning system exports it, or as the ledger's own SIE file carries it.

    CSV or Excel          ->  read                                       ->  budget__lines
    ledger__period_amounts -> period_amounts.budget_from_period_amounts  ->  budget__lines

Belongs here: what a budget line is and what makes one doubtful. Not here: whether the sums are the decided ones
(reconciliation) or which accounts exist (the ledger).
"""

from sources.reading import Reading, ReadOptions


def read(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return the lines of one budget export; see ``sources.budget.read_export.read_budget``."""
    from sources.budget.read_export import read_budget

    return read_budget(data, file_name, options)
