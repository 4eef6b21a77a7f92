"""The downstream roles once more, on recorded reasoning."""
