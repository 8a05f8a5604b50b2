"""From the inbox to a frozen raw snapshot: plain functions that the assets call, no Dagster in them."""
