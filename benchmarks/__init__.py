"""What is fast and how we know it. Run by ``make bench``; never a test."""
