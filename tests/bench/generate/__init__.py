"""Generation of rollouts over a samples file."""
