"""Let a module that may never be used be loaded when it first is.

Belongs here: that one trick. Great Expectations imports ``scipy.stats`` and ``altair`` for rules that no suite of ours
has, and they are two fifths of what it takes to import. ``importlib.util.LazyLoader`` does not serve: a second import
of the same name loads what it put off.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class PutOff(ModuleType):
    """A module by name only; asked for anything, it loads the real one and has all that it has."""

    def __getattr__(self, name: str) -> Any:
        """Return what the real module has; dunders are asked for by importing alone, and are not there yet."""
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        real = import_module(self.__name__)
        self.__dict__.update(real.__dict__)
        return getattr(real, name)


def put_off(*names: str) -> None:
    """Let modules that are not loaded yet be loaded when they are first used."""
    for name in names:
        sys.modules.setdefault(name, PutOff(name))
