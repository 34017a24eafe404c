"""Password policies, and hashes of imported passwords."""
