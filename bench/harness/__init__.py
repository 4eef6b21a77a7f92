"""Other evaluation harnesses: tasks that they can run, and what they logged."""
