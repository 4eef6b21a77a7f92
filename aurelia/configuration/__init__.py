"""What an `aurelia.toml` may hold, and how it is found and read; knows no environment."""
