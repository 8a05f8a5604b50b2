"""The key that pseudonyms of persons are made with: where it lies, making one, changing it.

Belongs here: the key file and every way it can be wrong. Not here: what is made with the key (``sources.hr``). There is
no default key: who knows the key finds a person among all personnummer in seconds, and who has none finds nobody.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from orchestration.home import Home

ENVIRONMENT_VARIABLE = "BOKSLUT_PSEUDONYM_KEY_FILE"
_FILE_NAME = "pseudonym.key"
_BYTES = 32
_OTHERS = 0o077


class PseudonymKeyError(Exception):
    """There is no usable key; the message (Swedish) names the file and the command that mends it."""


def key_path(home: Home) -> Path:
    """Return where the key lies: in the home, or where ``BOKSLUT_PSEUDONYM_KEY_FILE`` says."""
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    return Path(named).expanduser() if named else home.keys / _FILE_NAME


def load_key(home: Home) -> bytes | None:
    """Return the key, None where there is no file.

    Raises :class:`PseudonymKeyError` for a file that holds no key, and for one in the home that others may read.
    """
    path = key_path(home)
    if not path.exists():
        return None
    text = path.read_text(encoding="ascii", errors="replace").strip()
    if not re.fullmatch(rf"[0-9a-f]{{{2 * _BYTES}}}", text):
        raise PseudonymKeyError(f"{path}: filen är ingen nyckel (ska vara {2 * _BYTES} hexadecimala tecken).")
    if path.parent == home.keys and path.stat().st_mode & _OTHERS:
        raise PseudonymKeyError(f"{path}: andra än ägaren kan läsa nyckeln. Kör `chmod 600 {path}`.")
    return bytes.fromhex(text)


def required_key(home: Home, what: str) -> bytes:
    """Return the key; raises :class:`PseudonymKeyError` where there is none, saying ``what`` waits for it."""
    key = load_key(home)
    if key is None:
        raise PseudonymKeyError(
            f"{what}, men ingen nyckel för pseudonymer finns ({key_path(home)}). Personuppgifter läses aldrig utan "
            "nyckel. Kör `bokslut key new`, eller lägg tillbaka nyckeln."
        )
    return key


def new_key(home: Home) -> Path:
    """Make a key and return its file; raises :class:`PseudonymKeyError` where there already is one."""
    path = key_path(home)
    if path.exists():
        raise PseudonymKeyError(f"{path} finns redan. Byt nyckel med `bokslut key rotate`.")
    _write(path)
    return path


def rotate_key(home: Home) -> Path:
    """Replace the key and return its file; raises :class:`PseudonymKeyError` where there is none to replace."""
    path = key_path(home)
    if not path.exists():
        raise PseudonymKeyError(f"{path} finns inte. Skapa en nyckel med `bokslut key new`.")
    _write(path)
    return path


def _write(path: Path) -> None:
    """Write a new key, whole or not at all, readable by the owner only from its first byte."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{secrets.token_hex(_BYTES)}\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
