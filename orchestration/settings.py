"""One settings object from ``bokslut.toml`` and the environment; nothing is read at import.

Belongs here: what an installation decides (who we are, which boards, what a ledger's dimensions mean, thresholds) and
the message when a value cannot be used. Not here: paths (``home``) and what the settings are used for.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator, model_validator

from orchestration.settings_of_releases import Closing, Expected, Query, Releases, Section
from sources.inspection import Caps
from sources.reading import ColumnMeaning

FILE_NAME = "bokslut.toml"
ENVIRONMENT_VARIABLE = "BOKSLUT_CONFIG"

Share = Annotated[float, Field(ge=0, le=1)]
Meaning = Literal["unit", "activity", "project", "counterparty"]
MunicipalityCode = Annotated[str, Field(pattern=r"^\d{4}$")]
KpiCode = Annotated[str, Field(pattern=r"^[A-Z]\d{5}$")]
MailAddress = Annotated[str, Field(pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$")]
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class SettingsError(Exception):
    """The configuration cannot be used; the message (Swedish) names file, key, value and what is accepted."""


class Municipality(Section):
    """Who we are. A ledger with another organisation number is not ours and is rejected."""

    code: str = Field("1489", pattern=r"^\d{4}$")
    name: str = Field("Exempelkommunen", min_length=1)
    organisation_number: str = Field("212000-1553", pattern=r"^\d{6}-\d{4}$")
    time_zone: str = "Europe/Stockholm"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"tidszonen {value!r} finns inte; skriv till exempel Europe/Stockholm") from error
        return value


class Board(Section):
    """A board (nämnd) whose figures the warehouse holds."""

    code: str = Field(pattern=r"^[A-ZÅÄÖ0-9]{1,12}$")
    name: str = Field(min_length=1)


class Ledger(Section):
    """What differs between ledgers: the accounts and dimensions with a local meaning."""

    grant_accounts: tuple[str, ...] = ("8291",)


class LedgerCompany(Section):
    """One company (FORETAG, client) of a ledger system whose extracts are ours.

    ``columns``: what its columns mean, where the system's column map says otherwise. ``organisation_number``: whose
    ledger it is, the municipality's own unless given.
    """

    columns: dict[str, ColumnMeaning] = Field(default_factory=dict)
    amount_unit: Literal["sek", "ore"] = "sek"
    organisation_number: str | None = Field(None, pattern=r"^\d{6}-\d{4}$")


class SourceSettings(Section):
    """Per source: the meaning of its dimensions by name, the companies of its extracts, a forced encoding, how much may
    be quarantined.
    """

    dimensions: dict[str, Meaning] | None = None
    companies: dict[str, LedgerCompany] | None = None
    encoding: Literal["cp437", "utf-8", "latin-1", "cp1252", "utf-16"] | None = None
    max_quarantined_share: Share | None = None


class Thresholds(Section):
    """Limits that stop a delivery or a release."""

    min_share_of_superseded: Share = 0.8
    max_quarantined_share: Share = 0.01


class Staff(Section):
    """How staff is counted, and how large a group of persons must be to be shown; the limits may only be raised.

    A board with fewer employees than ``min_employees_for_decimals`` is told in whole per cent and years.
    """

    hours_per_full_time_year: int = Field(1980, ge=1, le=8784)
    min_group_size: int = Field(10, ge=10, le=10_000)
    min_employees_for_decimals: int = Field(100, ge=100, le=1_000_000)
    min_survey_answers: int = Field(5, ge=5, le=10_000)


class Inbox(Section):
    """How long a file must lie still before it is taken, how large it may be, and what reading it may cost.

    The limits on workbooks may only be lowered: they are what the parser has been tried with. ``max_read_seconds`` and
    ``max_read_memory_mb`` are for one file that is no plain text.
    """

    settle_seconds: float = Field(0.5, ge=0, le=600)
    max_file_mb: int = Field(2_000, ge=1)
    max_workbook_mb: int = Field(50, ge=1, le=50)
    max_unpacked_mb: int = Field(250, ge=1, le=250)
    max_ratio: int = Field(150, ge=2, le=150)
    max_parts: int = Field(1_000, ge=10, le=1_000)
    max_read_seconds: float = Field(300, ge=1, le=3600)
    max_read_memory_mb: int = Field(8_000, ge=500)

    @property
    def caps(self) -> Caps:
        """What a file may be before it is parsed."""
        megabytes = (self.max_file_mb, self.max_workbook_mb, self.max_unpacked_mb)
        file, workbook, unpacked = (each * 1_000_000 for each in megabytes)
        return Caps(file, workbook, unpacked, self.max_ratio, self.max_parts)


class Kolada(Section):
    """What is fetched from Kolada before a night: nothing, and no network, unless ``kpis`` are named.

    ``max_seconds`` is all the time a night gives it; what has been fetched by then is kept for the next one.
    """

    kpis: tuple[KpiCode, ...] = ()
    first_year: int = Field(2019, ge=1970, le=2100)
    url: str = Field("https://api.kolada.se/v3", pattern=r"^https?://[^/?#@]+(/[^?#]*)?$")
    timeout_seconds: float = Field(30, gt=0, le=600)
    max_seconds: float = Field(300, gt=0, le=3600)


class Comparison(Section):
    """Whom we compare with: municipalities by code, and the members of one of Kolada's groups."""

    municipalities: tuple[MunicipalityCode, ...] = ("1440", "1441", "1442", "1463", "1466")
    group: str | None = Field(None, pattern=r"^\w{1,40}$")


