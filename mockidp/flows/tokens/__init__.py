"""Issue access, ID and refresh tokens."""
