"""The registers that a board follows up with, one per file: risks, assignments, contracts, their measures, principles.

    Excel or CSV  ->  read  ->  followup__internal_control | followup__assignments | followup__contract_reviews |
                                followup__contract_measures | followup__sustainability

Belongs here: what a row of each register is, and cells that are not what they look like. Not here: what changed since
the year before (the warehouse).
"""

from sources.reading import Reading, ReadOptions


def read(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return the one raw table that a file holds; see ``sources.followup.registers.read_register.read_register``."""
    from sources.followup.registers.read_register import read_register

    return read_register(data, file_name, options)
