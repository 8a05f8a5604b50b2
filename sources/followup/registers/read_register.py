"""One row per row of a register, CSV or Excel: which of the five it is, its headers say.

Belongs here: which columns a register is known by, which of them may be tall cells, its key. Not here: what odd cells
mean (``cells``), what makes a register whole (``checks``), what headers and words mean (``column_maps/``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sources.column_map import choose, load_maps, typed, wanted
from sources.followup.registers.cells import RegisterSheet, filled_down, remarks
from sources.followup.registers.checks import totals
from sources.followup.registers.schema import SCHEMAS
from sources.reading import Problem, Reading, ReadOptions
from sources.table_checks import repeated_keys
from sources.tabular.marks import Marks, read_marks
from sources.tabular.table import read_table

_OF_BOARD = ("year", "board_code")
_CONTRACT = ("contract_code", "contract_name", "supplier_name")


@dataclass(frozen=True, slots=True)
class _Register:
    """What tells its rows apart, and which of its columns may be a tall cell over several rows."""

    key: tuple[str, ...]
    tall: tuple[str, ...] = ()


_REGISTERS = {
    "internal_control": _Register(("risk_code",)),
    "assignments": _Register(("assignment_code",)),
    "contract_reviews": _Register(("contract_code", "requirement_no"), _CONTRACT),
    "contract_measures": _Register(("contract_code", "measure_code", "group_name"), ("contract_code",)),
    "sustainability": _Register(("activity_no",), ("principle_no", "principle_text")),
}


def read_register(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return one of ``schema.SCHEMAS``, one row per data row of the file, in file order.

    ``part`` is the register, so that a newer file replaces only its own, for the years it speaks of. Problems: cells
    that could not be read or are missing, an answer outside its list, a contract without supplier, a merged cell where
    none makes sense, a formula without a value, every row of a key that occurs more than once, a total that is not the
    sum of its groups. Raises ``Rejected`` for a file without a table, a workbook with macros, and headers that are
    those of no register.
    """
    maps = load_maps("followup.registers")
    table = read_table(data, file_name, wanted(maps), encoding=options.encoding)
    column_map, places = choose(table.headers, maps)
    name, register = f"followup__{column_map.profile}", _REGISTERS[column_map.profile]
    marks = read_marks(data, table.facts["sheet"]) if "sheet" in table.facts else Marks()
    sheet, torn, filled = filled_down(RegisterSheet(name, table, places, marks), (*_OF_BOARD, *register.tall))
    rows = typed(sheet.table, [column_map], name)
    said, unsaid = remarks(sheet, rows)
    columns: dict[str, list[Any]] = {**rows.columns, "row_no": list(rows.row_nos), "reader_remark": list(said)}
    problems = _once(rows.problems, [*torn, *unsaid])
    problems += repeated_keys(name, (*_OF_BOARD, *register.key), columns, problems)
    problems += totals(name, columns) if column_map.profile == "contract_measures" else []
    years = sorted({year for year in columns["year"] if year is not None})
    return Reading(
        tables={name: pa.table({each: columns[each] for each in SCHEMAS[name].names}, schema=SCHEMAS[name])},
        rows_in=len(rows.row_nos),
        fiscal_years=tuple(years),
        period_from=years[0] * 100 + 1 if years else None,
        period_to=years[-1] * 100 + 12 if years else None,
        part=column_map.profile,
        problems=tuple(problems),
        facts=dict(table.facts) | filled | {"profile": column_map.profile},
    )


def _once(typed_problems: tuple[Problem, ...], of_cells: list[Problem]) -> list[Problem]:
    """Return the problems by row, one for each cell: what is wrong with the cell itself goes before a missing value."""
    told = {(problem.row_no, problem.column) for problem in of_cells}
    others = [problem for problem in typed_problems if (problem.row_no, problem.column) not in told]
    return sorted([*others, *of_cells], key=lambda problem: problem.row_no)
