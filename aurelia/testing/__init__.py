"""For the tests of projects that embed AURELIA; see docs/testing.md. Importing it costs nothing."""
