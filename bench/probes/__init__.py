"""Probes of samples' clips: which one, and whose sound another clip gets."""
