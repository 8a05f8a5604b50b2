"""The fiscal years of the example and the names of its measures. Nothing else."""

from __future__ import annotations

YEARS = (2022, 2023)
# The day the ledger was exported, as the file itself says (#GEN).
EXPORTED_ON = {2022: "20230120", 2023: "20240122"}
MEASURES = ("budget_2022", "outcome_2022", "budget_2023_original", "budget_2023", "outcome_2023")
EQUITY = "2011"
PRIOR_RESULT = "2012"
BANK = "1941"
