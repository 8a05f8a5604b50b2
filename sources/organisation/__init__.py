"""The register of units: which unit (ansvar) belonged to which parent, board and segment, and when.

    CSV or Excel  ->  read  ->  organisation__units

Belongs here: what makes a register whole. Not here: what units are used for (the warehouse's ``dim_unit``).
"""

from sources.reading import Reading, ReadOptions


def read(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return the units of one register; see ``sources.organisation.read_register.read_units``."""
    from sources.organisation.read_register import read_units

    return read_units(data, file_name, options)
