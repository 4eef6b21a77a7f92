"""Plain records that every layer shares: clips, reasoning, verdicts, trajectories."""
