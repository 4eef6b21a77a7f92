"""Controls: further ways of asking, which show where a gain comes from."""
