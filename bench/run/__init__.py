"""Asking targets about samples under conditions, and what came of it."""
