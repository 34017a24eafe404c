"""Logins for devices without a browser (RFC 8628)."""
