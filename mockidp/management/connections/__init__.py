"""Connections and their SCIM configurations."""
