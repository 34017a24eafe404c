"""Logout tokens: what apps receive when a session ends, and the delivery."""
