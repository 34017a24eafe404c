"""The tokens of others that grants exchange for tokens of the tenant."""
