"""A table as it stands in a report, and whether any unrounded amounts could have given it.

    read        a file (CSV, Excel) -> ``Printed``: cells with row, column, printed value and rounding unit
    headings    the row of headings: which columns there are, of which year, in which unit
    levels      the rows of a tree -> which rows each total is the sum of
    relations   what the cells of such a table are of each other: differences along a row, totals down a column
    rounding    a printed number -> the exact values that round to it, half away from zero
    conflicts   cells + relations -> the fewest cells that cannot all be right, and what could stand there
    programs    the integer programs behind that

Belongs here: tables that people have printed. Not here: what the marts say (``orchestration.table_check``), single
figures in running text (``sources.statements``). Knows no rows of its own: which lines, totals and groups there are
is given to it.
"""

from sources.printed_table.cells import Cell, Known, Printed
from sources.printed_table.conflicts import Conflict, Verdict, judge
from sources.printed_table.read import read_printed_table

__all__ = ["Cell", "Conflict", "Known", "Printed", "Verdict", "judge", "read_printed_table"]
