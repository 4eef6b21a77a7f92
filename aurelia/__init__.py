"""AURELIA."""
