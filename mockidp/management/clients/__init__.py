"""Clients with their credentials, connections and grants."""
