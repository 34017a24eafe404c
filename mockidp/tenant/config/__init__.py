"""Tenant files: YAML or JSON into records, with all mistakes at once, each with its place."""
