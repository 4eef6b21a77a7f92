"""Tests of `aurelia.media`."""
