"""Tests of what `make bench` prints: that it counts right, not how fast it is."""
