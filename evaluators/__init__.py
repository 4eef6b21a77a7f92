"""Critics, which score captions, and scorers, which score answers."""
