"""``python -m tests.supply_chain``: ask pip-audit whether anything that is locked has a known vulnerability.

Ends with 1 where something has. Where pip-audit cannot reach its data it finds nothing and says that all is well; this
says how many packages it could judge, and is loud where that is none.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_OURS = "bokslut"


def main() -> None:
    """Run pip-audit on this environment, show what it found and exit."""
    command = [str(Path(sys.executable).with_name("pip-audit")), "--format", "json", "--progress-spinner", "off"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines, code = verdict(json.loads(done.stdout)) if done.stdout else unreachable(done.stderr)
    print("\n".join(lines))  # noqa: T201
    sys.exit(code)


def verdict(answer: Mapping[str, Any]) -> tuple[list[str], int]:
    """Return what to say (Swedish) of pip-audit's JSON, and the exit code."""
    packages = [each for each in answer["dependencies"] if each["name"] != _OURS]
    judged = [each for each in packages if "vulns" in each]
    if not judged:
        return unreachable(f"0 av {len(packages)} paket kunde prövas")
    lines = [
        f"{each['name']} {each['version']}: {found['id']}, rättat i {', '.join(found['fix_versions']) or 'inget än'}"
        for each in judged
        for found in each["vulns"]
    ]
    said = f"pip-audit: {len(judged)} av {len(packages)} paket prövade, {len(lines)} kända sårbarheter"
    return [*lines, said], int(bool(lines))


def unreachable(why: str) -> tuple[list[str], int]:
    """Return what to say where nothing could be judged: no failure of ours, and no pass either."""
    reason = (why.strip().splitlines() or ["inget svar"])[-1]
    return [f"pip-audit NÅR INTE SIN DATA, inget är prövat: {reason}. Kör om där pypi.org kan nås."], 0


if __name__ == "__main__":
    main()
