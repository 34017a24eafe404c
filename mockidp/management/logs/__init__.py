"""Logs and statistics."""