class Database(Section):
    """What DuckDB may take of the machine while it builds, audits and publishes.

    ``memory_limit`` is for what it holds in memory at a time; the rest lies on disk beside the build. A night needs
    about 1.5 GB beside it, for Python and for reading. Every thread needs some of the memory; no more are used than
    there are cores.
    """

    memory_limit: str = Field("1500MB", pattern=r"^[1-9]\d*(\.\d+)?\s?[MG]i?B$")
    threads: int = Field(4, ge=1, le=128)


class Mail(Section):
    """Who is told of a night by mail: nobody unless ``host``, the relay, is named. The password has a file of its own.

    ``ui_url`` is where Dagster is reached, for the link to the run.
    """

    host: str | None = Field(None, pattern=r"^[A-Za-z0-9.:-]+$")
    port: int = Field(25, ge=1, le=65535)
    sender: MailAddress | None = None
    recipients: tuple[MailAddress, ...] = ()
    starttls: bool = False
    user: str | None = Field(None, pattern=r"^[!-~]+$")
    timeout_seconds: float = Field(20, gt=0, le=120)
    ui_url: str | None = Field(None, pattern=r"^https?://[^\s?#@]+$")

    @model_validator(mode="after")
    def _can_be_sent(self) -> Mail:
        if self.host and not (self.sender and self.recipients):
            raise ValueError("med host måste också sender och recipients anges")
        if self.host and self.user and not self.starttls and self.host not in _THIS_MACHINE:
            raise ValueError("med user måste starttls vara true, annars går lösenordet i klartext över nätet")
        return self


class Heartbeat(Section):
    """How old the last night that came through, and the release, may be before ``bokslut heartbeat`` raises the alarm.

    A night without news publishes nothing, so the release may be older than the night.
    """

    max_night_hours: float = Field(30, gt=0, le=24 * 366)
    max_release_days: float = Field(40, gt=0, le=3660)


# A budget, a forecast or a register that lacks a row is wrong as a whole: nothing may be set aside from them.
WHOLE_OR_NOT_AT_ALL = ("organisation", "project", "budget", "investment_budget", "forecast", "goal")
# Of ten risks or statements one may be mended while the others are shown; when more than a quarter is wrong the file is
# another one.
_MAX_QUARANTINED_SHARE = {**dict.fromkeys(WHOLE_OR_NOT_AT_ALL, 0.0), "followup": 0.25, "statement": 0.25}


