"""The registers that the follow-up is made with: what the board wants, how it is judged, and what is done about it.

Belongs here: what is kept by hand, the goals in one workbook of several sheets and the other registers in a file each.
Not here: results (``sources.indicators``), or anything computed from the registers (the warehouse).
"""
