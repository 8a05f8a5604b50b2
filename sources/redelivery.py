"""Which newer delivery makes up for one that was rejected.

Belongs here: telling so from what the register knows of them. Not here: the register itself (``register``), or which
of a delivery's rows were mended (``orchestration.set_aside``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.register import Delivery


def made_up_for(rejected: Delivery, loaded: Sequence[Delivery]) -> bool:
    """Tell whether what has been loaded makes up for a rejected delivery; see ``Register.open_rejections``."""
    newer = [each for each in loaded if is_newer(each, rejected)]
    if any(each.sha256 == rejected.sha256 or each.file_name == rejected.file_name for each in newer):
        return True
    own = [each for each in newer if each.source_code == rejected.source_code]
    if rejected.organisation_number or rejected.part or rejected.fiscal_years:
        years = {year for each in own if each.part == rejected.part for year in each.years}
        return years.issuperset(rejected.years)
    parts = {each.part for each in loaded if each.source_code == rejected.source_code}
    same_name = any(_without_digits(each.file_name) == _without_digits(rejected.file_name) for each in own)
    return same_name or (bool(own) and parts == {each.part for each in own})


def mended_by(rejected: Delivery, loaded: Sequence[Delivery]) -> Delivery | None:
    """Return the delivery with which a rejected one was made up for, None while it is not.

    ``loaded`` are all that were loaded once, in the order they came.
    """
    if not made_up_for(rejected, loaded):
        return None
    concerned = [each for each in loaded if _may_concern(each, rejected)]
    return next(
        each
        for place, each in enumerate(concerned, start=1)
        if is_newer(each, rejected) and made_up_for(rejected, concerned[:place])
    )


def _may_concern(loaded: Delivery, rejected: Delivery) -> bool:
    same = ("source_code", "sha256", "file_name")
    return any(getattr(loaded, name) == getattr(rejected, name) for name in same)


def is_newer(other: Delivery, than: Delivery) -> bool:
    """Tell whether a delivery came after another; what came in the same run came together, and not because of it."""
    return other.received_at > than.received_at and other.run_id != than.run_id


def _without_digits(file_name: str) -> str:
    return "".join(char for char in PurePath(file_name).stem.casefold() if char.isalpha())
