"""Tenants whose state several processes share."""
