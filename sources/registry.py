"""Every source: what its files are called, what they hold, who reads them and how often they come.

Belongs here: the one table that intake, assets, docs and tests go by. Not here: how a file is read (each source's own
package) or when (orchestration).
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sources.reading import Reading, ReadOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

Sensitivity = Literal["public", "internal", "personal"]
_TABULAR = r"\.(csv|txt|tsv|xlsx|xls|xlsm|xlsb|ods)$"
# A file of another source may well name an institute or a measure: an investment in broadband, a budget for SCB.
_INDICATORS = (
    r"^(?!.*(budget|prognos|projekt|organisation|register|målstyrning|målkort|enkät|enkat)).*"
    r"(kolada|insikt|medborgarundersökning|medborgarundersokning|servicemätning|servicematning|svenskt[_ -]?näringsliv"
    r"|svenskt[_ -]?naringsliv|företagsklimat|foretagsklimat|bredband|scb|pxweb|indikatorvärden|indikatorvarden)"
)
# The systems, and the tables of theirs by name: EK_FAKTA_VERIFIKAT, EK_DIM_OBJ_KONTO, agltransact.
_LEDGER_EXTRACT = r"(raindance|ek_fakta|ek_dim|verifikat|verhuvud|unit4|agresso|agltransact|agldimvalue|aglaccounts)"
# What the tables of a staff system are called; which of them a file holds its headers say.
_STAFF_EXTRACT = (
    r"(anställning|anstallning|frånvaro|franvaro|schematid|arbetad[_ -]?tid|arbetsskad|tillbud|personalsystem)"
)
# The registers kept by hand, each in a file of its own; which of them a file holds its headers say.
_REGISTERS = (
    r"^(?!.*(budget|prognos|projekt|organisation|målregister|malregister|enkät|enkat)).*"
    r"(intern[_ -]?kontroll|uppdrag|avtalsuppföljning|avtalsuppfoljning|avtalsmått|avtalsmatt|hållbarhet|hallbarhet)"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of delivery.

    ``pattern`` is searched in the file name, case-folded. ``tables`` are the raw tables it fills, the first being the
    principal one whose rows are counted; a file may lack some of them. ``module`` has ``read(data, file_name, options)
    -> Reading`` and a submodule ``schema`` with ``SCHEMAS``. ``judged_against`` are the registers (source codes) that
    its rows are looked up in, so they are read before it and it is judged again when they change. An ``optional``
    source may lack every delivery. One that ``needs_key`` stores pseudonyms in place of persons.
    """

    code: str
    title: str
    supplier: str
    pattern: str
    tables: tuple[str, ...]
    module: str
    rhythm: str
    owner: str
    sensitivity: Sensitivity
    judged_against: tuple[str, ...] = ()
    optional: bool = False
    needs_key: bool = False

    def claims(self, file_name: str) -> bool:
        """Tell whether a file of this name is this source's."""
        return re.search(self.pattern, file_name.casefold()) is not None

    def read(self, data: bytes, file_name: str, options: ReadOptions) -> Reading:
        """Read one file; raises ``Rejected`` where it cannot be used at all."""
        reading: Reading = importlib.import_module(self.module).read(data, file_name, options)
        return reading

    def read_file(self, file: Path, file_name: str, options: ReadOptions, take: Callable[[pa.Table], None]) -> Reading:
        """Read one file that may be larger than memory; raises ``Rejected`` where it cannot be used at all.

        A source whose module has ``read_file`` gives rows of its principal table to ``take`` as they come, and the
        reading lacks that table; the others read the file as a whole and ``take`` nothing.
        """
        module = importlib.import_module(self.module)
        if hasattr(module, "read_file"):
            reading: Reading = module.read_file(file, file_name, options, take)
            return reading
        return self.read(file.read_bytes(), file_name, options)

    def schemas(self) -> dict[str, pa.Schema]:
        """Return the raw tables' columns, without ``load_id``."""
        schemas: dict[str, pa.Schema] = importlib.import_module(f"{self.module}.schema").SCHEMAS
        return {table: schemas[table] for table in self.tables}


