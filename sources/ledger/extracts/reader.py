"""The door to extracts: whose file, which system, which table -> ``Reading``.

Belongs here: the company, and which module reads the table. Not here: cells, and what a system means.
"""

from __future__ import annotations

from dataclasses import replace

from sources.ledger import raindance, unit4
from sources.ledger.extracts.canonical import Said, to_reading
from sources.ledger.extracts.maps import NAMES, Layout, code_columns, recognise, refuse_unknown, wanted
from sources.ledger.extracts.table import typed_table
from sources.ledger.extracts.values import Typing, type_texts
from sources.reading import Company, Reading, ReadOptions, Rejected
from sources.tabular.extract import Texts, open_extract
from sources.tabular.values import folded

_SYSTEMS = {"raindance": raindance.READERS, "unit4": unit4.READERS}
_IN_ORE = "ören enligt inställningarna, lästa som kronor"


def read_extract(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return the raw tables of one extract, whichever table of whichever system it is.

    ``part`` is empty for postings; ``headers``, ``names`` and ``budget`` (a file of nothing but plans) do not replace
    postings. Raises ``Rejected`` for what is no extract, for columns that are missing or unknown, for a company that
    is not configured and for a file of several companies.
    """
    file = open_extract(data, file_name, wanted(), encoding=options.encoding)
    layout = recognise(file.headers)
    texts = file.texts(_needed(layout, options))
    code, company = _company(layout, texts, options)
    if layout.kind == NAMES:
        said = raindance.read_dimension(texts, layout, company, file_name)
    else:
        said = _read_table(texts, layout, company, code)
    if len(options.companies) > 1 and code:
        # Several companies under one organisation number do not replace each other's files.
        said.part = f"{said.part} {code}".strip()
    facts = {"system": layout.system.name, "table": layout.kind, **({"company": code} if code else {}), **texts.facts}
    if company.amount_unit == "ore":
        facts["amount_unit"] = _IN_ORE
    return to_reading(said, organisation_number=company.organisation_number, facts=facts)


def _read_table(texts: Texts, layout: Layout, company: Company, code: str) -> Said:
    kind = layout.system.kinds[layout.kind]
    refuse_unknown(layout, company, code or "<kod>")
    codes = code_columns(layout, company, code) if kind.codes else []
    typing = Typing(company.amount_unit, layout.system.no_date)
    table = typed_table(texts, layout.places, kind.columns, codes, typing)
    said = _SYSTEMS[layout.system.name][layout.kind](table, layout, company)
    for column in codes:
        if column.meaning != "other":
            said.facts[column.meaning] = column.header
    return said


def _needed(layout: Layout, options: ReadOptions) -> list[int]:
    """Return the places of the columns that any configured company may need; the rest is never split out."""
    places = set(layout.places.values())
    if layout.kind != NAMES and layout.system.kinds[layout.kind].codes:
        codes = {*layout.system.codes, *(header for each in options.companies.values() for header in each.columns)}
        known = set(map(folded, codes))
        places |= {place for place, header in enumerate(layout.headers) if folded(header) in known}
    return sorted(places)


def _company(layout: Layout, texts: Texts, options: ReadOptions) -> tuple[str, Company]:
    """Return the code and settings of the company the file is of; a table of names may say none, and is everyone's."""
    if "company" not in layout.places:
        return "", _everyone(options)
    cells, _ = type_texts(texts.frame[f"c{layout.places['company']}"], "code", Typing("sek", ()))
    codes = cells.drop_nulls().unique().sort().to_list()
    header = layout.headers[layout.places["company"]]
    if len(codes) != 1:
        found = f"flera företag ({', '.join(codes[:10])})" if codes else "inget företag"
        raise Rejected(f"Filen har {found} i kolumnen {header}; exportera ett företag i taget.")
    if codes[0] not in options.companies:
        raise Rejected(
            f"Företaget {codes[0]} ({header}) finns inte i inställningarna. Välj rätt företag vid exporten, eller lägg "
            f"till [sources.ledger.companies.{codes[0]}] i bokslut.toml."
        )
    return codes[0], options.companies[codes[0]]


def _everyone(options: ReadOptions) -> Company:
    """Return what all companies have decided together."""
    companies = list(options.companies.values())
    numbers = {company.organisation_number for company in companies}
    columns = {header: meaning for company in companies for header, meaning in company.columns.items()}
    return replace(Company(columns), organisation_number=numbers.pop() if len(numbers) == 1 else None)
