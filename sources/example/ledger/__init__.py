"""The example's general ledger: from a plan to vouchers, balances and a SIE file. Nothing about budgets or units."""
