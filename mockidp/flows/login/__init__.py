"""The hosted login: a list of steps from an authorization request to its response."""
