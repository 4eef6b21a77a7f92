"""Tests of the prompt templates, their loader and their checks."""
