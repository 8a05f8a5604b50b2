"""A home on a file system of its own, which can be filled and closed for writing, and which no other process sees.

Belongs here: mounting, in a namespace that root is not needed for, and going in. Not here: what is tried there.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration.home import Home
from tests.faults.night_processes import bokslut, ending

_ROOMY_KB = 1_000_000
_NAMESPACES = ["--user", "--mount"]
# Who enters stays until its standard input is closed: also when the test process dies.
_HOLD = 'mount -t tmpfs -o size={size}k,mode=0755 tmpfs "$1" && cp -a "$2/." "$1" && echo mounted && exec cat'


class SmallDisk:
    """The home as the processes inside see it; everything about it is asked through :meth:`inside`."""

    def __init__(self, home: Home, holder: int) -> None:
        self.home = home
        self.enter = ["nsenter", *_NAMESPACES, "--preserve-credentials", f"--target={holder}", "--wd=/", "--"]

    def inside(self, *command: str) -> str:
        """Run a command inside and return what it prints."""
        return subprocess.run([*self.enter, *command], capture_output=True, text=True, check=True, timeout=60).stdout

    def bokslut(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``bokslut`` inside."""
        return bokslut(self.home, *arguments, through=self.enter)

    def leave_free(self, kb: int) -> None:
        """Let the disk have so much left, and no more."""
        # What is written meanwhile may make it smaller than what it holds, which is refused: then we look again.
        for _ in range(50):
            try:
                self._resize(self._used_kb() + kb)
                return
            except subprocess.CalledProcessError:
                continue
        raise AssertionError("the disk cannot be made smaller")

    def make_roomy(self) -> None:
        """Let the disk be as large as any."""
        self._resize(_ROOMY_KB)

    def _resize(self, kb: int) -> None:
        # The other options are left as they are: whose it is cannot be said again by anyone but root.
        self.inside("mount", "--options-mode=ignore", "-o", f"remount,size={kb}k", str(self.home.root))

    def _used_kb(self) -> int:
        return int(self.inside("df", "--block-size=1024", "--output=used", str(self.home.root)).split()[-1])

    @contextmanager
    def closed(self, folder: Path) -> Iterator[None]:
        """Let nobody, root neither, write to a folder inside the block."""
        self.inside("mount", "--bind", str(folder), str(folder))
        self.inside("mount", "-o", "remount,bind,ro", str(folder))
        try:
            yield
        finally:
            self.inside("umount", "--lazy", str(folder))

    def checksum(self, name: str) -> str:
        """Return the checksum of what the release says that readers inside see; ``name`` has not been used."""
        code = (
            "import sys; from pathlib import Path; from orchestration.home import Home;"
            "from tests.faults.night_processes import checksum;"
            "print(checksum(Home(Path(sys.argv[1])), Path(sys.argv[2])))"
        )
        target = self.home.root.with_name(name)
        project = str(Path(__file__).parents[2])
        return self.inside(
            "env", f"PYTHONPATH={project}", sys.executable, "-c", code, str(self.home.root), str(target)
        ).strip()


@contextmanager
def small_disk(home: Home, folder: Path) -> Iterator[SmallDisk]:
    """Have a copy of a home on a disk of its own, in ``folder``; skips the test where the machine allows no mounts."""
    root = folder / "disk"
    root.mkdir()
    arguments = ["--user", "--map-root-user", "--mount", "sh", "-c", _HOLD.format(size=_ROOMY_KB)]
    try:
        holder = subprocess.Popen(
            ["unshare", *arguments, "sh", str(root), str(home.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    except FileNotFoundError:
        pytest.skip("unshare (util-linux) is not installed: no disk to fill")
    with ending(holder):
        assert holder.stdout is not None
        if holder.stdout.readline().strip() != "mounted":
            assert holder.stderr is not None
            pytest.skip(f"this machine lets us mount no file system of our own: {holder.stderr.read().strip()}")
        yield SmallDisk(Home(root), holder.pid)
