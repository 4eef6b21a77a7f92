"""Rendered clips against what their samples say about them."""
