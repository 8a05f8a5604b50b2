"""What we accept and what we let out, as Great Expectations suites and the adapter that runs them."""
