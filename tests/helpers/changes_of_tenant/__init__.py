"""Requests for every kind of change of a tenant, by operation and by endpoint."""
