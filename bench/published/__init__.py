"""Figures that were published, to stand beside measured ones and be marked as such."""
