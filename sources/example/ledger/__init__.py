"""The example's general ledger: from a plan to vouchers and balances. Nothing about budgets, units or file formats."""
