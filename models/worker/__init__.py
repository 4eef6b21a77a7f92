"""A server for models that have no other: one file, run in the model's own environment."""
