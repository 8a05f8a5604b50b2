"""Keep an installation going between the nights.

    leftovers  what a killed run left half done
    reconcile  runs that a power loss or a kill left as if they were still going
    retention  Dagster's old runs and their events
    commands   what systemd's timers and an operator type

Belongs here: the state of Dagster's own storage. Not here: telling people (``alerts``), releases (``publishing``).
"""
