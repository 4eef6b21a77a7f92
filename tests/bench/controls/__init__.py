"""Controls of the benchmark, as a run asks them."""
