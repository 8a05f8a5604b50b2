"""What the audit tells of the checks of arrival: each source's by itself, and of one source added up."""

from __future__ import annotations

from orchestration.publishing.audit import _arrival_rows
from sources.register import CheckRow


def check(load_id: str, source: str, *, failed: int) -> CheckRow:
    return CheckRow(
        load_id=load_id,
        run_id="run",
        source_code=source,
        table_name="delivery_control",
        check_name="delivery_is_ours",
        severity="critical",
        passed=not failed,
        failed_rows=failed,
        total_rows=10,
        who_fixes="drift",
        description="Organisationsnumret i filen är vårt.",
    )


def test_a_check_that_every_source_has_is_told_of_each_source_by_itself() -> None:
    stored = [check("a", "budget", failed=0), check("b", "hr", failed=3), check("c", "hr", failed=0)]

    rows = _arrival_rows(stored)

    found = [(row["source_code"], row["passed"], row["failed_rows"], row["total_rows"]) for row in rows]
    assert found == [("budget", True, 0, 10), ("hr", False, 3, 20)]
