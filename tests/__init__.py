"""Tests mirror the folders of the library; `tests.clips` renders what they look at."""
