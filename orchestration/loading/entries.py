"""What lies in the inbox that is no ordinary file, or is one under a name that hides what it is.

Belongs here: which entries are never opened, and why; names that are safe to show, store and write. Not here: what is
in a file (``sources.inspection``), which source it belongs to (``intake``).
"""

from __future__ import annotations

import os
import stat
import unicodedata
from contextlib import suppress
from pathlib import Path, PurePath

from sources.inspection import Caps, too_large

# Room for what is put before and after a name: a file system lets a name have 255 bytes.
_LONGEST_NAME = 180
# Control signs, formats (what turns the reading direction or has no width), private ones, halves of signs, line ends.
_HIDDEN = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")


def never_opened(status: os.stat_result) -> str | None:
    """Return why an entry of the inbox is not even opened (Swedish), None for an ordinary file.

    What it names may be any file of the machine, or none. It is removed, which touches nothing but the entry itself.
    """
    if stat.S_ISLNK(status.st_mode):
        return "en länk är ingen leverans. Länken är borttagen; lägg själva filen i inkorgen."
    if not stat.S_ISREG(status.st_mode):
        return "detta är ingen fil (rör, uttag eller enhet) och är borttaget; lägg en vanlig fil i inkorgen."
    if status.st_nlink > 1:
        return "filen är en hård länk till en annan plats. Länken är borttagen; lägg en kopia av filen i inkorgen."
    return None


def left_alone(status: os.stat_result, caps: Caps) -> str | None:
    """Return why a file is left where it lies (Swedish): one that is too large to copy; None for all others."""
    if status.st_size <= caps.file_bytes:
        return None
    return f"{too_large(caps)} Den ligger kvar i inkorgen och läses inte."


def odd_name(name: str) -> str | None:
    """Return why a name is not accepted (Swedish), None for one that says what it is."""
    if any(unicodedata.category(sign) == "Cs" for sign in name):
        return "filnamnet är inte skrivet i UTF-8"
    if hidden := sorted({f"U+{ord(sign):04X}" for sign in name if unicodedata.category(sign) in _HIDDEN}):
        return f"filnamnet har tecken som inte syns eller som styr texten ({', '.join(hidden[:3])})"
    if "\\" in name:
        return "filnamnet ser ut som en sökväg"
    if len(os.fsencode(name)) > _LONGEST_NAME:
        return f"filnamnet är längre än {_LONGEST_NAME} tecken"
    return None


def safe_name(name: str) -> str:
    """Return a name that can be shown, stored and written: the same for one that is not odd."""
    if odd_name(name) is None:
        return name
    shown = "".join("_" if sign == "\\" or unicodedata.category(sign) in _HIDDEN else sign for sign in name)
    path = PurePath(shown)
    suffix = path.suffix if len(path.suffix) < 10 else ""
    stem = path.stem.encode()[: _LONGEST_NAME - len(suffix.encode())].decode(errors="ignore")
    return f"{stem}{suffix}"


def entries(inbox: Path) -> list[Path]:
    """Return everything in the inbox and its folders that is no folder, oldest first."""
    found: list[tuple[int, str, Path]] = []
    for path in inbox.rglob("*"):
        # What somebody takes away while we look is not there.
        with suppress(FileNotFoundError):
            status = path.lstat()
            if not stat.S_ISDIR(status.st_mode):
                found.append((status.st_mtime_ns, path.name, path))
    return [path for _, _, path in sorted(found)]
