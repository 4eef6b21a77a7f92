"""The examples run, offline, and do what they say."""
