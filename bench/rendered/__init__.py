"""Clips drawn and synthesised from a seed, with exact ground truth."""
