"""Tests of the offline backend."""
