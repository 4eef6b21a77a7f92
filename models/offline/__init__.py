"""Models that measure the clip instead of perceiving it."""
