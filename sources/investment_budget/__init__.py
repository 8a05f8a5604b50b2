"""The investment budget: what each project may cost in a year, as decided, revised and carried over.

    CSV or Excel  ->  read  ->  investment_budget__lines

Belongs here: what a line of the investment budget is. Not here: whether its projects exist (``expectations``), which
versions make up the budget (the warehouse), the budget of operations (``sources.budget``).
"""

from sources.reading import Reading, ReadOptions


def read(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return the lines of one export; see ``sources.investment_budget.read_export.read_investment_budget``."""
    from sources.investment_budget.read_export import read_investment_budget

    return read_investment_budget(data, file_name, options)
