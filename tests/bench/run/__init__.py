"""Running targets under conditions."""
