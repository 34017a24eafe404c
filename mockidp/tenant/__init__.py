"""The state of a tenant: its records, settings, stores, keys and time."""
