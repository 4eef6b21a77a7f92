"""Samples in, tables out."""
