"""Limits of waiting in tests. Neither is a measure of speed."""

FOREVER = 3600.0
"""Seconds for which something hangs, unless the code under test ends it."""
SOON = 60.0
"""Seconds: far more than a busy machine needs, and far less than `FOREVER`."""
