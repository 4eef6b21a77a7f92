"""Temporary stub so that imports work; its owner overwrites this file."""
def flags_shown_again(*a, **k): return ()
