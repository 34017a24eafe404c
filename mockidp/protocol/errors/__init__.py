"""Refusals: Auth0's messages, and the hints beside them."""
