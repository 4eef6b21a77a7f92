"""Targets that are known by name: how each is served and asked. The data is in `data/*.toml`."""
