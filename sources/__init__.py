"""What each supplier sends and how to read it: no orchestration, no SQL, no warehouse."""
