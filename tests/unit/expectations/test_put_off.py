"""A module that is put off is not loaded until something of it is asked for, and then it is the real one."""

from __future__ import annotations

import subprocess
import sys

from expectations.put_off import PutOff, put_off

LOADED = """
import sys
from expectations.put_off import PutOff
from expectations.runner import load
load()
print([isinstance(sys.modules[name], PutOff) for name in ("scipy.stats", "altair")])
import scipy.stats
from scipy import stats
print(float(stats.norm.cdf(0)), stats.norm is sys.modules["scipy.stats"].norm)
"""


def test_the_library_loads_without_what_no_rule_of_ours_uses() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[True, True]", "0.5 True"]


def test_what_is_loaded_already_is_left_alone() -> None:
    put_off("sys")
    assert not isinstance(sys.modules["sys"], PutOff)
