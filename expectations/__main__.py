"""Print the table of checks: ``python -m expectations`` writes what ``README.md`` holds below its marker.

Belongs here: the suites as a Markdown table. Not here: the rules themselves (``suites/``).
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.loader import Suite, load_suites

MARKER = "<!-- From here on: python -m expectations -->"
_CONSEQUENCES = {
    ("critical", "row"): "raden i karantän",
    ("critical", "voucher"): "verifikatet i karantän",
    ("critical", "file"): "filen avvisas",
}
_PUBLISHED = {"critical": "ingen ny utgåva", "warning": "varning"}


def catalogue() -> str:
    """Return every rule as Markdown: one table per suite, arrival first."""
    return "\n".join([MARKER, "", *_part("arrival", "At arrival"), *_part("published", "Before publication")])


def _part(kind: str, title: str) -> Iterator[str]:
    yield from (f"## {title}", "")
    for suite in load_suites(kind):
        yield from (f"### {suite.table}", "", f"Use when: {suite.use_when}", "")
        yield "| check | rule | severity | who fixes | if it fails |"
        yield "|---|---|---|---|---|"
        yield from (_row(kind, suite, number) for number in range(len(suite.checks)))
        yield ""


def _row(kind: str, suite: Suite, number: int) -> str:
    check = suite.checks[number]
    if kind == "published":
        consequence = _PUBLISHED[check.severity]
    elif suite.table == "ledger__postings" and check.severity == "critical":
        consequence = _CONSEQUENCES["critical", "voucher"]
    else:
        consequence = _CONSEQUENCES.get((check.severity, check.scope), "varning")
    return f"| `{check.name}` | {check.description} | {check.severity} | {check.who_fixes} | {consequence} |"


if __name__ == "__main__":
    print(catalogue(), end="")
