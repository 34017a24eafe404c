"""What a tenant knows and remembers: its records, settings, stores, keys and time."""
