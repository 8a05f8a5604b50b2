"""Database extracts of ledgers (CSV, Parquet, Excel) read into the canonical ledger.

    maps       headers of a system -> our columns; the code string of a company -> unit, activity, project …
    values     text columns -> amounts, dates, codes; what could not be typed
    canonical  typed columns -> the raw tables ``ledger__*``
    reader     the door: which system, which kind of table, whose company
    summary    what one file holds, in numbers

How a file becomes text columns is ``sources.tabular.extract``.

Belongs here: what extracts of any ledger system have in common. Not here: what one system means by its columns
(``sources.ledger.raindance``, ``sources.ledger.unit4``), the SIE format.
"""
