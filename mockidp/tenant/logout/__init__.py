"""Logout tokens: what apps are told when a session ends, and how it is delivered."""
