"""Replies against ground truth, by answer type."""
