"""The example's files: ledgers, budgets, forecasts and registers in the layouts of their suppliers. No amounts."""
