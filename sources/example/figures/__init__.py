"""The published figures the example reproduces. Nothing invented."""
