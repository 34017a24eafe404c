"""Logout tokens, and logout everywhere."""