class Settings(Section):
    """Everything an installation decides. Defaults are those of the example municipality."""

    municipality: Municipality = Municipality()
    boards: tuple[Board, ...] = (
        Board(code="KS", name="Kommunstyrelsen"),
        Board(code="SBN", name="Samhällsbyggnadsnämnden"),
    )
    ledger: Ledger = Ledger()
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    thresholds: Thresholds = Thresholds()
    staff: Staff = Staff()
    inbox: Inbox = Inbox()
    kolada: Kolada = Kolada()
    comparison: Comparison = Comparison()
    database: Database = Database()
    mail: Mail = Mail()
    heartbeat: Heartbeat = Heartbeat()
    query: Query = Query()
    releases: Releases = Releases()
    closing: Closing = Closing()
    calendar: dict[str, Expected] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Settings:
        from sources.registry import SOURCES

        codes = [board.code for board in self.boards]
        if not codes:
            raise ValueError("minst en nämnd ([[boards]]) måste anges")
        if len(set(codes)) != len(codes):
            raise ValueError(f"samma nämndkod står flera gånger bland {', '.join(codes)}")
        if strange := sorted({each.board for each in self.closing.reopened if each.board} - set(codes)):
            raise ValueError(f"closing.reopened: okänd nämnd {', '.join(strange)}; kända är {', '.join(codes)}")
        known = {source.code for source in SOURCES}
        if unknown := sorted({*self.sources, *self.calendar} - known):
            raise ValueError(f"okänd källa {', '.join(unknown)}; kända är {', '.join(sorted(known))}")
        return self

    def max_quarantined_share(self, source_code: str) -> float:
        """Return the share of rows that may be set aside before the whole delivery is rejected (0–1)."""
        own = self.sources.get(source_code, SourceSettings()).max_quarantined_share
        if own is not None:
            return own
        return _MAX_QUARANTINED_SHARE.get(source_code, self.thresholds.max_quarantined_share)


def load_settings(path: Path | None = None) -> Settings:
    """Return the settings of ``path``, else of ``BOKSLUT_CONFIG``, else of ``./bokslut.toml``, else the defaults.

    Raises :class:`SettingsError` where a named file is missing, is no TOML, or holds an unknown key or a value that
    cannot be used.
    """
    file, values = _read(path)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(file, problem) for problem in error.errors())) from error


def load_mail(path: Path | None = None) -> Mail:
    """Return whom to tell, also where the other settings cannot be used: that is then what there is to tell of.

    Raises :class:`SettingsError` where the file is missing, is no TOML, or says of mail what cannot be used.
    """
    file, values = _read(path)
    try:
        return Mail.model_validate(values.get("mail", {}))
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(file, problem) for problem in error.errors())) from error


def _read(path: Path | None) -> tuple[Path, dict[str, Any]]:
    """Return the file that the settings are in and what it says: nothing where no file is named and none is there."""
    named = path or (Path(value) if (value := os.environ.get(ENVIRONMENT_VARIABLE)) else None)
    file = named or Path(FILE_NAME)
    if not file.exists():
        if named:
            raise SettingsError(f"{named}: filen finns inte. Rätta {ENVIRONMENT_VARIABLE} eller skapa filen.")
        return file, {}
    try:
        return file, tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: filen är inte giltig TOML ({error}).") from error


def _explain(file: Path, problem: object) -> str:
    assert isinstance(problem, dict)
    key = ".".join(str(part) for part in problem["loc"]) or "(hela filen)"
    if problem["type"] == "extra_forbidden":
        return f"{file}: nyckeln {key} är okänd. Ta bort den eller rätta stavningen."
    return f"{file}: {key} = {problem.get('input')!r} kan inte användas: {problem['msg']}."
