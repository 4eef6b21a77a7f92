"""A server on this machine that speaks the providers' protocols, for tests with real clients."""
