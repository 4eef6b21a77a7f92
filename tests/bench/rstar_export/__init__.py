"""Exported reasoning."""
