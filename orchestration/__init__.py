"""What runs, when and in what order: no parsing, no SQL."""
