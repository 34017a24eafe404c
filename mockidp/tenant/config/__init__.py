"""Tenant files: YAML, JSON and exports as records, with all mistakes and their lines."""
