"""Times as hints show them."""

from __future__ import annotations

from datetime import UTC, datetime

_LAST = 253402300799.0


def clock_time(seconds: float) -> str:
    """Return a time of day as `12:00:03 UTC`."""
    return datetime.fromtimestamp(min(max(seconds, 0.0), _LAST), UTC).strftime("%H:%M:%S UTC")
