"""Logout: `/v2/logout` and `/oidc/logout`, and where each may redirect to."""
