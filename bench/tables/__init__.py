"""From scored replies to tables."""
