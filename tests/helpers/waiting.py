"""Time limits in tests. They do not measure speed."""

FOREVER = 3600.0
"""Seconds for which an operation hangs, unless the code under test ends it."""
SOON = 60.0
"""Seconds: far more than a busy machine needs, and far less than `FOREVER`."""
