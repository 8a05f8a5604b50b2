"""The sections of the settings about releases: what is kept, closed and expected, what a question may take.

Belongs here: those sections, and what every section is. Not here: the other sections and reading the file
(``settings``), nor what these are used for (``publishing``, ``query``).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


def _month(period: int) -> int:
    if not 1 <= period % 100 <= 12:
        raise ValueError(f"{period} är ingen månad; skriv ÅÅÅÅMM")
    return period


Period = Annotated[int, Field(ge=190001, le=299912), AfterValidator(_month)]


class Section(BaseModel):
    """A section of the settings: unknown keys are errors, and nothing changes it once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Query(Section):
    """What one question of an analyst may take of the machine: megabytes of memory, and seconds."""

    memory_mb: int = Field(1000, ge=100, le=1_000_000)
    max_seconds: float = Field(60, gt=0, le=3600)


class Releases(Section):
    """How many releases are kept: the last of so many days and of so many months. The last of a year always is."""

    kept_days: int = Field(14, ge=1, le=3660)
    kept_months: int = Field(12, ge=0, le=1200)


class Reopened(Section):
    """Closed periods of one board, or of all, that may change in releases made from one day to another, both within."""

    board: str | None = None
    period_from: Period
    period_to: Period
    opened_on: date
    until: date
    reason: str = Field(min_length=3)

    @model_validator(mode="after")
    def _forwards(self) -> Reopened:
        if self.period_to < self.period_from or self.until < self.opened_on:
            raise ValueError("period_to eller until ligger före sin början")
        return self


class Closing(Section):
    """The last period that is closed, if any, and which closed ones have been reopened: their totals do not change."""

    closed_through: Period | None = None
    reopened: tuple[Reopened, ...] = ()


class Days(Section):
    """After how many days somebody is warned, and after how many nothing more is published."""

    warn: int = Field(ge=0, le=3660)
    fail: int = Field(ge=0, le=3660)

    @model_validator(mode="after")
    def _warned_first(self) -> Days:
        if self.fail < self.warn:
            raise ValueError("fail får inte vara mindre än warn")
        return self


class Expected(Section):
    """How often a source comes: days since a usable file came, and since the last period that it tells of ended."""

    delivered: Days | None = None
    data: Days | None = None
