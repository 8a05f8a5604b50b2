"""What a report says in words: each statement, the figures it speaks of and what it claims of them.

    CSV or Excel  ->  read  ->  statement__claims

Belongs here: what a claim is, and when its own cells make no sense. Not here: which figures there are and whether a
claim holds (the marts ``figure`` and ``statement_check``).
"""

from sources.reading import Reading, ReadOptions


def read(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return the claims of a report's statements; see ``sources.statements.read_claims.read_claims``."""
    from sources.statements.read_claims import read_claims

    return read_claims(data, file_name, options)
