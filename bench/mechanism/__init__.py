"""The mechanism on rendered clips: what a target gains from r*, and what the critic lets pass."""
