"""The pages that a server shows beside its API."""
