"""The keys with which a tenant signs tokens and links."""
