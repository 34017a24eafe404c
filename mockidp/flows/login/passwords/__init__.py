"""Passwords that a person or a client sends, and brute-force protection."""
