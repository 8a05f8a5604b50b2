"""The registers that the follow-up is made with: what the board wants and how it is judged.

Belongs here: one package per register kept by hand. Not here: results (``sources.indicators``), or anything computed
from the registers (the warehouse).
"""
