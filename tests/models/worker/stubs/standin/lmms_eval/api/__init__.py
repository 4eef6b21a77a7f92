"""Stands in for lmms-eval: the names and signatures that its adapter uses, and no model."""
