"""The accounts that a user has connected at other services (Token Vault)."""
