"""The house: packaging, layers, imports, documentation."""
