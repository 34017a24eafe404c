"""Times as hints show them."""

from __future__ import annotations

from datetime import UTC, datetime

_LAST = 253402300799.0


def clock_time(seconds: float) -> str:
    """Return a time of day as `12:00:03 UTC`."""
    return _moment(seconds).strftime("%H:%M:%S UTC")


def date_and_time(seconds: float) -> str:
    """Return a moment as `2024-01-31 12:00:03 UTC`."""
    return _moment(seconds).strftime("%Y-%m-%d %H:%M:%S UTC")


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(min(max(seconds, 0.0), _LAST), UTC)
