"""Results that others measure: Kolada, SCB, and the institutes behind the surveys; every vintage is kept.

    kolada_page   a page of Kolada's answer (v3)        -> values, municipalities, groups
    jsonstat      a table of SCB's (JSON-stat 2, PxWeb) -> values
    result_file   CSV and Excel of the institutes       -> values
    kolada_client, kolada_fetch   fetch the pages that are to be delivered

Belongs here: what a value, its status and its vintage are. Not here: which indicators the board has chosen and what
they are to reach (``sources.followup``), surveys answer by answer (``sources.surveys``).
"""

from sources.reading import Reading, ReadOptions


def read(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return the values of one delivery: a stored page, a table of SCB's or a result file.

    See ``kolada_page.read_page``, ``jsonstat.read_dataset`` and ``result_file.read_results``. Raises ``Rejected`` for
    a file that is none of them, and for one that says nothing of when its values were reported.
    """
    from sources.indicators.documents import is_json, read_document
    from sources.indicators.result_file import read_results

    return read_document(data, file_name) if is_json(data) else read_results(data, file_name, options)
