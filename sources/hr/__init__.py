"""Staff: employments, absences, scheduled and worked hours, work injuries; no person gets further than this package.

    CSV or Excel  ->  read  ->  hr__employments | hr__absences | hr__scheduled_hours | hr__worked_hours | hr__incidents

Belongs here: what a row of a staff system is, and pseudonyms in place of persons before anything is stored. Not here:
how staff is counted (the warehouse), which groups may be shown (the warehouse), where the key lies (``orchestration``).
"""

from sources.reading import Reading, ReadOptions

#: The fact that tells which key a delivery's pseudonyms were made with.
KEY_FACT = "pseudonym_key"
#: Kinds of tables, in the order they are judged: the later ones are judged beside the earlier.
KINDS = ("employments", "scheduled_hours", "absences", "worked_hours", "incidents")


def read(data: bytes, file_name: str, options: ReadOptions) -> Reading:
    """Return the one raw table that a file holds; see ``sources.hr.read_export.read_staff``."""
    from sources.hr.read_export import read_staff

    return read_staff(data, file_name, options)
