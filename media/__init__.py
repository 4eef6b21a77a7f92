"""From a file to frames, sound and measured evidence."""