SOURCES: tuple[Source, ...] = (
    Source(
        code="organisation",
        title="Organisationsregister",
        supplier="ekonomisystemets kodplan",
        pattern=rf"(organisation|ansvarsregister|enhetsregister).*{_TABULAR}",
        tables=("organisation__units",),
        module="sources.organisation",
        rhythm="vid ändring",
        owner="ekonomi",
        sensitivity="public",
    ),
    Source(
        code="project",
        title="Projektregister",
        supplier="investeringsplanen",
        pattern=rf"(projektregister|investeringsprojekt).*{_TABULAR}",
        tables=("project__nodes",),
        module="sources.project",
        rhythm="vid ändring",
        owner="ekonomi",
        sensitivity="public",
        optional=True,
    ),
    Source(
        code="ledger",
        title="Huvudbok",
        supplier="ekonomisystemet (SIE 4, Raindance eller Unit4)",
        pattern=rf"\.(se|si|sie)$|{_LEDGER_EXTRACT}.*(\.parquet$|{_TABULAR})",
        tables=(
            "ledger__postings",
            "ledger__accounts",
            "ledger__dimension_values",
            "ledger__balances",
            "ledger__period_amounts",
            "ledger__forecasts",
            "ledger__voucher_headers",
            "ledger__issues",
        ),
        module="sources.ledger",
        rhythm="varje natt",
        owner="ekonomi",
        sensitivity="internal",
        judged_against=("organisation", "project"),
    ),
    Source(
        code="budget",
        title="Budget",
        supplier="planeringssystemet",
        pattern=rf"(?<!investering)(?<!investerings)(?<!investerings[ _-])budget.*{_TABULAR}",
        tables=("budget__lines",),
        module="sources.budget",
        rhythm="vid beslut",
        owner="ekonomi",
        sensitivity="public",
        judged_against=("organisation",),
    ),
    Source(
        code="investment_budget",
        title="Investeringsbudget",
        supplier="planeringssystemet",
        pattern=rf"investering(s|s[ _-])?budget.*{_TABULAR}",
        tables=("investment_budget__lines",),
        module="sources.investment_budget",
        rhythm="vid beslut",
        owner="ekonomi",
        sensitivity="public",
        judged_against=("project",),
        optional=True,
    ),
    Source(
        code="forecast",
        title="Prognos",
        supplier="uppföljningen",
        pattern=rf"prognos.*{_TABULAR}",
        tables=("forecast__lines",),
        module="sources.forecast",
        rhythm="vid uppföljning",
        owner="ekonomi",
        sensitivity="public",
        optional=True,
    ),
    Source(
        code="goal",
        title="Mål och indikatorer",
        supplier="kvalitetsstrategens målregister",
        pattern=r"(målregister|malregister|målstyrning|malstyrning|målkort|malkort).*\.(xlsx|ods)$",
        tables=("goal__indicators", "goal__goals", "goal__targets", "goal__assessments", "goal__occasions"),
        module="sources.followup.goals",
        rhythm="vid beslut och uppföljning",
        owner="kvalitet",
        sensitivity="public",
        optional=True,
    ),
    Source(
        code="indicator",
        title="Indikatorvärden",
        supplier="Kolada, SCB och de institut som mäter",
        pattern=rf"{_INDICATORS}.*(\.json$|{_TABULAR})",
        tables=("indicator__values", "indicator__municipalities", "indicator__group_members"),
        module="sources.indicators",
        rhythm="när de publiceras",
        owner="kvalitet",
        sensitivity="public",
        judged_against=("goal",),
        optional=True,
    ),
    Source(
        code="followup",
        title="Uppföljningsregister",
        supplier="de register som förs för hand: internkontroll, uppdrag, avtal, hållbarhet",
        pattern=rf"{_REGISTERS}.*{_TABULAR}",
        tables=(
            "followup__internal_control",
            "followup__assignments",
            "followup__contract_reviews",
            "followup__contract_measures",
            "followup__sustainability",
        ),
        module="sources.followup.registers",
        rhythm="vid uppföljning",
        owner="kvalitet",
        sensitivity="internal",
        optional=True,
    ),
    Source(
        code="hr",
        title="Personal",
        supplier="personalsystemet",
        pattern=rf"{_STAFF_EXTRACT}.*{_TABULAR}",
        tables=("hr__employments", "hr__absences", "hr__scheduled_hours", "hr__worked_hours", "hr__incidents"),
        module="sources.hr",
        rhythm="varje månad",
        owner="hr",
        sensitivity="personal",
        judged_against=("organisation",),
        optional=True,
        needs_key=True,
    ),
    Source(
        code="statement",
        title="Påståenden",
        supplier="den som granskar rapporten",
        pattern=rf"(påstående|pastaende).*{_TABULAR}",
        tables=("statement__claims",),
        module="sources.statements",
        rhythm="när en rapport är skriven",
        owner="ekonomi",
        sensitivity="public",
        optional=True,
    ),
    Source(
        code="survey",
        title="Enkäter",
        supplier="enkätverktyget",
        pattern=rf"(enkät|enkat|puls|svarsfil).*{_TABULAR}",
        tables=("survey__answers", "survey__questions"),
        module="sources.surveys",
        rhythm="fyra gånger om året",
        owner="kvalitet",
        sensitivity="personal",
        judged_against=("organisation",),
        optional=True,
    ),
)


def source_by_code(code: str) -> Source:
    """Return one source; raises ``KeyError`` naming the known ones."""
    for source in SOURCES:
        if source.code == code:
            return source
    raise KeyError(f"no source {code!r}; known are {', '.join(source.code for source in SOURCES)}")


def claimants(file_name: str) -> list[Source]:
    """Return every source that says a file of this name is its own (exactly one is right)."""
    return [source for source in SOURCES if source.claims(file_name)]
