"""The register of investment projects: which project lies under which category, and when.

    CSV or Excel  ->  read  ->  project__nodes

Belongs here: what makes the tree whole. Not here: which accounts are investments, or any sums (the warehouse).
"""

from sources.reading import Reading, ReadOptions


def read(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return the nodes of one register; see ``sources.project.read_register.read_nodes``."""
    from sources.project.read_register import read_nodes

    return read_nodes(data, file_name, options)
