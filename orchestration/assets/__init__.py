"""The assets: deliveries, raw tables, the warehouse, the release. They call; they do not compute."""
