"""The graph, driven through its public surface with scripted models."""
