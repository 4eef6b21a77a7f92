"""Samples from the files that data sets' authors distribute; one importer a file."""
