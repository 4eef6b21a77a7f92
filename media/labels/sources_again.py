"""Temporary stub so that imports work; its owner overwrites this file."""


def count_sources_again(*a, **k):
    return None
